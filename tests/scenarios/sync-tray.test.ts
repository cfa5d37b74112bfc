// The tray on the real protocol: what a device proposes settles exactly once, and is answered in the book.
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import type { Answer, Purchase } from '../../shared/account.ts';
import { bookName, trayName } from '../../shared/documents.ts';
import { type Intent, TRAY_ROOT } from '../../shared/intents.ts';
import { LedgerFault, StorageError } from '../../sync-server/ledger/storage/database.ts';
import { creditsOf, type Device, entriesOf, open, RawDevice, sha, soon } from './lib/device.ts';
import {
  fund,
  type Person,
  register,
  signIn,
  startTestServer,
  syncWith,
  type TestServer,
} from './lib/server.ts';

let server: TestServer;
let ann: Person;

beforeAll(async () => {
  server = await startTestServer();
  ann = await register(server, 'Ann');
  await fund(server, ann, 100n);
});
afterAll(() => server[Symbol.asyncDispose]());

let proposals = 0;
function intent(kind: string, body: Record<string, unknown>): Intent {
  proposals += 1;
  return {
    id: `intent-${String(proposals).padStart(12, '0')}`,
    kind,
    at: 1_767_225_600_000 + proposals,
    body,
  };
}
const purchase = (amount: string) => intent('purchase.start', { amount, method: 'usdc' });
const withdrawal = (amount: string) =>
  intent('withdrawal.request', { amount, wallet_address: '0x52908400098527886E0F7030069857D2E4169EE7' });

const waiting = (doc: Y.Doc) => doc.getArray<Intent>(TRAY_ROOT);
const answersOf = (doc: Y.Doc) => doc.getMap<Answer[]>('answers').get('value') ?? [];
const answerTo = (doc: Y.Doc, { id }: Intent) => answersOf(doc).find((answer) => answer.intent === id);
const emptied = (device: Device) =>
  soon('the tray is empty', () => device.provider.isSynced && waiting(device.doc).length === 0);

/** Everything the journal says about a proposal. */
async function written({ running }: TestServer, person: Person, { id }: Intent) {
  const rows = await running.ledger.journal(person.account, 0, 10_000);
  return {
    answers: rows.filter(({ patch }) => patch.answers?.intent === id).length,
    entries: rows.filter(({ patch }) => patch.recent?.intent === id).length,
  };
}

test('a proposal settles and leaves the tray, its answer stands in the book', async () => {
  const token = await signIn(server, ann, 'laptop');
  using book = open(server.sync, bookName(ann.account), token);
  using tray = open(server.sync, trayName(ann.account, 'laptop'), token, { over: book });
  await soon('both are here', () => book.provider.isSynced && tray.provider.isSynced);
  const buy = purchase('25');
  const out = withdrawal('40');
  waiting(tray.doc).push([buy, out]);
  await soon('both are answered', () => answerTo(book.doc, buy) && answerTo(book.doc, out));
  await emptied(tray);
  expect(answerTo(book.doc, buy)?.code).toBeUndefined();
  expect(book.doc.getMap<Purchase[]>('purchases').get('value')).toContainEqual(
    expect.objectContaining({ status: 'pending', method: 'usdc', credits: '25', total: '25' }),
  );
  expect(creditsOf(book.doc)).toMatchObject({ balance: '100', available: '60', reserved: '40' });
});

test('what cannot be is refused with its reason, each once, and holds up nothing', async () => {
  const token = await signIn(server, ann, 'laptop');
  using book = open(server.sync, bookName(ann.account), token);
  using tray = open(server.sync, trayName(ann.account, 'laptop'), token, { over: book });
  const cases: [Intent, string | undefined][] = [
    [withdrawal('1000'), 'insufficient_credits'],
    [intent('grant', { amount: '1000' }), 'invalid_request'],
    [intent('purchase.start', { amount: '10', method: 'cash' }), 'invalid_request'],
    [intent('purchase.start', { amount: 10, method: 'usdc' }), 'invalid_amount'],
    [purchase('0.5'), 'amount_below_minimum'],
    [purchase('0.0000001'), 'amount_precision'],
    [intent('withdrawal.cancel', { id: 'none-of-ours' }), 'withdrawal_not_found'],
    [purchase('11'), undefined],
  ];
  waiting(tray.doc).push(cases.map(([one]) => one));
  await soon('all are answered', () => cases.every(([one]) => answerTo(book.doc, one)));
  await emptied(tray);
  for (const [one, code] of cases) {
    expect({ kind: one.kind, code: answerTo(book.doc, one)?.code }).toEqual({ kind: one.kind, code });
    expect(await written(server, ann, one)).toEqual({ answers: 1, entries: code ? 1 : 0 });
  }
  expect(
    entriesOf(book.doc)
      .filter(({ type }) => type === 'refused')
      .every(({ amount }) => amount === '0'),
  ).toBe(true);
});

test('what was proposed offline, in two sessions, settles once when the server is there', async () => {
  const person = await register(server, 'Olga');
  const first = new Y.Doc();
  const all = Array.from({ length: 21 }, (_, index) => purchase(String(index + 1)));
  waiting(first).push(all.slice(0, 10));
  const second = new Y.Doc();
  Y.applyUpdate(second, Y.encodeStateAsUpdate(first));
  for (const one of all.slice(10)) waiting(second).push([one]);
  const name = trayName(person.account, 'laptop');
  const token = await signIn(server, person, 'laptop');
  using tray = open(server.sync, name, token, { doc: second });
  await emptied(tray);
  // The same device restored from a backup of its first session: everything in it was answered long ago.
  using restored = open(server.sync, name, token, { doc: first });
  await emptied(restored);
  const rows = await server.running.ledger.journal(person.account, 0, 10_000);
  expect(rows.filter(({ patch }) => patch.answers).map(({ patch }) => patch.answers?.intent)).toEqual(
    all.map(({ id }) => id),
  );
});

test('the same id with another body: the first answer stands', async () => {
  const token = await signIn(server, ann, 'laptop');
  const good = purchase('30');
  const bad = { ...good, body: { amount: '30000', method: 'usdc' } };
  using first = open(server.sync, trayName(ann.account, 'laptop'), token);
  waiting(first.doc).push([good]);
  await emptied(first);
  waiting(first.doc).push([bad]);
  await emptied(first);
  expect(await written(server, ann, good)).toEqual({ answers: 1, entries: 0 });
  const rows = await server.running.ledger.journal(ann.account, 0, 10_000);
  expect(rows.some(({ patch }) => patch.purchases?.credits === '30000')).toBe(false);
});

test('two sockets of one device that propose at once settle each proposal once', async () => {
  const token = await signIn(server, ann, 'laptop');
  const name = trayName(ann.account, 'laptop');
  using one = open(server.sync, name, token);
  using two = open(server.sync, name, token);
  await soon('both are here', () => one.provider.isSynced && two.provider.isSynced);
  const all = Array.from({ length: 40 }, (_, index) => purchase(String(index + 1)));
  for (const [index, proposal] of all.entries()) waiting((index % 2 ? one : two).doc).push([proposal]);
  await Promise.all([emptied(one), emptied(two)]);
  for (const proposal of all)
    expect(await written(server, ann, proposal)).toEqual({ answers: 1, entries: 0 });
  expect([...one.closes, ...two.closes]).toEqual([]);
});

test('a proposal that a restart interrupts is handed in again by itself', async () => {
  const token = await signIn(server, ann, 'laptop');
  using tray = open(server.sync, trayName(ann.account, 'laptop'), token);
  await emptied(tray);
  const late = purchase('12');
  await server.restart(() => waiting(tray.doc).push([late]));
  await emptied(tray);
  expect(await written(server, ann, late)).toEqual({ answers: 1, entries: 0 });
});

test('an update that overtook the handshake is asked for again, and nothing is lost', async () => {
  const token = await signIn(server, ann, 'laptop');
  const name = trayName(ann.account, 'laptop');
  const [first, second] = [purchase('41'), purchase('42')];
  const doc = new Y.Doc();
  waiting(doc).push([first]);
  const known = Y.encodeStateVector(doc);
  waiting(doc).push([second]);
  using device = await new RawDevice(server.sync).opened();
  device.authenticate(name, token);
  await soon('the tray is open', () => device.received.some(({ type }) => type === 2));
  device.say(name, 0, 2, Y.encodeStateAsUpdate(doc, known));
  // Type 0 is the server's question for everything this device has.
  await soon('the server asks', () => device.received.some(({ type }) => type === 0));
  expect(await written(server, ann, second)).toEqual({ answers: 0, entries: 0 });
  device.say(name, 0, 1, Y.encodeStateAsUpdate(doc));
  await soon('both are settled', async () => (await written(server, ann, second)).answers === 1);
  expect(await written(server, ann, first)).toEqual({ answers: 1, entries: 0 });
  expect(device.closed).toBeNull();
});

test('bytes that are no tray close the document with the reason, and none of them settles', async () => {
  const token = await signIn(server, ann, 'laptop');
  using tray = open(server.sync, trayName(ann.account, 'laptop'), token);
  await emptied(tray);
  const hidden = purchase('43');
  tray.doc.transact(() => {
    waiting(tray.doc).push([hidden]);
    tray.doc.getMap('head').set('value', 1);
  });
  await soon('the document is closed', () => tray.closes.length > 0);
  expect(tray.closes[0]?.reason).toBe('refused: not a tray');
  expect(await written(server, ann, hidden)).toEqual({ answers: 0, entries: 0 });
});

test('while the database is away nothing merges, and the device asks again by itself', async () => {
  let asked = 0;
  await using sync = await syncWith(server, (real) => ({
    settle(order) {
      asked += 1;
      return asked <= 3 ? Promise.reject(new StorageError('away')) : real.settle(order);
    },
  }));
  using tray = open(sync.address, trayName(ann.account, 'laptop'), await signIn(server, ann, 'laptop'));
  await soon('the tray is here', () => tray.provider.isSynced);
  const patient = purchase('13');
  waiting(tray.doc).push([patient]);
  await emptied(tray);
  expect(asked).toBe(4);
  expect(tray.closes.filter(({ code }) => code === 1013)).toHaveLength(3);
  expect(await written(server, ann, patient)).toEqual({ answers: 1, entries: 0 });
});

test('a proposal that was committed but never merged is answered once when it comes again', async () => {
  let lost = 0;
  await using sync = await syncWith(server, (real) => ({
    async settle(order) {
      const outcome = await real.settle(order);
      // As if the process had died between the commit and the merge.
      if ((lost += 1) <= 4) throw new StorageError('lost');
      return outcome;
    },
  }));
  using tray = open(sync.address, trayName(ann.account, 'laptop'), await signIn(server, ann, 'laptop'));
  await soon('the tray is here', () => tray.provider.isSynced);
  const [good, bad] = [purchase('14'), intent('nonsense', {})];
  waiting(tray.doc).push([good, bad]);
  await emptied(tray);
  expect(await written(server, ann, good)).toEqual({ answers: 1, entries: 0 });
  expect(await written(server, ann, bad)).toEqual({ answers: 1, entries: 1 });
});

test('a fault of ours on one proposal is answered as such, and the next one settles', async () => {
  await using sync = await syncWith(server, (real) => ({
    settle: (order) =>
      order.command.kind === 'withdrawal.request'
        ? Promise.reject(new LedgerFault('a bug'))
        : real.settle(order),
  }));
  const token = await signIn(server, ann, 'laptop');
  using book = open(sync.address, bookName(ann.account), token);
  using tray = open(sync.address, trayName(ann.account, 'laptop'), token, { over: book });
  await soon('both are here', () => book.provider.isSynced && tray.provider.isSynced);
  const [poison, next] = [withdrawal('1'), purchase('15')];
  waiting(tray.doc).push([poison, next]);
  await emptied(tray);
  await soon('both are answered', () => answerTo(book.doc, poison) && answerTo(book.doc, next));
  expect(answerTo(book.doc, poison)?.code).toBe('internal');
  expect(answerTo(book.doc, next)?.code).toBeUndefined();
  using clean = open(server.sync, bookName(ann.account), token);
  await soon('the real server agrees', () => sha(clean.doc) === sha(book.doc));
});
