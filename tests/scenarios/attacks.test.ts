// Hostile bytes from a signed-in device, over the wire, against its book, a page and its own tray. Whatever is sent:
// no book changes, no other device gets a byte of it, nothing settles, and the server serves on.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import { bookName, pageName, trayName } from '../../shared/documents.ts';
import { TRAY_ROOT } from '../../shared/intents.ts';
import type { ChainedEntry } from '../../shared/proof.ts';
import { ATTACKS, intent } from './lib/attacks.ts';
import { headOf, open, RawDevice, sha, soon } from './lib/device.ts';
import { fund, type Person, register, signIn, startTestServer, type TestServer } from './lib/server.ts';

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
// One sign-in may not ask for as much as all attacks together do.
beforeEach(async () => {
  token = await signIn(server, ann, 'laptop');
});

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

/** Sends an attack to a read-only document beside a witness of it; answers the bytes before and after, and what the witness got. */
async function attackReadOnly(
  name: string,
  make: (base: Y.Doc) => Uint8Array,
  isHere: (doc: Y.Doc) => boolean,
) {
  using witness = open(server.sync, name, token);
  await soon('the witness is level', () => witness.provider.isSynced && isHere(witness.doc));
  const before = sha(witness.doc);
  let updates = 0;
  witness.doc.on('update', () => {
    updates += 1;
  });
  await send(name, make(witness.doc));
  using late = open(server.sync, name, token);
  await soon('a new device reads it', () => late.provider.isSynced && isHere(late.doc));
  return { before, after: sha(late.doc), updates };
}

test.for(Object.entries(ATTACKS))('against the book: %s', async ([, make]) => {
  const isHere = (doc: Y.Doc) => headOf(doc) !== undefined;
  const { before, after, updates } = await attackReadOnly(bookName(ann.account), make, isHere);
  expect(after).toBe(before);
  expect(updates).toBe(0);
});

test.for(Object.entries(ATTACKS))('against a page: %s', async ([, make]) => {
  const isHere = (doc: Y.Doc) => doc.getArray<ChainedEntry>('entries').length === 3;
  const { before, after, updates } = await attackReadOnly(pageName(ann.account, 0), make, isHere);
  expect(after).toBe(before);
  expect(updates).toBe(0);
});

test.for(Object.entries(ATTACKS))('against the tray: %s', async ([, make]) => {
  const name = trayName(ann.account, 'laptop');
  const before = await journalHead();
  using witness = open(server.sync, name, token);
  await soon('the witness is here', () => witness.provider.isSynced);
  const ends = await send(name, make(book));
  for (const end of ends) if (end !== null) expect(end).toMatch(/^(refused: .+|Reset Connection)$/);
  expect(await journalHead()).toBe(before);
  expect([...witness.doc.share.keys()].filter((one) => one !== TRAY_ROOT)).toEqual([]);
  expect(witness.doc.getArray(TRAY_ROOT).length).toBe(0);
  expect(witness.closes).toEqual([]);
});

test('after all of it an honest proposal of the same device settles', async () => {
  const name = trayName(ann.account, 'laptop');
  const before = (await journalHead()) ?? 0;
  using tray = open(server.sync, name, token);
  tray.doc.getArray(TRAY_ROOT).push([intent('honest')]);
  await soon('the tray is empty', () => tray.provider.isSynced && tray.doc.getArray(TRAY_ROOT).length === 0);
  expect(await journalHead()).toBe(before + 1);
});
