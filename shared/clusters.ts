// What a book says about clusters, and what follows from it as time passes: a screen works out the running figures.
import * as z from 'zod/mini';
import { amount, count, instant, maybeInstant, orNull, orZero, text } from './fields.ts';
import { formatAmount, type Micros, readBalance } from './money.ts';
import { HOUR, type Ms } from './time.ts';

/** Types by their name in a request, each with the service that its money entries carry (contract.md, Services). */
export const CLUSTER_TYPES = {
  ray: 'ray',
  'mega-ray': 'ray',
  kubernetes: 'k8s',
  container: 'caas',
  vm: 'vm',
  baremetal: 'baremetal',
} as const;
export type ClusterType = keyof typeof CLUSTER_TYPES;

/** The service that a type's money entries carry; empty for another source's type. */
export function serviceOf(type: string): string {
  const known: Record<string, string> = CLUSTER_TYPES;
  return (Object.hasOwn(known, type) ? known[type] : undefined) ?? '';
}

const PENDING_STATUSES = ['unpaid', 'deployment requested', 'deploying'] as const;
export const ENDED_STATUSES = ['completed', 'failed', 'terminated', 'destroyed'] as const;

/** Where a cluster is known from: this ledger, or an io.net account that is connected. */
const CLUSTER_SOURCES = ['ledger', 'ionet'] as const;

/**
 * A cluster as its owner sees it. Times of what has not happened are null; `reason` says why it failed. Figures that
 * grow by themselves (`served_ms`, `served`, `refundable`) are true at `as_of`; `clusterAt` brings them up to date.
 */
const Fields = z.object({
  id: text(64),
  source: z._default(z.enum(CLUSTER_SOURCES), 'ledger'),
  name: text(200),
  /** One of CLUSTER_TYPES; another source's own word is kept as it came. */
  type: text(64),
  /** One of the statuses above; an unknown one is kept as it came. */
  status: text(64),
  device: text(100),
  quantity: count,
  /** Price per device and hour. */
  hourly: amount,
  /** Booked hours, extensions included. */
  hours: count,
  created_at: instant,
  started_at: maybeInstant,
  /** When the booked time ends. */
  ends_at: z.optional(z.nullable(instant)),
  /** When it really ended; null while it is pending or live, whatever its status is called. */
  ended_at: maybeInstant,
  /** Under hold while it is being provisioned. */
  held: orZero,
  paid: orZero,
  served: z.optional(amount),
  refunded: orZero,
  /** What comes back when it is ended now. */
  refundable: orZero,
  served_ms: z.optional(count),
  as_of: z.optional(instant),
  /** Unpaid ones: until when, and how much is missing. */
  deadline: maybeInstant,
  shortfall: orNull(amount),
  reason: orNull(text(200)),
  /** Fields that its source does not tell: the values they have here mean nothing. Left out when it tells all. */
  unknown: z.optional(/* @__PURE__ */ z.array(text(32)).check(z.maxLength(20))),
  /** What its source tells beyond these fields, as it came. */
  more: z.optional(z.record(text(64), text(200))),
  /** Its source is no longer connected: a list drops it. */
  gone: z.optional(z.literal(true)),
});
type Fields = z.infer<typeof Fields>;
type Following = 'served' | 'served_ms' | 'as_of';
export type Cluster = Omit<Fields, Following | 'ends_at'> & {
  [Field in Following]-?: NonNullable<Fields[Field]>;
} & { ends_at: string | null };
/** As it stands in the book: what the schema fills in is left out. */
export type BookCluster = z.input<typeof Fields>;
export const Cluster = /* @__PURE__ */ z.pipe(Fields, /* @__PURE__ */ z.transform(wholeCluster));

export type Phase = 'pending' | 'live' | 'ended';

const isOneOf = (list: readonly string[], status: string) => list.includes(status);

/** The phase of a cluster; one with an unknown status is live until it has ended. */
export function phaseOf({ status, ended_at }: Pick<Cluster, 'status' | 'ended_at'>): Phase {
  if (ended_at !== null || isOneOf(ENDED_STATUSES, status)) return 'ended';
  return isOneOf(PENDING_STATUSES, status) ? 'pending' : 'live';
}

/** What a time costs at a price per device and hour, floored (M6). */
export function costOf(hourly: Micros, quantity: number, time: Ms): Micros {
  return (hourly * BigInt(quantity) * BigInt(time)) / BigInt(HOUR);
}

/** Time that stays paid when a cluster is ended after `served` ms: of a VM at least its first hour. */
export function keptTime(type: string, served: Ms): Ms {
  return type === 'vm' ? Math.max(served, HOUR) : served;
}

const least = (a: Micros, b: Micros) => (a < b ? a : b);

/** How long a cluster has run: until it ended or its booked time did; 0 before it started. */
export function servedTime(
  { started_at, ends_at, ended_at }: { started_at: Ms | null; ends_at: Ms | null; ended_at: Ms | null },
  now: Ms,
): Ms {
  if (started_at === null) return 0;
  const until = Math.min(ended_at ?? now, ends_at ?? now);
  return Math.max(0, until - started_at);
}

const ms = (text: string | null) => (text === null ? null : Date.parse(text));

function timesOf({ started_at, ends_at, ended_at }: Pick<Cluster, 'started_at' | 'ends_at' | 'ended_at'>) {
  return { started_at: ms(started_at), ends_at: ms(ends_at), ended_at: ms(ended_at) };
}

/** A cluster with what its book leaves out because it follows from the other fields. */
export function wholeCluster({ served, served_ms, as_of, ...rest }: Fields): Cluster {
  const { ends_at = rest.started_at && rest.ended_at } = rest;
  const cluster = { ...rest, ends_at };
  const at = as_of ?? cluster.ended_at ?? cluster.created_at;
  // An instant that is none counts as no time.
  const time = served_ms ?? (servedTime(timesOf(cluster), Date.parse(at)) || 0);
  const cost = costOf(readBalance(cluster.hourly), cluster.quantity, time);
  return {
    ...cluster,
    served: served ?? formatAmount(least(readBalance(cluster.paid), cost)),
    served_ms: time,
    as_of: at,
  };
}

/** The figures of a live cluster of the ledger that grow by themselves, at an instant of the server's time. */
export function clusterAt(
  cluster: Cluster,
  now: Ms,
): Pick<Cluster, 'served_ms' | 'served' | 'refundable'> & { left_ms: Ms } {
  const times = timesOf(cluster);
  const { served_ms, served, refundable } = cluster;
  const left_ms = times.ended_at === null ? Math.max(0, (times.ends_at ?? now) - now) : 0;
  if (cluster.source !== 'ledger' || times.ended_at !== null || times.started_at === null) {
    return { served_ms, served, refundable, left_ms };
  }
  const time = servedTime(times, now);
  const paid = readBalance(cluster.paid);
  const cost = (of: Ms) => least(paid, costOf(readBalance(cluster.hourly), cluster.quantity, of));
  const left = paid - readBalance(cluster.refunded) - cost(keptTime(cluster.type, time));
  return {
    served_ms: time,
    served: formatAmount(cost(time)),
    refundable: formatAmount(left > 0n ? left : 0n),
    left_ms,
  };
}
