// The journal: one append-only list of rows per account, from which its book is projected. A row holds the literal
// values that the book gets, so that a later release cannot retell the past.
import type { Answer, BookPurchase, BookWithdrawal, Credits, Entry } from '../../shared/account.ts';
import type { Alerts } from '../../shared/alerts.ts';
import type { BookCluster } from '../../shared/clusters.ts';
import type { BookNotice } from '../../shared/notices.ts';
import type { Plan } from '../../shared/plan.ts';
import type { Profile } from '../../shared/profile.ts';
import type { Sources } from '../../shared/sources.ts';
import type { Spend } from '../../shared/spend.ts';
import type { Tasks } from '../../shared/tasks.ts';
import type { Terms } from '../../shared/terms.ts';
import type { Ms } from '../../shared/time.ts';

/**
 * What one journal row writes into the book; each lane it names gets exactly one write.
 * `recent` and `answers` append (the oldest fall off), `purchases`, `withdrawals`, `clusters` and `notices` replace the
 * item of the same id (a cluster that is gone leaves the list), the rest replace the whole section.
 */
export interface Patch {
  recent?: Entry;
  answers?: Answer;
  credits?: Credits;
  purchases?: BookPurchase;
  withdrawals?: BookWithdrawal;
  profile?: Profile;
  plan?: Plan;
  clusters?: BookCluster;
  notices?: BookNotice;
  tasks?: Tasks;
  alerts?: Alerts;
  terms?: Terms;
  spend?: Spend;
  sources?: Sources;
}

/**
 * One row: `seq` counts all rows of the account without gaps; a row with an entry also carries its `n` (in the entry)
 * and `hash` is the chain after it. A row without an entry repeats the hash before it.
 */
export interface JournalRow {
  account: string;
  seq: number;
  at: Ms;
  patch: Patch;
  /** Count of entries up to and with this row. */
  n: number;
  /** Hex SHA-256 of the chain after this row; `NO_HASH` (shared/chain.ts) before the first entry. */
  hash: string;
  /** Hex digest of the entry's private part (actor, key, metadata); null for a row without an entry. */
  private_digest: string | null;
}
