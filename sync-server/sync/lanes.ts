// The lanes of a book: each of its roots has one constant clientID, under which each journal row writes at most once.
// So overwrites merge into one tombstone, and any batching of the same rows gives the same bytes.
// A number here is part of the stored bytes: it never changes and is never used again (see BOOK_VERSION).
import type { Answer, Credits, Purchase, Withdrawal } from '../../shared/account.ts';
import type { Alerts } from '../../shared/alerts.ts';
import type { Cluster } from '../../shared/clusters.ts';
import type { Notice } from '../../shared/notices.ts';
import type { Plan } from '../../shared/plan.ts';
import type { Profile } from '../../shared/profile.ts';
import type { Sources } from '../../shared/sources.ts';
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
  sources: 15,
} as const satisfies Record<LaneRoot, number>;

/** The single key of a section's map. */
export const VALUE = 'value';

// A book is small for good: with every list full of ordinary texts it stays under 32 kB. What a list has no room for
// comes from pages or over HTTP.

/** Entries that `recent` keeps. */
export const KEEP_RECENT = 30;
/** Answers that a book keeps: as many as one step of a backlog brings; older ones come from `GET /intents/{id}`. */
export const KEEP_ANSWERS = 32;

/** What a list of items with ids has room for: the newest open ones first, then the newest ended ones. */
export interface Room {
  items: number;
  /** How many of them may have ended. */
  ended: number;
  /** Bytes of all items as JSON; the newest stays whatever it takes. */
  bytes: number;
}
export const ROOM = {
  purchases: { items: 10, ended: 10, bytes: 4_000 },
  withdrawals: { items: 8, ended: 8, bytes: 4_000 },
  clusters: { items: 16, ended: 8, bytes: 12_000 },
  notices: { items: 16, ended: 16, bytes: 8_000 },
} as const satisfies Partial<Record<LaneRoot, Room>>;

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
  sources: Sources;
}
