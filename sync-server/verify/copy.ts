// A copy of the ledger's file looked at in short: its pages, and that every account's head is the row it names.
import type { DatabaseSync } from 'node:sqlite';
import { reasonOf, SourceError } from './source.ts';
import { openStill } from './still.ts';

export interface CopyFacts {
  accounts: number;
  transfers: number;
}

/** Heads that do not name the last row of their journal. */
const LOOSE_HEADS = `SELECT count(*) AS count FROM account a
  LEFT JOIN journal j ON j.account = a.id AND j.seq = a.seq
  WHERE a.seq > 0 AND (j.hash IS NULL OR j.hash <> a.hash OR j.n <> a.n)
    OR EXISTS (SELECT 1 FROM journal k WHERE k.account = a.id AND k.seq > a.seq)`;

/** @throws SourceError when the file is damaged or holds no ledger */
export function checkCopy(file: string): CopyFacts {
  let db: DatabaseSync | undefined;
  try {
    db = openStill(file);
    const pages = db.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
    if (pages !== 'ok') throw new SourceError(`${file} is damaged: ${String(pages)}.`);
    const loose = countOf(db, LOOSE_HEADS);
    if (loose > 0) throw new SourceError(`${file} is damaged: ${loose} accounts do not end where they say.`);
    return {
      accounts: countOf(db, 'SELECT count(*) AS count FROM account'),
      transfers: countOf(db, 'SELECT count(*) AS count FROM transfer'),
    };
  } catch (error) {
    if (error instanceof SourceError) throw error;
    throw new SourceError(`${file} is no ledger, or damaged: ${reasonOf(error)}.`, { cause: error });
  } finally {
    db?.close();
  }
}

function countOf(db: DatabaseSync, sql: string): number {
  return Number(db.prepare(sql).get()?.['count']);
}

export interface GoneBack {
  account: string;
  from: number;
  /** Null for an account that the other file does not know. */
  to: number | null;
}

/** Accounts whose journal would be shorter, or another one, if `after` took the place of `before`. */
export function goneBack(before: string, after: string): GoneBack[] {
  const [old, next] = [openStill(before), openStill(after)];
  try {
    const head = next.prepare('SELECT seq FROM account WHERE id = ?');
    const row = next.prepare('SELECT hash FROM journal WHERE account = ? AND seq = ?');
    const lost: GoneBack[] = [];
    for (const { id, seq, hash } of old.prepare('SELECT id, seq, hash FROM account ORDER BY id').iterate()) {
      const account = String(id);
      const from = Number(seq);
      const to = head.get(account)?.['seq'];
      // The same row with another hash is another history: nothing of the old one can be counted on.
      if (to !== undefined && row.get(account, from)?.['hash'] === hash) continue;
      if (from > 0) lost.push({ account, from, to: to === undefined ? null : Number(to) });
    }
    return lost;
  } finally {
    old.close();
    next.close();
  }
}
