// Rows of the ledger's own tables as the types they were written from.
import { decodeRecord } from '../codec.ts';
import type { JournalRow } from '../journal.ts';
import type { AccountRecord } from '../state.ts';

/** A row of either driver: values are narrowed here. */
export type StoredRow = Record<string, unknown>;

export function textOf(row: StoredRow, name: string): string {
  return String(row[name]);
}

/** From columns kind, id, open, links, body. */
export function recordFrom(row: StoredRow): AccountRecord {
  return decodeRecord({
    kind: textOf(row, 'kind'),
    id: textOf(row, 'id'),
    open: Number(row['open']) === 1,
    // Links and patches are JSON that a ledger wrote into these columns itself.
    links: JSON.parse(textOf(row, 'links')) as string[],
    body: textOf(row, 'body'),
  });
}

/** From columns account, seq, at, n, hash, private_digest, patch. */
export function journalRowFrom(row: StoredRow): JournalRow {
  return {
    account: textOf(row, 'account'),
    seq: Number(row['seq']),
    at: Number(row['at']),
    n: Number(row['n']),
    hash: textOf(row, 'hash'),
    private_digest: row['private_digest'] === null ? null : textOf(row, 'private_digest'),
    patch: patchFrom(row),
  };
}

export function patchFrom(row: StoredRow): JournalRow['patch'] {
  return JSON.parse(textOf(row, 'patch')) as JournalRow['patch'];
}
