// The snapshot's schema, and what a page can still read of a snapshot that another release left behind.
import * as v from 'valibot';

/** What the popup has room for; the rest comes by `followSections`. */
export const SNAPSHOT_ENTRIES = 5;
export const SNAPSHOT_PENDING = 4;
export const SNAPSHOT_CLUSTERS = 3;
export const SNAPSHOT_MODELS = 3;
export const SNAPSHOT_NOTICES = 2;
/** Longest name that a snapshot carries; longer ones are cut. */
export const SNAPSHOT_NAME = 48;

const amount = v.pipe(v.string(), v.regex(/^-?\d{1,13}(\.\d{1,6})?$/));
/** Of many amounts. */
const sum = v.pipe(v.string(), v.regex(/^-?\d{1,24}(\.\d{1,6})?$/));
const word = v.pipe(v.string(), v.maxLength(32));
const id = v.pipe(v.string(), v.maxLength(64));
const name = v.pipe(v.string(), v.maxLength(SNAPSHOT_NAME));
const moment = v.nullable(v.pipe(v.string(), v.maxLength(30)));
const count = v.pipe(v.number(), v.minValue(0));

// Said anew and not picked from the book's schemas: pages must not carry what only the book needs.
export const SnapshotCredits = v.object({
  balance: amount,
  available: amount,
  held: amount,
  reserved: amount,
  debt: amount,
  restricted: amount,
  frozen: amount,
  withdrawable: amount,
  allowance: amount,
  state: v.picklist(['active', 'grace', 'suspended', 'closed']),
  suspended_for: v.optional(v.picklist(['unpaid', 'chargeback'])),
  grace_until: moment,
  next_change_at: moment,
  /** Basis points; left out while it is the usual one. */
  card_fee_bps: v.optional(v.pipe(count, v.integer())),
  /** When the window of grace began; left out when nothing says it. */
  grace_since: v.optional(moment),
  /** What each service may spend, where that is more than `available`. */
  by_service: v.optional(v.record(word, amount)),
});
export type SnapshotCredits = v.InferOutput<typeof SnapshotCredits>;

export const SnapshotEntry = v.object({
  n: v.number(),
  /** Ms; bounded by what a Date can hold. */
  at: v.pipe(v.number(), v.minValue(0), v.maxValue(8.64e15)),
  type: word,
  service: word,
  status: word,
  amount,
  ref: v.optional(id),
  code: v.optional(id),
  /** What it is about, as far as the book says it: a cluster's name, a model. */
  subject: v.optional(name),
});
export type SnapshotEntry = v.InferOutput<typeof SnapshotEntry>;

const PENDING_STATES = ['waiting', 'sent', 'answered'] as const;

/**
 * A proposal of this device that no confirmed number contains yet. `waiting`: not handed to any server; `sent`: maybe
 * handed over, no answer in hand; `answered`: settled, or refused when it has a `code`.
 */
export const SnapshotPending = v.object({
  id,
  kind: word,
  /** Ms of this device. */
  at: count,
  state: v.picklist(PENDING_STATES),
  /** What it would move, when it names an amount. */
  amount: v.optional(amount),
  /** Id of what it is about: a deployment, a withdrawal. */
  subject: v.optional(id),
  /** Of an extension. */
  hours: v.optional(count),
  code: v.optional(id),
});
export type SnapshotPending = v.InferOutput<typeof SnapshotPending>;

export const SnapshotPlan = v.object({
  title: name,
  cycle: word,
  allowance: amount,
  used: amount,
  /** What went beyond the pool and was charged to credits. */
  charged: amount,
  /** When the pool is full again. */
  end: moment,
  /** How many models used it; the most expensive ones stand here first, each with what it took of pool and credits. */
  model_count: count,
  models: v.pipe(v.array(v.object({ model: name, cost: amount })), v.maxLength(SNAPSHOT_MODELS)),
});
export type SnapshotPlan = v.InferOutput<typeof SnapshotPlan>;

/** A cluster as the popup draws it; fields as in shared/clusters.ts. */
export const SnapshotCluster = v.object({
  id,
  name,
  type: name,
  status: name,
  device: name,
  quantity: count,
  hourly: amount,
  started_at: moment,
  ends_at: moment,
  deadline: moment,
  shortfall: v.nullable(amount),
});
export type SnapshotCluster = v.InferOutput<typeof SnapshotCluster>;

export const SnapshotNotice = v.object({
  id,
  code: word,
  priority: word,
  created_at: moment,
  subject: v.nullable(id),
});
export type SnapshotNotice = v.InferOutput<typeof SnapshotNotice>;

/** A UTC day, and the posted total at its end. */
export const SnapshotDay = v.object({ day: word, balance: amount });

/** The balance at an instant of the server, in credits: to draw, not to count with. */
export const SnapshotPoint = v.object({ at: v.number(), value: v.number() });
export type SnapshotPoint = v.InferOutput<typeof SnapshotPoint>;

/** As shared/runway.ts works it out; `ends_at` in ms of the server. */
export const SnapshotRunway = v.object({
  confidence: v.picklist(['exact', 'average', 'gathering']),
  ends_at: v.nullable(v.number()),
  per_hour: sum,
});
export type SnapshotRunway = v.InferOutput<typeof SnapshotRunway>;

export const CONNECTIONS = ['live', 'resting', 'offline', 'signed_out'] as const;

const instant = v.pipe(v.number(), v.minValue(0));
const Account = v.object({
  id,
  name,
  timezone: v.nullable(name),
  server: v.pipe(v.string(), v.maxLength(256)),
  device_name: name,
});

const PARTS = {
  version: v.pipe(v.number(), v.minValue(1)),
  account: Account,
  connection: v.picklist(CONNECTIONS),
  /** Last instant at which the server confirmed the numbers, ms of this device; null before the first sync. */
  confirmed_at: v.nullable(instant),
  /** From this instant on the numbers count as offline, whatever `connection` says: the worker may be gone. */
  stale_at: v.nullable(instant),
  /** Server clock minus this device's, ms: for countdowns. */
  clock_offset: v.number(),
  /** Journal row that the numbers are true at; 0 for an account without one. */
  seq: count,
  /** Null for an account without any journal row: its balance is zero. */
  credits: v.nullable(SnapshotCredits),
  /** Newest first. */
  recent: v.pipe(v.array(SnapshotEntry), v.maxLength(SNAPSHOT_ENTRIES)),
  /** Newest first: unanswered ones, then refusals that nobody read yet. `waiting` counts all unanswered ones. */
  pending: v.pipe(v.array(SnapshotPending), v.maxLength(SNAPSHOT_PENDING)),
  waiting: count,
  /** Null while the account has no plan. */
  plan: v.nullable(SnapshotPlan),
  /** Unpaid ones first, then those that end soonest; `unpaid` and `live` count all of them. */
  clusters: v.object({
    unpaid: count,
    live: count,
    /** Those that this ledger stops when a window of grace ends: another source's clusters are none of its own. */
    stopping: count,
    items: v.pipe(v.array(SnapshotCluster), v.maxLength(SNAPSHOT_CLUSTERS)),
  }),
  /** Unseen ones: how many, and the newest. */
  notices: v.object({
    unseen: count,
    items: v.pipe(v.array(SnapshotNotice), v.maxLength(SNAPSHOT_NOTICES)),
  }),
  /** Getting Started: ids of the tasks that are still to do, and how many are done. */
  tasks_open: v.pipe(v.array(word), v.maxLength(20)),
  tasks_done: count,
  /** Version of the terms that waits to be accepted. */
  terms_due: v.nullable(id),
  /** Alerts that are crossed now (shared/alerts.ts). */
  alerts: v.pipe(v.array(word), v.maxLength(8)),
  /** Null for an account without any journal row. */
  runway: v.nullable(SnapshotRunway),
  /** The last seven days, oldest first. */
  trend: v.pipe(v.array(SnapshotPoint), v.maxLength(30)),
};
export const Snapshot = v.object(PARTS);
export type Snapshot = v.InferOutput<typeof Snapshot>;

/** What a snapshot says of what it cannot say: nothing is owned, owed or known. */
export const NOTHING = {
  credits: null,
  recent: [],
  pending: [],
  waiting: 0,
  plan: null,
  clusters: { unpaid: 0, live: 0, stopping: 0, items: [] },
  notices: { unseen: 0, items: [] },
  tasks_open: [],
  tasks_done: 0,
  terms_due: null,
  alerts: [],
  runway: null,
  trend: [],
} satisfies Partial<Snapshot>;

/**
 * Reads a stored record of any version. Null when there is none, or none of our shape. Of another version the parts
 * that still parse are kept; numbers that do not parse make it a snapshot that was never confirmed.
 */
export function salvageSnapshot(value: unknown): Snapshot | null {
  const whole = v.safeParse(Snapshot, value);
  if (whole.success) return whole.output;
  const frame = v.safeParse(v.object({ version: PARTS.version, account: Account }), value);
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
    if (key in kept && key in PARTS && v.is(PARTS[key as keyof typeof PARTS], found)) kept[key] = found;
  }
  if (!v.is(PARTS.credits, Object(value).credits)) kept['confirmed_at'] = null;
  return { ...frame.output, ...kept } as Snapshot; // every part was parsed by its own schema
}
