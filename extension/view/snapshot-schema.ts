// The snapshot's schema, and what a page can still read of a snapshot that another release left behind.
import * as z from 'zod/mini';

/** What the popup has room for; the rest comes by `followSections`. */
export const SNAPSHOT_ENTRIES = 5;
export const SNAPSHOT_PENDING = 4;
export const SNAPSHOT_CLUSTERS = 3;
export const SNAPSHOT_MODELS = 3;
export const SNAPSHOT_NOTICES = 2;
/** Longest name that a snapshot carries; longer ones are cut. */
export const SNAPSHOT_NAME = 64;

const amount = z.string().check(z.regex(/^-?\d{1,13}(\.\d{1,6})?$/));
const word = z.string().check(z.maxLength(32));
const id = z.string().check(z.maxLength(64));
const name = z.string().check(z.maxLength(SNAPSHOT_NAME));
const moment = z.nullable(z.string().check(z.maxLength(30)));
const count = z.number().check(z.int(), z.nonnegative());

// Said anew and not picked from the book's schemas: pages must not carry what only the book needs.
export const SnapshotCredits = z.object({
  balance: amount,
  available: amount,
  held: amount,
  reserved: amount,
  debt: amount,
  restricted: amount,
  frozen: amount,
  withdrawable: amount,
  allowance: amount,
  state: z.enum(['active', 'grace', 'suspended', 'closed']),
  grace_until: moment,
  next_change_at: moment,
});
export type SnapshotCredits = z.infer<typeof SnapshotCredits>;

export const SnapshotEntry = z.object({
  n: z.number(),
  /** Ms; bounded by what a Date can hold. */
  at: z.number().check(z.nonnegative(), z.maximum(8.64e15)),
  type: word,
  service: word,
  status: word,
  amount,
  ref: z.optional(id),
  code: z.optional(id),
});
export type SnapshotEntry = z.infer<typeof SnapshotEntry>;

export const PENDING_STATES = ['waiting', 'sent', 'answered'] as const;

/**
 * A proposal of this device that no confirmed number contains yet. `waiting`: not handed to any server; `sent`: maybe
 * handed over, no answer in hand; `answered`: settled, or refused when it has a `code`.
 */
export const SnapshotPending = z.object({
  id,
  kind: word,
  /** Ms of this device. */
  at: count,
  state: z.enum(PENDING_STATES),
  /** What it would move, when it names an amount. */
  amount: z.optional(amount),
  /** Id of what it is about: a deployment, a withdrawal. */
  subject: z.optional(id),
  code: z.optional(id),
});
export type SnapshotPending = z.infer<typeof SnapshotPending>;

export const SnapshotPlan = z.object({
  title: name,
  cycle: word,
  allowance: amount,
  used: amount,
  /** When the pool is full again. */
  end: moment,
  /** Most expensive first. */
  models: z.array(z.object({ model: name, cost: amount })).check(z.maxLength(SNAPSHOT_MODELS)),
});
export type SnapshotPlan = z.infer<typeof SnapshotPlan>;

/** A cluster as the popup draws it; fields as in shared/clusters.ts. */
export const SnapshotCluster = z.object({
  id,
  name,
  type: word,
  status: word,
  device: name,
  quantity: count,
  hourly: amount,
  started_at: moment,
  ends_at: moment,
  deadline: moment,
  shortfall: z.nullable(amount),
});
export type SnapshotCluster = z.infer<typeof SnapshotCluster>;

export const SnapshotNotice = z.object({
  id,
  code: word,
  priority: word,
  created_at: moment,
  subject: z.nullable(id),
});
export type SnapshotNotice = z.infer<typeof SnapshotNotice>;

/** A day's spending in all services, and the posted total at its end. */
export const SnapshotDay = z.object({ day: word, spent: amount, balance: amount });
export type SnapshotDay = z.infer<typeof SnapshotDay>;

export const CONNECTIONS = ['live', 'resting', 'offline', 'signed_out'] as const;

const instant = z.number().check(z.nonnegative());
const Account = z.object({
  id,
  name,
  timezone: z.nullable(name),
  server: z.string().check(z.maxLength(512)),
  device_name: name,
});

const PARTS = {
  version: z.number().check(z.int(), z.positive()),
  account: Account,
  connection: z.enum(CONNECTIONS),
  /** Last instant at which the server confirmed the numbers, ms of this device; null before the first sync. */
  confirmed_at: z.nullable(instant),
  /** From this instant on the numbers count as offline, whatever `connection` says: the worker may be gone. */
  stale_at: z.nullable(instant),
  /** Server clock minus this device's, ms: for countdowns. */
  clock_offset: z.number(),
  /** Journal row that the numbers are true at; 0 for an account without one. */
  seq: count,
  /** Null for an account without any journal row: its balance is zero. */
  credits: z.nullable(SnapshotCredits),
  /** Newest first. */
  recent: z.array(SnapshotEntry).check(z.maxLength(SNAPSHOT_ENTRIES)),
  /** Newest first: unanswered ones, then refusals that nobody read yet. `waiting` counts all unanswered ones. */
  pending: z.array(SnapshotPending).check(z.maxLength(SNAPSHOT_PENDING)),
  waiting: count,
  /** Null while the account has no plan. */
  plan: z.nullable(SnapshotPlan),
  /** Unpaid ones first, then those that end soonest; the counts are of all. */
  clusters: z.object({
    unpaid: count,
    live: count,
    /** Price of all live ones per hour. */
    hourly: amount,
    items: z.array(SnapshotCluster).check(z.maxLength(SNAPSHOT_CLUSTERS)),
  }),
  /** Unseen ones: how many, and the newest. */
  notices: z.object({
    unseen: count,
    items: z.array(SnapshotNotice).check(z.maxLength(SNAPSHOT_NOTICES)),
  }),
  /** Ids of the tasks of Getting Started that are still to do. */
  tasks_open: z.array(word).check(z.maxLength(20)),
  /** Version of the terms that waits to be accepted. */
  terms_due: z.nullable(name),
  /** Alerts that are crossed now (shared/alerts.ts). */
  alerts: z.array(word).check(z.maxLength(8)),
  /** Oldest first, today last. */
  spend: z.array(SnapshotDay).check(z.maxLength(8)),
};
export const Snapshot = z.object(PARTS);
export type Snapshot = z.infer<typeof Snapshot>;

/** What a snapshot says of what it cannot say: nothing is owned, owed or known. */
export const NOTHING = {
  credits: null,
  recent: [],
  pending: [],
  waiting: 0,
  plan: null,
  clusters: { unpaid: 0, live: 0, hourly: '0', items: [] },
  notices: { unseen: 0, items: [] },
  tasks_open: [],
  terms_due: null,
  alerts: [],
  spend: [],
} satisfies Partial<Snapshot>;

/**
 * Reads a stored record of any version. Null when there is none, or none of our shape. Of another version the parts
 * that still parse are kept; numbers that do not parse make it a snapshot that was never confirmed.
 */
export function salvageSnapshot(value: unknown): Snapshot | null {
  const whole = z.safeParse(Snapshot, value);
  if (whole.success) return whole.data;
  const frame = z.safeParse(z.object({ version: PARTS.version, account: Account }), value);
  if (!frame.success) return null;
  const kept: Record<string, unknown> = {
    connection: 'offline',
    confirmed_at: null,
    stale_at: null,
    clock_offset: 0,
    seq: 0,
    ...NOTHING,
  };
  for (const [key, found] of Object.entries(Object(value))) {
    if (key in kept && key in PARTS && z.safeParse(PARTS[key as keyof typeof PARTS], found).success)
      kept[key] = found;
  }
  if (!z.safeParse(PARTS.credits, Object(value).credits).success) kept['confirmed_at'] = null;
  return { ...frame.data, ...kept } as Snapshot; // every part was parsed by its own schema
}
