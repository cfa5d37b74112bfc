// The only bytes of a device that are ever merged: proposals in its own tray. The tray is emptied after every message,
// so it is tiny, and the soundest check is the plainest: merge into a throw-away copy and look at what came out.
import * as Y from 'yjs';
import {
  Intent,
  MAX_INTENT_BODY,
  MAX_TRAY_UPDATE,
  MAX_WAITING_INTENTS,
  TRAY_ROOT,
} from '../../../shared/intents.ts';

/** Bytes of a tray's whole state: what a device's honest sessions leave behind stays far below. */
export const MAX_TRAY_STATE = 128 * 1024;

/** Bytes that no honest device sends. The device reads the reason, drops its tray and carries its proposals over. */
export class Forged extends Error {
  readonly code = 4400;
  readonly reason: `refused: ${string}`;
  constructor(why: string) {
    super('');
    this.name = 'Forged';
    // Hocuspocus prints what stops it; a trace of an expected answer says nothing.
    this.stack = this.name;
    this.reason = `refused: ${why}`;
  }
}

/**
 * Every proposal that the tray would hold after an update, in the order they were made. The tray stays as it is.
 * Null when the update refers to something that is not here yet: an edit that overtook the handshake, to be asked for
 * again.
 * @throws Forged for bytes that are no proposals, or too many
 */
export function admit(tray: Y.Doc, update: Uint8Array): Intent[] | null {
  if (update.byteLength > MAX_TRAY_UPDATE) throw new Forged('too large');
  const state = Y.encodeStateAsUpdate(tray);
  if (state.byteLength > MAX_TRAY_STATE) throw new Forged('too much history');
  // A name of its own would be drawn at random, for nothing.
  const probe = new Y.Doc({ guid: 'probe' });
  const list = probe.getArray<unknown>(TRAY_ROOT);
  try {
    Y.applyUpdate(probe, state);
    Y.applyUpdate(probe, update);
  } catch {
    throw new Forged('malformed');
  }
  // A list that was also written as a map has keys that a list does not show.
  if (probe.share.size !== 1 || list._map.size > 0) throw new Forged('not a tray');
  if (probe.store.pendingStructs !== null || probe.store.pendingDs !== null) return null;
  if (list.length > MAX_WAITING_INTENTS) throw new Forged('too many');
  return list
    .toArray()
    .map(readIntent)
    .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
}

/** The envelope of a proposal, its body as plain JSON. @throws Forged */
function readIntent(raw: unknown): Intent {
  if (raw instanceof Y.AbstractType || raw instanceof Y.Doc) throw new Forged('not plain data');
  const parsed = Intent.safeParse(raw);
  if (!parsed.success) throw new Forged('not an intent');
  const { body, ...envelope } = parsed.data;
  return { ...envelope, body: plain(body) };
}

/** Whatever CRDT values can be, JSON is what an order is made of. */
function plain(body: Record<string, unknown>): Record<string, unknown> {
  let text: string;
  try {
    text = JSON.stringify(body);
  } catch {
    throw new Forged('not plain data');
  }
  if (text.length > MAX_INTENT_BODY) throw new Forged('too large');
  // A JSON object's text reads as one.
  return JSON.parse(text) as Record<string, unknown>;
}
