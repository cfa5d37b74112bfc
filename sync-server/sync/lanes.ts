// The lanes of a book: each of its roots has one constant clientID, under which each journal row writes at most once.
// So overwrites merge into one tombstone, and any batching of the same rows gives the same bytes.
// A number here is part of the stored bytes: it never changes and is never used again (see BOOK_VERSION).
import * as Y from 'yjs';
import type { Answer, BookPurchase, BookWithdrawal, Credits } from '../../shared/account.ts';
import type { Alerts } from '../../shared/alerts.ts';
import type { BookCluster } from '../../shared/clusters.ts';
import type { BookNotice } from '../../shared/notices.ts';
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

/** Between the lanes of one epoch and of the next; room for every root there will ever be. */
const EPOCH_STEP = 64;

/**
 * The client id under which a lane is written. A ledger that was put back to an older state (rules.md X31) writes on
 * under other ids: under the old ones a device would take new bytes for those it has, and mix two histories.
 * @param epoch how often the ledger was put back
 */
export function inEpoch(lane: number, epoch: number): number {
  return lane + epoch * EPOCH_STEP;
}

/** More than there will ever be; a device's own id is random in 32 bits, and never among these. */
const MAX_EPOCHS = 1_000;

/**
 * Whether a device holds what no server of today wrote into this document: rows that were lost when the ledger was put
 * back, or the same ones under the ids of an epoch that is over. What it writes under its own id does not count.
 * @param vector what the device says it has, as Yjs encodes it. Throws on broken bytes
 */
export function holdsLost(document: Y.Doc, vector: Uint8Array): boolean {
  const ended = inEpoch(0, MAX_EPOCHS);
  return [...Y.decodeStateVector(vector)].some(
    ([client, clock]) => client < ended && clock > Y.getState(document.store, client),
  );
}

/** The single key of a section's map. */
export const VALUE = 'value';

// How much a book keeps, as the contract counts it: small for good. What has fallen off comes from pages or over HTTP.

/** Entries that `recent` keeps. */
export const KEEP_RECENT = 50;
/** Answers that a book keeps: as many as one step of a backlog brings; older ones come from `GET /intents/{id}`. */
export const KEEP_ANSWERS = 64;
/** Purchases, withdrawals and clusters that have ended, beside those that are open. */
export const KEEP_ENDED = 20;
/** Open ones: the ledger allows no more withdrawals and deployments; of purchases that nobody pays the newest show. */
export const KEEP_OPEN = { purchases: 50, withdrawals: 20, clusters: 100 } as const;
export const KEEP_NOTICES = 50;

/** What each section's map holds under its key: a list for what comes one by one, else the patch as it is. */
export interface Sections {
  credits: Credits;
  answers: Answer[];
  purchases: BookPurchase[];
  withdrawals: BookWithdrawal[];
  profile: Profile;
  plan: Plan;
  clusters: BookCluster[];
  notices: BookNotice[];
  tasks: Tasks;
  alerts: Alerts;
  terms: Terms;
  spend: Spend;
  sources: Sources;
}
