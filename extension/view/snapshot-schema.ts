// The snapshot's schema, and what a page can still read of a snapshot that another release left behind.
import * as z from 'zod/mini';

/** How many of the latest entries a snapshot carries. */
export const SNAPSHOT_ENTRIES = 10;

const amount = z.string().check(z.regex(/^-?\d{1,13}(\.\d{1,6})?$/));
const word = z.string().check(z.maxLength(32));
const moment = z.nullable(z.string().check(z.maxLength(30)));

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
  ref: z.optional(z.string().check(z.maxLength(128))),
  code: z.optional(z.string().check(z.maxLength(64))),
});
export type SnapshotEntry = z.infer<typeof SnapshotEntry>;

export const CONNECTIONS = ['live', 'resting', 'offline', 'signed_out'] as const;

const short = z.string().check(z.maxLength(200));
const instant = z.number().check(z.nonnegative());
const Account = z.object({
  id: short,
  name: short,
  timezone: z.nullable(short),
  server: z.string().check(z.maxLength(2048)),
  device_name: short,
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
  seq: z.number().check(z.int(), z.nonnegative()),
  /** Null for an account without any journal row: its balance is zero. */
  credits: z.nullable(SnapshotCredits),
  /** Newest first. */
  recent: z.array(SnapshotEntry).check(z.maxLength(SNAPSHOT_ENTRIES)),
};
export const Snapshot = z.object(PARTS);
export type Snapshot = z.infer<typeof Snapshot>;

/**
 * Reads a stored record of any version. Null when there is none, or none of our shape. Of a newer version the parts
 * that still parse are kept; numbers that do not parse make it a snapshot that was never confirmed.
 */
export function salvageSnapshot(value: unknown): Snapshot | null {
  const whole = z.safeParse(Snapshot, value);
  if (whole.success) return whole.data;
  if (typeof value !== 'object' || value === null || !('version' in value)) return null;
  const record: Record<string, unknown> = { ...value };
  const part = <T>(key: keyof typeof PARTS, schema: z.ZodMiniType<T>, fallback: T): T => {
    const parsed = z.safeParse(schema, record[key]);
    return parsed.success ? parsed.data : fallback;
  };
  const version = z.safeParse(PARTS.version, record.version);
  const account = z.safeParse(Account, record.account);
  if (!version.success || !account.success) return null;
  const readable = z.safeParse(PARTS.credits, record.credits).success;
  return {
    version: version.data,
    account: account.data,
    connection: part('connection', PARTS.connection, 'offline'),
    confirmed_at: readable ? part('confirmed_at', PARTS.confirmed_at, null) : null,
    stale_at: part('stale_at', PARTS.stale_at, null),
    clock_offset: part('clock_offset', PARTS.clock_offset, 0),
    seq: part('seq', PARTS.seq, 0),
    credits: part('credits', PARTS.credits, null),
    recent: part('recent', PARTS.recent, []),
  };
}
