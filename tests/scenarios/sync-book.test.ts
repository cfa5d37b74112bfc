// The book on the real protocol: a real ledger on SQLite, the real server, Hocuspocus' own provider over WebSockets.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bookName } from '../../shared/documents.ts';
import { StorageError } from '../../sync-server/ledger/storage/database.ts';
import { creditsOf, entriesOf, headOf, open, sha, soon } from './lib/device.ts';
import {
  fund,
  type Person,
  register,
  signIn,
  startTestServer,
  syncWith,
  type TestServer,
} from './lib/server.ts';
import { journalHead, level, synced } from './lib/level.ts';

let server: TestServer;
let ann: Person;

beforeAll(async () => {
  server = await startTestServer();
  ann = await register(server, 'Ann');
});
afterAll(() => server[Symbol.asyncDispose]());

test('a commit reaches an open book, and another device’s book has the same bytes', async () => {
  const token = await signIn(server, ann, 'laptop');
  using laptop = open(server.sync, bookName(ann.account), token);
  await synced(laptop);
  await fund(server, ann, 100n);
  await level(server, laptop, ann);
  expect(creditsOf(laptop.doc)).toMatchObject({
    balance: '100',
    available: '100',
    seq: await journalHead(server, ann),
  });
  expect(entriesOf(laptop.doc).map(({ n, type, amount, balance }) => ({ n, type, amount, balance }))).toEqual(
    [{ n: 1, type: 'purchase', amount: '100', balance: '100' }],
  );
  using phone = open(server.sync, bookName(ann.account), await signIn(server, ann, 'phone'));
  await level(server, phone, ann);
  await fund(server, ann, 5n);
  await Promise.all([level(server, laptop, ann), level(server, phone, ann)]);
  expect(sha(phone.doc)).toBe(sha(laptop.doc));
  expect(creditsOf(phone.doc)?.balance).toBe('105');
  // An honest replica is never taken for a forged one.
  await soon('what they hold is acknowledged', () => laptop.acks.length > 0 && phone.acks.length > 0);
  expect([...laptop.acks, ...phone.acks]).not.toContain(false);
});

test('the same bytes after a restart, from rows alone and from a checkpoint and rows', async () => {
  const person = await register(server, 'Carol');
  const book = bookName(person.account);
  await fund(server, person, 1n);
  const before = open(server.sync, book, await signIn(server, person, 'laptop'));
  await level(server, before, person);
  before[Symbol.dispose]();
  await server.restart();
  using fromRows = open(server.sync, book, await signIn(server, person, 'laptop'));
  await level(server, fromRows, person);
  expect(sha(fromRows.doc)).toBe(sha(before.doc));

  for (let index = 0; index < 40; index += 1) await fund(server, person, 2n);
  await level(server, fromRows, person);
  fromRows[Symbol.dispose]();
  const { database } = server.running.ledger;
  const stored = await soon('a checkpoint is stored', async () => {
    const [row] = await database.read('SELECT seq FROM checkpoint WHERE document = $1', [book]);
    return row?.seq;
  });
  expect(Number(stored)).toBe(await journalHead(server, person));
  await server.restart();
  await fund(server, person, 3n);
  using fromCheckpoint = open(server.sync, book, await signIn(server, person, 'laptop'));
  await level(server, fromCheckpoint, person);
  // A replica that lived through it and one that was made now.
  using replica = open(server.sync, book, await signIn(server, person, 'phone'), { doc: fromRows.doc });
  await level(server, replica, person);
  expect(sha(fromCheckpoint.doc)).toBe(sha(replica.doc));
  expect(creditsOf(fromCheckpoint.doc)?.balance).toBe('84');
  await soon('what it holds is acknowledged', () => replica.acks.length > 0);
  expect(replica.acks).not.toContain(false);
});

test('a damaged checkpoint is rebuilt from the journal', async () => {
  const person = await register(server, 'Dora');
  const book = bookName(person.account);
  await fund(server, person, 7n);
  await server.running.ledger.database.write([
    {
      sql: 'INSERT INTO checkpoint (document, seq, state) VALUES ($1, $2, $3)',
      params: [book, 1, new Uint8Array(99)],
    },
  ]);
  using device = open(server.sync, book, await signIn(server, person, 'laptop'));
  await level(server, device, person);
  expect(creditsOf(device.doc)?.balance).toBe('7');
});

test('what a client writes into a book is neither merged nor sent on', async () => {
  const name = bookName(ann.account);
  using honest = open(server.sync, name, await signIn(server, ann, 'laptop'));
  using forger = open(server.sync, name, await signIn(server, ann, 'phone'));
  await Promise.all([synced(honest), synced(forger)]);
  const before = sha(honest.doc);
  forger.doc.getMap('credits').set('value', { balance: '1000000' });
  forger.doc.getArray('recent').delete(0, 1);
  forger.doc.getMap('evil').set('k', 1);
  await soon('the forgery is answered', () => forger.acks.filter((merged) => !merged).length === 3);
  using late = open(server.sync, name, await signIn(server, ann, 'tablet'));
  await level(server, late, ann);
  expect(sha(late.doc)).toBe(before);
  expect(sha(honest.doc)).toBe(before);
  await fund(server, ann, 1n);
  await level(server, honest, ann);
  expect(creditsOf(honest.doc)?.balance).toBe('106');
});

test('a journal that cannot be read serves nothing, and the device comes back by itself', async () => {
  const person = await register(server, 'Fred');
  await fund(server, person, 8n);
  let reads = 0;
  await using sync = await syncWith(server, (real) => ({
    // The load of the book, then the catch-up when the device says what it has.
    journal: (...asked) =>
      [1, 3].includes((reads += 1)) ? Promise.reject(new StorageError('away')) : real.journal(...asked),
  }));
  using device = open(sync.address, bookName(person.account), await signIn(server, person, 'laptop'));
  await level(server, device, person);
  expect(device.closes.map(({ code }) => code)).toEqual([1013, 1013]);
  expect(device.denials).toEqual([]);
  expect(creditsOf(device.doc)?.balance).toBe('8');
});

test('devices that come and go while the journal grows are never left behind', async () => {
  const person = await register(server, 'Gus');
  const token = await signIn(server, person, 'laptop');
  const name = bookName(person.account);
  // No poll comes to the rescue within this time: whoever is behind for long was forgotten.
  for (let round = 0; round < 25; round += 1) {
    const first = open(server.sync, name, token);
    await synced(first);
    const commits = Promise.all([fund(server, person, 1n), fund(server, person, 1n)]);
    first[Symbol.dispose]();
    using second = open(server.sync, name, token);
    await commits;
    await soon(
      'the second device is level',
      async () => headOf(second.doc)?.seq === (await journalHead(server, person)),
      3_000,
    );
    await fund(server, person, 1n);
    await soon(
      'it stays so',
      async () => headOf(second.doc)?.seq === (await journalHead(server, person)),
      3_000,
    );
  }
  using late = open(server.sync, name, token);
  await level(server, late, person);
  expect(creditsOf(late.doc)?.balance).toBe('75');
});
