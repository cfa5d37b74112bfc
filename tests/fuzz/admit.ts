// Byte-level fuzz of the tray's gate: whatever it lets through must merge without throwing, leave nothing pending, touch
// no root but the tray's, and hold readable proposals only.
import * as Y from 'yjs';
import { Intent, TRAY_ROOT } from '../../shared/intents.ts';
import { admit, Forged } from '../../sync-server/sync/tray/admit.ts';

/** Cases after which the tray and the corpus begin anew, so that one lucky case does not shape all others. */
const FRESH_EVERY = 400;

/** xorshift32: the same cases for the same seed. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % below;
  };
}

const intent = (id: string) => ({
  id: id.padEnd(16, '0'),
  kind: 'purchase.start',
  at: 1,
  body: { amount: '25', method: 'card' },
});

/** Updates to be bent: three sessions of an honest device, and what a tray must never take. */
function corpusOf(random: (below: number) => number): Uint8Array[] {
  const corpus: Uint8Array[] = [];
  const device = new Y.Doc();
  for (let session = 0; session < 3; session += 1) {
    device.clientID = 1000 + session;
    const grab = (update: Uint8Array) => corpus.push(update);
    device.on('update', grab);
    const list = device.getArray(TRAY_ROOT);
    list.push([intent(`a${session}`)]);
    list.insert(0, [intent(`b${session}`), intent(`c${session}`)]);
    list.delete(random(list.length), 1);
    device.off('update', grab);
  }
  const foreign = new Y.Doc();
  foreign.getMap(TRAY_ROOT).set('k', intent('x'));
  foreign.getMap('head').set('value', 1);
  const nested = new Y.Doc();
  nested.getArray(TRAY_ROOT).push([new Y.Map([['id', 'q']])]);
  const subdocument = new Y.Doc();
  subdocument.getArray(TRAY_ROOT).push([new Y.Doc()]);
  return [...corpus, ...[device, foreign, nested, subdocument].map((doc) => Y.encodeStateAsUpdate(doc))];
}

/** One update with up to three bytes flipped, replaced, inserted, or spliced in from another. */
function bend(corpus: Uint8Array[], random: (below: number) => number): Uint8Array {
  const pick = () => corpus[random(corpus.length)] ?? new Uint8Array();
  let bytes = [...pick()];
  for (let left = random(4); left > 0; left -= 1) {
    const at = random(bytes.length);
    const kind = random(4);
    if (kind === 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
    else if (kind === 1) bytes[at] = random(256);
    else if (kind === 2) bytes = [...bytes.slice(0, at), random(256), ...bytes.slice(at)];
    else {
      const other = pick();
      const from = random(other.length);
      bytes = [...bytes.slice(0, at), ...other.slice(from, from + random(12)), ...bytes.slice(at)];
    }
  }
  return Uint8Array.from(bytes);
}

/** What is wrong with a tray after a merge; null when it is as the gate promised. */
function damage(tray: Y.Doc, update: Uint8Array): string | null {
  try {
    Y.applyUpdate(tray, update);
  } catch (error) {
    return `merge threw ${String(error)}`;
  }
  if (tray.store.pendingStructs || tray.store.pendingDs) return 'something is pending';
  if ([...tray.share.keys()].some((root) => root !== TRAY_ROOT)) return 'another root';
  if (tray.subdocs.size > 0) return 'a subdocument';
  const list = tray.getArray<unknown>(TRAY_ROOT);
  if (list._map.size > 0) return 'keys on the list';
  return list.toArray().every((raw) => Intent.safeParse(raw).success) ? null : 'not an intent';
}

/** What became of the cases; `wrong` is the first bad merge with its bytes in hex, null when there is none. */
export interface Bent {
  admitted: number;
  later: number;
  refused: number;
  wrong: string | null;
}

/**
 * Hands the gate so many bent updates, the same ones for the same seed (1 to 2^32 - 1).
 * @throws whatever the gate throws beside its own refusal
 */
export function bendMany(cases: number, seed: number): Bent {
  const random = seeded(seed);
  const bent: Bent = { admitted: 0, later: 0, refused: 0, wrong: null };
  let tray = new Y.Doc();
  let corpus = corpusOf(random);
  for (let index = 0; index < cases; index += 1) {
    if (index % FRESH_EVERY === 0) {
      tray = new Y.Doc();
      corpus = corpusOf(random);
    }
    const update = bend(corpus, random);
    let intents: Intent[] | null;
    try {
      intents = admit(tray, update);
    } catch (error) {
      if (!(error instanceof Forged)) throw error;
      bent.refused += 1;
      continue;
    }
    if (!intents) {
      bent.later += 1;
      continue;
    }
    bent.admitted += 1;
    const wrong = damage(tray, update);
    if (wrong) return { ...bent, wrong: `case ${index}: ${wrong}: ${Buffer.from(update).toString('hex')}` };
  }
  return bent;
}
