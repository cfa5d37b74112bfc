// Hostile bytes from a signed-in device, over the wire, against the book and against its own tray. Whatever is sent:
// no book changes, no other device gets a byte of it, nothing settles, and the server serves on.
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { bookName, trayName } from '../../shared/documents.ts';
import { type Intent, TRAY_ROOT } from '../../shared/intents.ts';
import { LANES } from '../../sync-server/sync/lanes.ts';
import { any, craft, deep, garbage, item, raw, skip } from './lib/crdt.ts';
import { headOf, open, RawDevice, sha, soon } from './lib/device.ts';
import { fund, type Person, register, signIn, startTestServer, type TestServer } from './lib/server.ts';

const EVIL = 99;
const UPDATE = 2;
const STEP_2 = 1;
const SYNC = 0;

let server: TestServer;
let ann: Person;
let token: string;
/** The book as it is, to build attacks on. */
let book: Y.Doc;

beforeAll(async () => {
  server = await startTestServer();
  ann = await register(server, 'Ann');
  for (let index = 0; index < 3; index += 1) await fund(server, ann, 10n);
  token = await signIn(server, ann, 'laptop');
  using device = open(server.sync, bookName(ann.account), token);
  await soon('the book is here', () => headOf(device.doc) && device.provider.isSynced);
  book = device.doc;
});
afterAll(() => server[Symbol.asyncDispose]());

const intent = (id: string): Intent => ({
  id: id.padEnd(16, '0'),
  kind: 'purchase.start',
  at: 1,
  body: { amount: '25', method: 'usdc' },
});
const wire = (value: unknown) => any(value);

/** A change made with the library itself on a copy of the book, as the bytes that say it. */
function edit(change: (copy: Y.Doc) => void): Uint8Array {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(book));
  const known = Y.encodeStateVector(copy);
  change(copy);
  return Y.encodeStateAsUpdate(copy, known);
}
const clockOf = (lane: number) => Y.getState(book.store, lane);
const alone = (...structs: Parameters<typeof craft>[0][number]['structs']) =>
  craft([{ client: EVIL, clock: 0, structs }]);
const root = TRAY_ROOT;

const attacks: Record<string, () => Uint8Array> = {
  'overwrites a section': () => edit((copy) => copy.getMap('credits').set('value', { balance: '1000000' })),
  'deletes a section': () => edit((copy) => copy.getMap('credits').delete('value')),
  'appends an entry': () => edit((copy) => copy.getArray('recent').push([{ n: 4, amount: '1000000' }])),
  'deletes entries': () => edit((copy) => copy.getArray('recent').delete(0, 2)),
  'deletes by a bare delete set': () => craft([], [[LANES.recent, [[0, 3]]]]),
  'mixes a proposal with a deletion': () =>
    edit((copy) => {
      copy.getArray(root).push([intent('mixed')]);
      copy.getMap('head').delete('value');
    }),
  'slips in by a left neighbour': () => alone(item({ origin: [LANES.recent, 0], content: wire('evil') })),
  'slips in by a right neighbour': () => alone(item({ right: [LANES.recent, 0], content: wire('evil') })),
  'neighbours in two roots': () =>
    alone(
      item({ root, content: wire(intent('two-roots')) }),
      item({ origin: [EVIL, 0], right: [LANES.recent, 0], content: wire('evil') }),
    ),
  'a gap to be filled later': () =>
    craft([
      { client: EVIL, clock: 1, structs: [item({ root: 'credits', key: 'value', content: wire(1e9) })] },
    ]),
  'deletes what is not written yet': () => craft([], [[LANES.head, [[clockOf(LANES.head), 5]]]]),
  'writes as a lane': () =>
    craft([
      {
        client: LANES.credits,
        clock: clockOf(LANES.credits),
        structs: [item({ root, key: 'x', content: wire(1) })],
      },
    ]),
  'blocks a lane’s clocks': () =>
    craft([{ client: LANES.head, clock: clockOf(LANES.head), structs: [garbage(1000)] }]),
  'a huge hole': () => alone(garbage(2 ** 52)),
  'a skip': () => alone(skip(5), item({ root, key: 'x', content: wire(1) })),
  'a skip that two parsers read differently': () => alone(skip(5, 10 | 128)),
  'one client in two blocks': () =>
    craft([
      { client: EVIL, clock: 0, structs: [item({ root, kind: 7, content: raw(1) })] },
      { client: EVIL, clock: 0, structs: [item({ root: 'credits', key: 'value', content: wire(666) })] },
    ]),
  'an unknown root': () => alone(item({ root: 'spam', key: 'x', content: wire(1) })),
  'a thousand unknown roots': () =>
    alone(
      ...Array.from({ length: 1000 }, (_, index) => item({ root: `r${index}`, key: 'x', content: wire(1) })),
    ),
  'a subdocument': () => edit((copy) => copy.getArray(root).push([new Y.Doc()])),
  'a nested type': () => edit((copy) => copy.getArray(root).push([new Y.Map([['id', 'x']])])),
  'refers to itself': () =>
    alone(item({ root, key: 'ok', content: wire(1) }), item({ origin: [EVIL, 5], content: wire(1) })),
  'a parent that is no type': () => alone(item({ parent: [LANES.recent, 0], key: 'x', content: wire(1) })),
  'a key on the list': () => alone(item({ root, key: 'hidden', content: wire(intent('hidden')) })),
  'cut short': () => edit((copy) => copy.getMap('credits').set('value', { balance: '1000000' })).slice(0, -4),
  'values 20,000 deep': () => alone(item({ root, content: deep(20_000) })),
  'claims two thousand million structs': () =>
    craft([{ client: EVIL, clock: 0, structs: [], claims: 2 ** 31 }]),
  '40,000 delete ranges': () =>
    craft([], [[12_345, Array.from({ length: 40_000 }, (_, index): [number, number] => [index * 2, 1])]]),
  'a proposal that is text': () => alone(item({ root, content: wire('give me credits') })),
  'a proposal with a prototype': () =>
    alone(item({ root, content: wire(JSON.parse('{"__proto__":{"id":"intent-0000000001"}}')) })),
  'a proposal with more than its envelope': () =>
    alone(item({ root, content: wire({ ...intent('more'), account: 'bob' }) })),
  'a proposal too large': () =>
    alone(item({ root, content: wire({ ...intent('large'), body: { note: 'x'.repeat(5000) } }) })),
  'six hundred proposals': () =>
    edit((copy) =>
      copy.getArray(root).push(Array.from({ length: 600 }, (_, index) => intent(`many-${index}`))),
    ),
  'nothing at all': () => new Uint8Array(),
};

const journalHead = async () => (await server.running.ledger.journal(ann.account, 0, 1000)).at(-1)?.seq;

/** Sends an update both ways a device can, each on a fresh socket; answers why the server closed the document. */
async function send(name: string, update: Uint8Array): Promise<(string | null)[]> {
  const ends: (string | null)[] = [];
  for (const kind of [UPDATE, STEP_2]) {
    using device = await new RawDevice(server.sync).opened();
    device.authenticate(name, token);
    await soon('the document is open', () => device.received.some(({ type }) => type === 2));
    device.say(name, SYNC, kind, update);
    // Whatever came of it, the answer to an honest question comes after it, or the end does.
    device.say(name, SYNC, 0, Y.encodeStateVector(new Y.Doc()));
    const isOver = () => {
      const end = device.received.find(({ type }) => type === 7);
      return end ?? device.received.findLast(({ type }) => type === 0);
    };
    const last = await soon('the server has answered', isOver);
    ends.push(last.type === 7 ? last.text : null);
  }
  return ends;
}

test.for(Object.entries(attacks))('against the book: %s', async ([, make]) => {
  const name = bookName(ann.account);
  using witness = open(server.sync, name, token);
  await soon('the witness is level', () => sha(witness.doc) === sha(book));
  let updates = 0;
  witness.doc.on('update', () => {
    updates += 1;
  });
  await send(name, make());
  using late = open(server.sync, name, token);
  await soon('a new device reads the book', () => late.provider.isSynced && headOf(late.doc));
  expect(sha(late.doc)).toBe(sha(book));
  expect(updates).toBe(0);
});

test.for(Object.entries(attacks))('against the tray: %s', async ([, make]) => {
  const name = trayName(ann.account, 'laptop');
  const before = await journalHead();
  using witness = open(server.sync, name, token);
  await soon('the witness is here', () => witness.provider.isSynced);
  const ends = await send(name, make());
  for (const end of ends) if (end !== null) expect(end).toMatch(/^(refused: .+|Reset Connection)$/);
  expect(await journalHead()).toBe(before);
  expect([...witness.doc.share.keys()].filter((one) => one !== root)).toEqual([]);
  expect(witness.doc.getArray(root).length).toBe(0);
  expect(witness.closes).toEqual([]);
});

test('after all of it an honest proposal of the same device settles', async () => {
  const name = trayName(ann.account, 'laptop');
  const before = (await journalHead()) ?? 0;
  using tray = open(server.sync, name, token);
  tray.doc.getArray(root).push([intent('honest')]);
  await soon('the tray is empty', () => tray.provider.isSynced && tray.doc.getArray(root).length === 0);
  expect(await journalHead()).toBe(before + 1);
});
