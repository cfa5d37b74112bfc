// This device's tray: the small document in which proposals travel. What waits is recorded in outbox.ts; a tray that is
// lost or refused is made anew from there.
import * as Y from 'yjs';
import { trayName } from '../../shared/documents.ts';
import type { Intent } from '../../shared/intents.ts';
import { MAX_TRAY_UPDATE, MAX_WAITING_INTENTS, TRAY_ROOT } from '../../shared/tray.ts';
import { openStore } from './store.ts';

export const TRAY_PREFIX = 'tray/';
export const trayDatabase = (account: string, device: string, epoch: number) =>
  `${TRAY_PREFIX}${trayName(account, device)}#${epoch}`;

export interface Tray {
  readonly name: string;
  readonly doc: Y.Doc;
  /** Ids of what lies in it; an item that is no proposal counts with an empty id. */
  ids(): string[];
  /** True when it holds nothing but the traces of what it held. */
  isSpent(): boolean;
  /** False when it would be more than the server takes at once. */
  fits(intent: Intent): boolean;
  /** Adds proposals: in the database first, only then where a connection sees them. */
  append(intents: readonly Intent[]): Promise<void>;
  remove(id: string): void;
  onChange(listener: () => void): void;
  close(): Promise<void>;
  wipe(): Promise<void>;
}

export async function openTray(
  account: string,
  device: string,
  epoch: number,
  onLost: () => void,
): Promise<Tray> {
  const doc = new Y.Doc();
  const store = await openStore(trayDatabase(account, device, epoch), doc, onLost);
  const list = doc.getArray<unknown>(TRAY_ROOT);
  const ids = () =>
    list.toArray().map((item) => (isObject(item) && typeof item['id'] === 'string' ? item['id'] : ''));

  return {
    name: trayName(account, device),
    doc,
    ids,
    isSpent: () => list.length === 0 && doc.store.clients.size > 0,
    fits: (intent) =>
      list.length < MAX_WAITING_INTENTS &&
      Y.encodeStateAsUpdate(doc).byteLength + adding([intent]).byteLength < MAX_TRAY_UPDATE,
    async append(intents) {
      if (intents.length === 0) return;
      const update = adding(intents);
      await store.writeAhead(update);
      Y.applyUpdate(doc, update, store.written);
    },
    remove(id) {
      const at = ids().indexOf(id);
      if (at >= 0) list.delete(at);
    },
    onChange: (listener) => list.observe(listener),
    close: store.close,
    wipe: store.wipe,
  };
}

/** The update that adds proposals, as a writer of its own makes it: it depends on nothing, and their order is their `at`. */
function adding(intents: readonly Intent[]): Uint8Array {
  const draft = new Y.Doc();
  draft.getArray<unknown>(TRAY_ROOT).push([...intents]);
  return Y.encodeStateAsUpdate(draft);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
