// A book in memory: a checkpoint and the journal rows after it. The journal is the truth; a checkpoint only saves time,
// so a lost, late or damaged one changes nothing.
import { hash } from 'node:crypto';
import type { Logger } from 'pino';
import * as Y from 'yjs';
import { bookName } from '../../shared/documents.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { createCatchUps } from './catch-up.ts';
import { epochOf } from './epoch.ts';
import { inEpoch, LANES } from './lanes.ts';
import { headOf, project } from './project.ts';

/** Rows read and projected at once; between two batches other work gets its turn. */
const BATCH = 500;
/** A checkpoint is written once the stored one is this many rows behind: as many are replayed in about a millisecond. */
export const CHECKPOINT_EVERY = 50;
/** Bytes of the SHA-256 before the state. */
const SEAL = 32;

/** What Hocuspocus calls a change of our own. */
const ORIGIN = { source: 'local' } as const;

export interface Books {
  /** Fills an empty document. @throws StorageError */
  load(book: Y.Doc, account: string): Promise<void>;
  /** Brings a book up to the journal as it stands at the call; calls for one book run one after the other. @throws StorageError */
  catchUp(book: Y.Doc, account: string): Promise<void>;
  /** As `catchUp`, for a journal known to reach `seq`: what is already there, or under way, is not asked for again. */
  reach(book: Y.Doc, account: string, seq: number): Promise<void>;
  /** Writes a checkpoint when it would save enough; a failure is logged, the next one will do. */
  store(book: Y.Doc, account: string): Promise<void>;
  /**
   * Whether a device has rows of this book that the journal does not have. Those of another epoch do not count: whoever
   * holds them finds out by itself.
   * @param vector what the device says it has, as Yjs encodes it
   */
  isBehind(book: Y.Doc, vector: Uint8Array): boolean;
}

export function createBooks(
  ledger: Pick<Ledger, 'journal' | 'database'>,
  log: Pick<Logger, 'warn' | 'error'>,
): Books {
  /** Journal row of each book's stored checkpoint. */
  const stored = new WeakMap<Y.Doc, number>();
  /** The epoch under which each book is written. */
  const epochs = new WeakMap<Y.Doc, number>();

  async function replay(book: Y.Doc, account: string): Promise<void> {
    for (;;) {
      const rows = await ledger.journal(account, seqOf(book), BATCH);
      // Hocuspocus unloaded it meanwhile: a write would wake it up beside its successor of the same name.
      if (book.isDestroyed) return;
      if (rows.length > 0) project(book, rows, ORIGIN, epochs.get(book));
      if (rows.length < BATCH) return;
    }
  }

  const { catchUp, settled } = createCatchUps(replay);

  async function reach(book: Y.Doc, account: string, seq: number): Promise<void> {
    // One that fails is followed by one of our own.
    if (seqOf(book) < seq) await settled(book);
    if (seqOf(book) < seq) await catchUp(book, account);
  }

  async function store(book: Y.Doc, account: string): Promise<void> {
    const seq = seqOf(book);
    if (seq - (stored.get(book) ?? 0) < CHECKPOINT_EVERY) return;
    try {
      await ledger.database.write([
        {
          sql:
            'INSERT INTO checkpoint (document, seq, state) VALUES ($1, $2, $3) ' +
            'ON CONFLICT (document) DO UPDATE SET seq = excluded.seq, state = excluded.state ' +
            'WHERE checkpoint.seq < excluded.seq',
          params: [bookName(account), seq, seal(Y.encodeStateAsUpdate(book))],
        },
      ]);
      stored.set(book, Math.max(stored.get(book) ?? 0, seq));
    } catch (error) {
      log.warn({ err: error, account }, 'a checkpoint could not be written');
    }
  }

  return {
    async load(book, account) {
      const [row] = await ledger.database.read('SELECT state FROM checkpoint WHERE document = $1', [
        bookName(account),
      ]);
      const state = row?.state instanceof Uint8Array ? unseal(row.state) : null;
      if (row && !state)
        log.error({ account }, 'a checkpoint is damaged: the book is rebuilt from the journal');
      epochs.set(book, await epochOf(ledger.database));
      if (state) Y.applyUpdate(book, state, ORIGIN);
      stored.set(book, seqOf(book));
      await catchUp(book, account);
      void store(book, account);
    },
    catchUp,
    reach,
    store,
    isBehind(book, vector) {
      const head = inEpoch(LANES.head, epochs.get(book) ?? 0);
      try {
        return (Y.decodeStateVector(vector).get(head) ?? 0) > Y.getState(book.store, head);
      } catch {
        // Broken bytes are for the protocol to refuse.
        return false;
      }
    },
  };
}

/** Journal row that a book is at; 0 before the first. */
function seqOf(book: Y.Doc): number {
  return headOf(book)?.seq ?? 0;
}

function seal(state: Uint8Array): Uint8Array {
  return Buffer.concat([hash('sha256', state, 'buffer'), state]);
}

/** The sealed state; null when a bit of it is not as it was written. */
export function unseal(sealed: Uint8Array): Uint8Array | null {
  const state = sealed.subarray(SEAL);
  return hash('sha256', state, 'buffer').equals(sealed.subarray(0, SEAL)) ? state : null;
}
