// The lanes of a book: each of its roots has one constant clientID, under which each journal row writes at most once.
// So overwrites merge into one tombstone, and any batching of the same rows gives the same bytes.
// A number here is part of the stored bytes: it never changes and is never used again (see BOOK_VERSION).
import type { Answer, Credits, Purchase, Withdrawal } from '../../shared/account.ts';
import type { Alerts } from '../../shared/alerts.ts';
import type { Cluster } from '../../shared/clusters.ts';
import type { Notice } from '../../shared/notices.ts';
import type { Plan } from '../../shared/plan.ts';
import type { Profile } from '../../shared/profile.ts';
import type { Spend } from '../../shared/spend.ts';
import type { Tasks } from '../../shared/tasks.ts';
import type { Terms } from '../../shared/terms.ts';
import type { Patch } from '../ledger/journal.ts';

/** Roots of a book: `head` beside everything that a journal row may patch. */
export type LaneRoot = 'head' | keyof Patch;

export const LANES = {
  head: 1,
  recent: 2,
  credits: 3,
  answers: 4,
  purchases: 5,
  withdrawals: 6,
  profile: 7,
  plan: 8,
  clusters: 9,
  notices: 10,
  tasks: 11,
  alerts: 12,
  terms: 13,
  spend: 14,
} as const satisfies Record<LaneRoot, number>;

/** The single key of a section's map. */
export const VALUE = 'value';

/** Entries that `recent` keeps; older ones come from pages. */
export const KEEP_RECENT = 50;
/** Answers that a book keeps; older ones come from `GET /intents/{id}`. */
export const KEEP_ANSWERS = 64;
/** Ended items that a list keyed by id keeps. */
export const KEEP_ENDED = 20;
/** Open items that a list keyed by id keeps: whoever opens more sees the newest, so that a book stays bounded. */
export const KEEP_OPEN = 20;
/** Live clusters are what a runway is worked out from, so a book names more of them. */
export const KEEP_LIVE_CLUSTERS = 100;
/** Notices that a book keeps. */
export const KEEP_NOTICES = 50;

/** What each section's map holds under its key: a list for what comes one by one, else the patch as it is. */
export interface Sections {
  credits: Credits;
  answers: Answer[];
  purchases: Purchase[];
  withdrawals: Withdrawal[];
  profile: Profile;
  plan: Plan;
  clusters: Cluster[];
  notices: Notice[];
  tasks: Tasks;
  alerts: Alerts;
  terms: Terms;
  spend: Spend;
}
