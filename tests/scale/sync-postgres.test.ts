// Two whole servers on one PostgreSQL, and devices on both: one book, the same bytes everywhere, nothing twice.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NO_HASH } from '../../shared/chain.ts';
import { bookName, pageName, trayName } from '../../shared/documents.ts';
import { TRAY_ROOT } from '../../shared/intents.ts';
import { type ChainedEntry, EntryProof, proveEntry } from '../../shared/proof.ts';
import { PAGE_SIZE, verifyPage } from '../../shared/verify.ts';
import { readConfig } from '../../sync-server/config.ts';
import { registryOf } from '../../sync-server/identity/accounts.ts';
import { createLog } from '../../sync-server/log.ts';
import { type RunningServer, startServer } from '../../sync-server/server.ts';
import { type Device, headOf, open, sha, soon } from '../scenarios/lib/device.ts';
import { addEntries } from '../scenarios/lib/history.ts';
import { call } from '../tools/harness/api.ts';
import { type Cluster, startPostgres } from '../tools/postgres.ts';

let cluster: Cluster;
let dirs: string[];
let one: RunningServer;
let two: RunningServer;

beforeAll(async () => {
  cluster = await startPostgres();
  const env = {
    DATABASE_URL: await cluster.createDatabase(),
    PORT: '0',
    PAYMENT_WEBHOOK_SECRET: `whsec_${randomBytes(32).toString('base64')}`,
    SECRETS_KEY: randomBytes(32).toString('base64'),
  };
  dirs = await Promise.all([1, 2].map(() => mkdtemp(join(tmpdir(), 'glance-two-'))));
  const start = (DATA_DIR = '') =>
    startServer({ config: readConfig({ ...env, DATA_DIR }), log: createLog('silent') });
  [one, two] = await Promise.all([start(dirs[0]), start(dirs[1])]);
});
afterAll(async () => {
  await Promise.all([one.stop(), two.stop()]);
  await cluster.stop();
  await Promise.all(dirs.map((dir) => rm(dir, { recursive: true, force: true })));
});

const addressOf = ({ port }: RunningServer) => `ws://127.0.0.1:${port}/sync`;

async function person() {
  const asked = { name: 'Ann', scope: 'account', services: [] } as const;
  const { principal, apiKey } = await registryOf(one.ledger, one.identity).register({
    ...asked,
    services: [],
  });
  const account = principal.account ?? '';
  return {
    account,
    principal: principal.id,
    apiKey,
    signIn: async (device: string) =>
      (await one.identity.signIn(apiKey, { id: device, name: device })).accessToken,
  };
}

const proposal = (device: string, index: number) => ({
  id: `${device}-${String(index).padStart(12, '0')}`,
  kind: 'purchase.start',
  at: index,
  body: { amount: String(index + 1), method: 'usdc' },
});

test('devices on both servers propose at once: each proposal is one row, both books are the same bytes', async () => {
  const { account, signIn } = await person();
  const devices = await Promise.all(
    [one, two, one, two].map(async (server, index) => {
      const device = `device-${index}`;
      const token = await signIn(device);
      const book = open(addressOf(server), bookName(account), token);
      const tray = open(addressOf(server), trayName(account, device), token, { over: book });
      return { device, book, tray };
    }),
  );
  const isHere = ({ provider }: Device) => provider.isSynced;
  await soon('all are here', () => devices.every(({ book, tray }) => isHere(book) && isHere(tray)));
  for (let index = 0; index < 25; index += 1) {
    for (const { device, tray } of devices) tray.doc.getArray(TRAY_ROOT).push([proposal(device, index)]);
    await new Promise(setImmediate);
  }
  await soon('all trays are empty', () =>
    devices.every(({ tray }) => tray.doc.getArray(TRAY_ROOT).length === 0),
  );
  const rows = await two.ledger.journal(account, 0, 10_000);
  const answered = rows.flatMap(({ patch }) => (patch.answers ? [patch.answers.intent] : []));
  expect(answered).toHaveLength(100);
  expect(new Set(answered).size).toBe(100);
  await soon('all books are level', () => devices.every(({ book }) => headOf(book.doc)?.seq === rows.length));
  expect(new Set(devices.map(({ book }) => sha(book.doc))).size).toBe(1);
  for (const { book, tray } of devices) {
    expect([...book.closes, ...tray.closes]).toEqual([]);
    tray[Symbol.dispose]();
    book[Symbol.dispose]();
  }
});

test('a commit on one server reaches the book that is open on the other', async () => {
  const { account, signIn } = await person();
  using book = open(addressOf(two), bookName(account), await signIn('laptop'));
  await soon('the book is here', () => book.provider.isSynced);
  const { seq } = await one.ledger.settle({
    account,
    actor: { principal: 'system', scope: 'system' },
    command: { kind: 'purchase.start', amount: 5_000_000n, method: 'usdc' },
    key: 'commit-on-one-0001',
  });
  const at = performance.now();
  await soon('the hint arrives', () => headOf(book.doc)?.seq === seq);
  // By the hint, not by the poll of the open books.
  expect(performance.now() - at).toBeLessThan(2_000);
});

test('a session revoked on one server loses its socket on the other within a second', async () => {
  const { account, signIn } = await person();
  using kept = open(addressOf(two), bookName(account), await signIn('laptop'));
  using lost = open(addressOf(two), bookName(account), await signIn('stolen'));
  await soon('both are here', () => kept.provider.isSynced && lost.provider.isSynced);
  const session = (await one.identity.listSessions(account)).find(({ device }) => device === 'stolen');
  await one.identity.revokeSession(session?.id ?? '');
  const at = performance.now();
  await soon('the socket closes', () => lost.closes.some(({ code }) => code === 4401), 3_000);
  expect(performance.now() - at).toBeLessThan(1_000);
  expect(kept.closes).toEqual([]);
});

test('a page has the same bytes on both servers, follows both, and its chain, proofs and answers hold', async () => {
  const ann = await person();
  await addEntries({ running: one }, ann, PAGE_SIZE + 20);
  const pages = await Promise.all(
    [one, two].map(async (server, index) => {
      const token = await ann.signIn(`device-${index}`);
      const sealed = open(addressOf(server), pageName(ann.account, 0), token);
      return { sealed, running: open(addressOf(server), pageName(ann.account, 1), token, { over: sealed }) };
    }),
  );
  const entries = ({ doc }: Device) => doc.getArray<ChainedEntry>('entries').toArray();
  const isHere = (count: number) =>
    pages.every(
      ({ sealed, running }) => entries(sealed).length === PAGE_SIZE && entries(running).length === count,
    );
  await soon('the pages are here', () => isHere(20));
  await addEntries({ running: two }, ann, 5);
  await soon('they go on', () => isHere(25));
  expect(new Set(pages.map(({ sealed }) => sha(sealed.doc))).size).toBe(1);
  expect(new Set(pages.map(({ running }) => sha(running.doc))).size).toBe(1);
  const [first] = pages;
  if (!first) throw new Error('There is no page.');
  const all = entries(first.sealed);
  expect((await verifyPage({ k: 0, prev: NO_HASH }, all)).ok).toBe(true);
  expect((await verifyPage({ k: 1, prev: all.at(-1)?.hash ?? '' }, entries(first.running))).ok).toBe(true);

  const { id, intent } = all[250] ?? { id: '', intent: '' };
  const proof = await call(two.url, `/credits/transactions/${id}/proof`, ann.apiKey);
  expect(await proveEntry(EntryProof.parse(proof.body))).toBe(true);
  const answer = await call(two.url, `/intents/${intent}`, ann.apiKey);
  expect(answer.body).toMatchObject({ intent, code: 'withdrawal_not_found', entry: { id, n: 251 } });
  for (const { sealed, running } of pages) {
    running[Symbol.dispose]();
    sealed[Symbol.dispose]();
  }
});
