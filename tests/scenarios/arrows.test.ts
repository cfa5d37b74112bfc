// The arrow check must really find what it promises: each row plants one wrong import in a small copy of the house.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const CRUISER = resolve('node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
const CONFIG = resolve('.dependency-cruiser.cjs');

// One file per room, with every import that the house allows.
const HOUSE: Record<string, string> = {
  'shared/money.ts': `import * as z from 'zod/mini'; export const Amount = z.string(); export type Micros = bigint;`,
  'sync-server/ledger/ledger.ts': `import type { Micros } from '../../shared/money.ts'; export type Ledger = Micros;`,
  'sync-server/sync/sync.ts': `import type { Ledger } from '../ledger/ledger.ts'; export type Sync = Ledger;`,
  'sync-server/api/api.ts': `import type { Ledger } from '../ledger/ledger.ts'; export type Api = Ledger;`,
  'extension/replica/replica.ts': `import * as Y from 'yjs'; export const doc = new Y.Doc();`,
  'extension/view/snapshot.ts': `import { Amount } from '../../shared/money.ts'; export const shown = Amount;`,
  'extension/features/balance/balance.tsx': `import { shown } from '../../view/snapshot.ts'; export const Balance = () => <p>{String(shown)}</p>;`,
  'extension/entrypoints/background.ts': `import { doc } from '../replica/replica.ts'; export const run = doc;`,
  'extension/entrypoints/popup/main.tsx': `import { Balance } from '../../features/balance/balance.tsx'; export const page = <Balance />;`,
};

let house: string;

beforeEach(() => {
  house = mkdtempSync(join(tmpdir(), 'arrows-'));
  symlinkSync(resolve('node_modules'), join(house, 'node_modules'));
  for (const [path, text] of Object.entries(HOUSE)) plant(path, text);
});

afterEach(() => rmSync(house, { recursive: true, force: true }));

function plant(path: string, text: string): void {
  mkdirSync(dirname(join(house, path)), { recursive: true });
  writeFileSync(join(house, path), `${text}\n`);
}

function cruise(): { code: number | null; output: string } {
  const args = [CRUISER, '--config', CONFIG, 'shared', 'sync-server', 'extension'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: house, encoding: 'utf8' });
  return { code: status, output: stdout + stderr };
}

test('the allowed imports pass, and every file is read', () => {
  const { code, output } = cruise();
  expect(output).toContain('no dependency violations found');
  // Nine files, zod and yjs: fewer would mean that the parser does not see TypeScript.
  expect(output).toMatch(/\(11 modules, 9 dependencies cruised\)/);
  expect(code).toBe(0);
});

test.for([
  [
    'ledger to sync, by type only',
    'sync-server/ledger/a.ts',
    `import type { Sync } from '../sync/sync.ts'; export type A = Sync;`,
    'arrow ^sync-server/ledger/',
  ],
  [
    'api to sync',
    'sync-server/api/a.ts',
    `export type { Sync } from '../sync/sync.ts';`,
    'arrow ^sync-server/api/',
  ],
  [
    'shared to a room',
    'shared/a.ts',
    `import type { Ledger } from '../sync-server/ledger/ledger.ts'; export type A = Ledger;`,
    'arrow ^shared/',
  ],
  [
    'shared to node',
    'shared/a.ts',
    `import { readFileSync } from 'node:fs'; export const a = readFileSync;`,
    'shared imports zod only',
  ],
  [
    'a feature to the replica, lazily, in TSX',
    'extension/features/a.tsx',
    `export const A = () => { void import('../replica/replica.ts'); return <p />; };`,
    'arrow ^extension/features/',
  ],
  [
    'a page to the CRDT',
    'extension/entrypoints/popup/a.ts',
    `import type { Doc } from 'yjs'; export type A = Doc;`,
    'the CRDT stays in the replica',
  ],
  [
    'the extension to the server',
    'extension/view/a.ts',
    `import type { Ledger } from '../../sync-server/ledger/ledger.ts'; export type A = Ledger;`,
    'arrow ^extension/view/',
  ],
  [
    'a package that is not there',
    'shared/a.ts',
    `import a from 'not-installed'; export const b = a;`,
    'no unresolved import',
  ],
] as const)('refused: %s', ([, path, text, rule]) => {
  plant(path, text);
  const { code, output } = cruise();
  expect(output).toContain(`error ${rule}`);
  expect(code).not.toBe(0);
});

test('a circle is refused, also when it is made of types alone', () => {
  plant('shared/a.ts', `import type { B } from './b.ts'; export type A = B | 1;`);
  plant('shared/b.ts', `import type { A } from './a.ts'; export type B = A[];`);
  const { code, output } = cruise();
  expect(output).toContain('error no-circles');
  expect(code).not.toBe(0);
});
