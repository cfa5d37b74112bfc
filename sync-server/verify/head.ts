// An account's own row: how far it is and what it keeps about itself; and beside it the checkpoint of its book.
import type { Checkpoint } from './projection.ts';
import { countAt, type Row, textAt } from './source.ts';

export interface Head {
  id: string;
  seq: number;
  n: number;
  hash: string;
  at: number;
  facts: string;
  creditsSeq: number;
  /** The patch of journal row `creditsSeq`, as stored; null when there is no such row. */
  creditsPatch: string | null;
}

/** From columns id, seq, n, hash, at, facts, credits_seq, that row's patch. */
export function headFrom(row: Row): Head {
  return {
    id: textAt(row, 0),
    seq: countAt(row, 1),
    n: countAt(row, 2),
    hash: textAt(row, 3),
    at: countAt(row, 4),
    facts: textAt(row, 5),
    creditsSeq: countAt(row, 6),
    creditsPatch: row[7] === null ? null : textAt(row, 7),
  };
}

/** From the columns after those: the checkpoint's seq and state; null when there is none. */
export function checkpointFrom(row: Row): Checkpoint | null {
  const sealed = row[9];
  return sealed instanceof Uint8Array ? { seq: countAt(row, 8), sealed } : null;
}
