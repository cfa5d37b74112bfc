// One account's growth, by entries and by proposals: what a book, a tray and a device's databases weigh on the way.
import * as Y from 'yjs';
import { bookDatabase } from '../../../extension/replica/book.ts';
import { trayDatabase } from '../../../extension/replica/tray.ts';
import { bookName, pageName, trayName } from '../../../shared/documents.ts';
import { MAX_WAITING_INTENTS, TRAY_ROOT } from '../../../shared/tray.ts';
import { type Device, headOf, open, soon } from './device.ts';
import { liveOn, settleIn, spend } from './ordinary.ts';
import { as, bootDevice, type ReplicaDevice } from './replica-device.ts';
import { type Person, register, signIn, startTestServer, type TestServer } from './server.ts';

export interface Growth {
  entries: number;
  proposals: number;
  /** How often the sizes are taken. */
  samples: number;
}

/** Bytes, at a number of entries; the databases as they are after the worker's next start. */
export interface Sample {
  entries: number;
  book: number;
  /** Milliseconds from its bytes to the credits. */
  load: number;
  tray: number;
  'book on the device': number;
  'tray on the device': number;
  'last page': number;
}

/** With all lists that a life fills as long as the contract counts them. */
const MAX_BOOK = 39_000;
const MAX_TRAY = 2_000;
/** Between the first sample and the last one, numbers get longer and nothing else. */
const MAX_GROWTH = 1.1;
const DAY_MS = 600_000;
/** A little more than a list keeps of what has ended. */
const LISTS = { times: 22, withdrawals: 22 };

export async function grow(growth: Growth): Promise<{ samples: Sample[]; broken: string[] }> {
  await using server = await startTestServer({ RATE_LIMITS: 'off' });
  const person = await register(server, 'Growing');
  const replica = await bootDevice();
  await as(replica.factory, () =>
    replica.replica.signIn(`http://127.0.0.1:${server.running.port}`, person.apiKey, 'r'),
  );
  replica.look();
  await settleIn(server, person);
  const samples: Sample[] = [];
  const step = (total: number) => Math.ceil(total / growth.samples);
  for (let at = 0; at < growth.samples; at += 1) {
    const tray = await proposeMany(server, person, step(growth.proposals), at);
    await liveOn(server, person, LISTS);
    const { n } = await headNow(server, person);
    await spend(server, person, Math.max(0, step(growth.entries) * (at + 1) - n));
    samples.push({ ...(await measure(server, person, replica)), tray });
  }
  return { samples, broken: judge(samples) };
}

function judge(samples: Sample[]): string[] {
  const broken: string[] = [];
  const [first] = samples;
  const last = samples.at(-1);
  if (!first || !last) return ['there are no samples'];
  for (const name of ['book', 'tray', 'book on the device', 'tray on the device'] as const) {
    const [before, after] = [first[name], last[name]];
    // What fits into one record of a database is as good as nothing.
    if (after > Math.max(before * MAX_GROWTH, MAX_TRAY))
      broken.push(`${name} grew from ${before} to ${after} bytes`);
  }
  if (last.book > MAX_BOOK) broken.push(`the book takes ${last.book} bytes`);
  return broken;
}

/** Proposals through a tray, as many at once as one holds; answers what the tray weighs when all are settled. */
async function proposeMany(
  server: TestServer,
  person: Person,
  count: number,
  round: number,
): Promise<number> {
  const device = `typist-${round}`;
  const token = await signIn(server, person, device);
  using tray = open(server.sync, trayName(person.account, device), token);
  const list = tray.doc.getArray(TRAY_ROOT);
  const isEmpty = () => tray.provider.isSynced && list.length === 0;
  await soon('the tray is open', isEmpty, DAY_MS);
  for (let left = count; left > 0; left -= MAX_WAITING_INTENTS) {
    const many = Array.from({ length: Math.min(MAX_WAITING_INTENTS, left) }, (_, index) => ({
      id: `grow-${round}-${String(left - index).padStart(16, '0')}`,
      kind: 'profile.set',
      at: index,
      body: { timezone: index % 2 === 0 ? 'Europe/Berlin' : 'Europe/Lisbon' },
    }));
    list.push(many);
    await soon('the tray is empty', isEmpty, DAY_MS);
  }
  return bytesOf(tray);
}

async function measure(
  server: TestServer,
  person: Person,
  replica: ReplicaDevice,
): Promise<Omit<Sample, 'tray'>> {
  const { seq, n } = await headNow(server, person);
  const token = await signIn(server, person, 'scales');
  using book = open(server.sync, bookName(person.account), token);
  await soon('the book is level', () => headOf(book.doc)?.seq === seq, DAY_MS);
  using page = open(server.sync, pageName(person.account, Math.floor((n - 1) / 500)), token, { over: book });
  await soon(
    'the page is level',
    () => page.doc.getArray<{ n: number }>('entries').toArray().at(-1)?.n === n,
    DAY_MS,
  );
  await soon('the replica is level', () => seqOf(replica) === seq, DAY_MS);
  // A worker compacts what it finds when it starts.
  await replica.reboot();
  replica.look();
  const { account_id, device_id, epoch, tray_epoch } = replica.session.record ?? {};
  const state = Y.encodeStateAsUpdate(book.doc);
  return {
    entries: n,
    book: state.byteLength,
    load: loadMs(state),
    'book on the device': await stored(replica, bookDatabase(account_id ?? '', epoch ?? 0)),
    'tray on the device': await stored(
      replica,
      trayDatabase(account_id ?? '', device_id ?? '', tray_epoch ?? 0),
    ),
    'last page': bytesOf(page),
  };
}

async function headNow({ running: { ledger } }: TestServer, { account }: Person) {
  const [row] = await ledger.database.read('SELECT seq, n FROM account WHERE id = $1', [account]);
  return { seq: Number(row?.['seq']), n: Number(row?.['n']) };
}

const bytesOf = ({ doc }: Device) => Y.encodeStateAsUpdate(doc).byteLength;

function seqOf(device: ReplicaDevice): number {
  const head = device.view()?.book?.section('head');
  return typeof head === 'object' && head !== null && 'seq' in head ? Number(head.seq) : 0;
}

function loadMs(state: Uint8Array): number {
  const from = performance.now();
  const doc = new Y.Doc();
  Y.applyUpdate(doc, state);
  doc.getMap('credits').get('value');
  return Math.round((performance.now() - from) * 100) / 100;
}

/** Bytes of all records in a document's database. */
async function stored({ factory }: ReplicaDevice, name: string): Promise<number> {
  const db = await done(factory.open(name));
  const records: unknown[] = await done(db.transaction('updates').objectStore('updates').getAll());
  db.close();
  return records.reduce<number>(
    (sum, record) => sum + (record instanceof Uint8Array ? record.byteLength : 0),
    0,
  );
}

function done<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(new Error('The database could not be read.')));
  });
}
