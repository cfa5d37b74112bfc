// A person at a device of this process: signing in, proposing, and writing into its databases by hand.
import * as Y from 'yjs';
import * as z from 'zod/mini';
import { bookDatabase } from '../../../extension/replica/book.ts';
import type { PageResult } from '../../../extension/replica/pages.ts';
import { openStore } from '../../../extension/replica/store.ts';
import { trayDatabase } from '../../../extension/replica/tray.ts';
import { Credits } from '../../../shared/account.ts';
import { soon } from './device.ts';
import { as, bootDevice, type ReplicaDevice } from './replica-device.ts';
import type { Person, TestServer } from './server.ts';

export const WALLET = '7nYyVr1vH3bYw5sG6sQm7r8QkYx2q1ZpT9u4J3dWcNfa';

/** Signs a device in, a new one if none is given, and waits until it is in step. */
export async function signedIn(
  { running }: TestServer,
  person: Person,
  device?: ReplicaDevice,
): Promise<ReplicaDevice> {
  const one = device ?? (await bootDevice());
  const refused = await as(one.factory, () => one.replica.signIn(running.url, person.apiKey, 'Laptop'));
  if (refused !== null) throw new Error(`The device was refused: ${refused}.`);
  await soon('it is in step', () => one.view()?.connection === 'live');
  return one;
}

export const balanceOf = (device: ReplicaDevice) =>
  z.nullable(Credits).parse(device.view()?.book?.section('credits') ?? null)?.available;

export const request = (amount: string) => ({ amount, wallet_address: WALLET });
/** What each proposal that is not done waits for, or was refused for. */
export const codes = (device: ReplicaDevice) =>
  device.view()?.pending.map(({ state, code }) => code ?? state);
/** Writes into a document's database by hand, as whoever owns the machine can. */
export async function tamper(
  device: ReplicaDevice,
  database: string,
  change: (doc: Y.Doc) => void,
): Promise<void> {
  await as(device.factory, async () => {
    const doc = new Y.Doc();
    const store = await openStore(database, doc, () => {});
    const before = Y.encodeStateVector(doc);
    const draft = new Y.Doc();
    Y.applyUpdate(draft, Y.encodeStateAsUpdate(doc));
    change(draft);
    await store.writeAhead(Y.encodeStateAsUpdate(draft, before));
    await store.close();
  });
}
export const pageOf = (result: PageResult | 'signed_out') =>
  result !== 'signed_out' && result.ok ? result.page : null;
export const databasesOf = ({ session: { record } }: ReplicaDevice) => ({
  book: bookDatabase(record?.account_id ?? '', record?.epoch ?? 0),
  tray: trayDatabase(record?.account_id ?? '', record?.device_id ?? '', record?.tray_epoch ?? 0),
});
