// Rows that say who may do what, changed as a disk might change them: nobody gets a right by it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import type { Ledger } from '../ledger/ledger.ts';
import { openLedger } from '../ledger/open.ts';
import { DEFAULT_RULES } from '../ledger/rules.ts';
import { StorageError } from '../ledger/storage/database.ts';
import { brokenRows } from '../ledger/storage/row-sum.ts';
import { createIdentity, type Identity } from './identity.ts';

const clock = { now: () => Date.UTC(2026, 5, 1) };

async function open(dataDir: string): Promise<{ ledger: Ledger; identity: Identity }> {
  const ledger = await openLedger({ dataDir, clock, rules: DEFAULT_RULES });
  onTestFinished(() => ledger.close());
  const { database, events } = ledger;
  return {
    ledger,
    identity: await createIdentity({ database, events, clock, secretsKey: Buffer.alloc(32) }),
  };
}

/** A service with a cap, a key that was revoked, and a signed-in device; then one value is changed. */
async function changed(sql: string) {
  const dataDir = mkdtempSync(join(tmpdir(), 'glance-identity-rows-'));
  const file = join(dataDir, 'glance.sqlite');
  const before = await open(dataDir);
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const { principals } = before.identity;
  const vm = await principals.create({ name: 'Vm', scope: 'service', services: ['vm'], cap: '10' });
  const gone = await principals.create({ name: 'Gone', scope: 'finance' });
  await before.identity.revoke(gone.principal.id);
  const ann = await principals.create({ name: 'Ann', scope: 'account' });
  const tokens = await before.identity.signIn(ann.apiKey, { name: 'Laptop' });
  // Both kinds of row are written on, too.
  const { accessToken, refreshToken } = await before.identity.refresh(tokens.refreshToken);
  const renewed = await before.identity.rotate(vm.principal.id);
  await before.ledger.close();
  const db = new DatabaseSync(file);
  expect(brokenRows(db, 5)).toEqual([]);
  db.exec('DROP TRIGGER principal_changed; DROP TRIGGER session_changed');
  expect(Number(db.prepare(sql).run().changes)).toBe(1);
  expect(brokenRows(db, 5)).toHaveLength(1);
  db.close();
  const after = await open(dataDir);
  const told: string[] = [];
  after.ledger.events.on('damaged', ({ message }) => told.push(message));
  return { ...after, told, vm: renewed, gone, ann, accessToken, refreshToken };
}
type Life = Awaited<ReturnType<typeof changed>>;

const CASES: [what: string, sql: string, ask: (life: Life) => Promise<unknown>][] = [
  [
    'the most a service may move',
    "UPDATE principal SET cap = cap + 16777216 WHERE scope = 'service'",
    ({ identity, vm }) => identity.verify(vm.apiKey),
  ],
  [
    'what a service is for',
    `UPDATE principal SET services = '["ray"]' WHERE scope = 'service'`,
    ({ identity, vm }) => identity.verify(vm.apiKey),
  ],
  [
    'that a key was revoked',
    "UPDATE principal SET revoked_at = NULL WHERE scope = 'finance'",
    ({ identity, gone }) => identity.verify(gone.apiKey),
  ],
  [
    'whose account a key opens',
    "UPDATE principal SET account = 'someone-else' WHERE scope = 'account'",
    ({ identity, ann }) => identity.signIn(ann.apiKey, { name: 'Phone' }),
  ],
  [
    'whose account a device reads',
    "UPDATE session SET account = 'someone-else'",
    ({ identity, accessToken }) => identity.verify(accessToken),
  ],
  [
    'whose a session is, when it goes on',
    "UPDATE session SET device = 'another'",
    ({ identity, refreshToken }) => identity.refresh(refreshToken),
  ],
  [
    'what is known of a principal, when its key is changed',
    "UPDATE principal SET scope = 'admin' WHERE scope = 'service'",
    ({ identity, vm }) => identity.rotate(vm.principal.id),
  ],
];

test.each(CASES)('%s, changed on the disk, gives no right', async (_what, sql, ask) => {
  const life = await changed(sql);
  await expect(ask(life)).rejects.toThrow(/damaged: a row of (principal|session)/);
  expect(life.told).toHaveLength(1);
  const grant = { kind: 'account.open', name: 'Eve' } as const;
  const actor = { principal: 'system', scope: 'system' } as const;
  await expect(life.ledger.settle({ account: 'e', actor, command: grant })).rejects.toBeInstanceOf(
    StorageError,
  );
});
