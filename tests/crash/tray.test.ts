// The server is killed again and again while devices propose. Whatever is killed when: each proposal is answered
// exactly once, no honest device is taken for a forger, and every replica ends in the same bytes.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { bookName, trayName } from '../../shared/documents.ts';
import { type Intent, TRAY_ROOT } from '../../shared/intents.ts';
import { DEFAULT_RULES } from '../../sync-server/ledger/decide.ts';
import { openLedger } from '../../sync-server/ledger/open.ts';
import { project } from '../../sync-server/sync/project.ts';
import { type Device, headOf, open, sha, soon } from '../scenarios/lib/device.ts';
import { call } from '../tools/harness/api.ts';
import { type ServerProcess, startServerProcess } from '../tools/harness/server.ts';

const DEVICES = 3;
const PROPOSALS = 60;
const KILLS = 6;
/** Middle pause between two proposals of a device: they go on for as long as the killing does. */
const PAUSE_MS = 130;
const SEED = 20_260_101;

let server: ServerProcess;

beforeAll(async () => {
  server = await startServerProcess({ RATE_LIMITS: 'off' });
});
afterAll(() => server.dispose());

/** A linear congruential generator: whole numbers below a bound, the same for the same seed. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

interface Pair {
  name: string;
  book: Device;
  tray: Device;
}

async function signIn(apiKey: string, name: string): Promise<string> {
  const { body } = await call(server.url, '/auth/token', apiKey, {
    api_key: apiKey,
    device: { id: name, name },
  });
  return String(body['access_token']);
}

/** Every third proposal is one that must be refused: refusals are written once, too. */
function proposal(device: string, index: number): Intent {
  const envelope = { id: `${device}-${String(index).padStart(16, '0')}`, at: index };
  return index % 3 === 0
    ? { ...envelope, kind: 'withdrawal.request', body: { amount: '1000', wallet_address: '0xabc' } }
    : { ...envelope, kind: 'profile.set', body: { name: `${device} ${index + 1}` } };
}

test('kill -9 between and within proposals loses none and doubles none', async () => {
  const random = seeded(SEED);
  const { account_id: account, api_key: apiKey } = await server.createAccount('Crash');
  const address = `ws://127.0.0.1:${server.port}/sync`;
  const pairs = await Promise.all(
    Array.from({ length: DEVICES }, async (_, index): Promise<Pair> => {
      const name = `device-${index}`;
      const token = await signIn(apiKey, name);
      const book = open(address, bookName(account), token);
      return { name, book, tray: open(address, trayName(account, name), token, { over: book }) };
    }),
  );
  const proposed: Intent[] = [];
  const propose = async ({ name, tray }: Pair) => {
    for (let index = 0; index < PROPOSALS; index += 1) {
      const one = proposal(name, index);
      proposed.push(one);
      tray.doc.getArray(TRAY_ROOT).push([one]);
      await sleep(random(2 * PAUSE_MS));
    }
  };
  const crash = async () => {
    for (let count = 0; count < KILLS; count += 1) {
      await sleep(100 + random(400));
      await server.kill();
      await server.start();
    }
  };
  await Promise.all([crash(), ...pairs.map(propose)]);
  const isEmpty = ({ tray }: Pair) => tray.provider.isSynced && tray.doc.getArray(TRAY_ROOT).length === 0;
  await soon('all trays are empty', () => pairs.every(isEmpty), 30_000);
  const level = () => new Set(pairs.map(({ book }) => headOf(book.doc)?.seq)).size === 1;
  await soon(
    'all books are level',
    () => pairs.every(({ book }) => book.provider.isSynced) && level(),
    30_000,
  );

  await server.kill();
  const ledger = await openLedger({
    dataDir: server.dataDir,
    clock: { now: () => Date.now() },
    rules: DEFAULT_RULES,
  });
  const rows = await ledger.journal(account, 0, 100_000);
  await ledger.close();
  const answers = rows.flatMap(({ patch }) => (patch.answers ? [patch.answers.intent] : []));
  expect(answers.toSorted()).toEqual(proposed.map(({ id }) => id).toSorted());
  const refused = rows.flatMap(({ patch }) =>
    patch.recent?.type === 'refused' ? [patch.recent.intent] : [],
  );
  expect(new Set(refused).size).toBe(refused.length);
  expect(refused).toHaveLength(DEVICES * (PROPOSALS / 3));

  const fold = new Y.Doc();
  project(fold, rows);
  for (const { book, tray } of pairs) {
    expect(sha(book.doc)).toBe(sha(fold));
    expect(book.acks).not.toContain(false);
    expect(book.closes.length).toBeGreaterThanOrEqual(KILLS);
    const reasons = [...book.closes, ...tray.closes].map(({ reason }) => reason);
    expect(reasons.filter((reason) => reason.startsWith('refused'))).toEqual([]);
    tray[Symbol.dispose]();
    book[Symbol.dispose]();
  }
});
