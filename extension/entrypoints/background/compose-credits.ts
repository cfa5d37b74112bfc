// A book's credits as a snapshot tells them: parts, days and the runway, worked out as of one minute.
import * as v from 'valibot';
import { formatAmount, readBalance } from '../../../shared/money.ts';
import { poolsOf } from '../../../shared/pools.ts';
import { averageOf, drawsOf, runway } from '../../../shared/runway.ts';
import { type SpendDay, spendNow } from '../../../shared/spend.ts';
import type { Ms } from '../../../shared/time.ts';
import {
  SnapshotCluster,
  SnapshotCredits,
  SnapshotDay,
  SnapshotEntry,
  type SnapshotRunway,
} from '../../view/snapshot-schema.ts';
import { fields, items, readable } from './readable.ts';

/** What a runway asks of a cluster. */
export const Drawing = v.object({
  ...v.pick(SnapshotCluster, ['id', 'type', 'status', 'hourly', 'ends_at']).entries,
  quantity: v.pipe(v.number(), v.integer(), v.minValue(0)),
  source: v.picklist(['ledger', 'ionet']),
  ended_at: SnapshotCluster.entries.ends_at,
});

const amount = SnapshotDay.entries.balance;
const instant = v.pipe(
  v.string(),
  v.check((text) => !Number.isNaN(Date.parse(text))),
);
/** What a credits section says of its parts; what is not of that shape is not there. */
const Parts = v.object({
  available: amount,
  restricted: amount,
  available_by_service: v.fallback(v.record(v.string(), amount), {}),
  expiring: v.fallback(v.array(v.object({ amount, at: instant })), []),
});
/** Services that a snapshot has room for. */
const SERVICES = 8;

/** A day of spending, and an entry that it may not contain yet. */
const SpentDay = v.object({
  ...SnapshotDay.entries,
  spent: v.fallback(v.record(v.string(), amount), {}),
});
const Moved = v.object({
  ...v.pick(SnapshotEntry, ['n', 'at', 'type', 'service', 'amount']).entries,
  balance: amount,
});

/** What each day cost: as the book's section says it, brought up to its last entry. */
export function daysOf({ n, days }: Record<string, unknown>, recent: readonly unknown[]) {
  const told = { as_of: '', days: readable(SpentDay, items(days)) };
  return spendNow(typeof n === 'number' ? { ...told, n } : told, readable(Moved, recent)).days;
}

/** What some service may spend beyond the rest. */
export function byService(section: unknown): Pick<SnapshotCredits, 'by_service'> {
  const parts = v.safeParse(Parts, section);
  if (!parts.success) return {};
  const { available, available_by_service } = parts.output;
  const more = Object.entries(available_by_service).filter(([service, text]) => {
    return service.length <= 32 && readBalance(text) > readBalance(available);
  });
  return more.length === 0 ? {} : { by_service: Object.fromEntries(more.slice(0, SERVICES)) };
}

/** When the window of grace that is open began: its notice was made then. */
export function windowOf(
  { state, grace_until }: SnapshotCredits,
  notices: Record<string, unknown>[],
): Pick<SnapshotCredits, 'grace_since'> {
  const opened = notices.findLast(
    ({ code, facts }) => code === 'grace_started' && fields(facts)['until'] === grace_until,
  );
  const since = opened?.['created_at'];
  return state === 'grace' && typeof since === 'string' && since.length <= 30 ? { grace_since: since } : {};
}

/** How long the credits last; those that cannot be read are none. */
export function readRunway(
  credits: unknown,
  clusters: Record<string, unknown>[],
  days: readonly SpendDay[],
  now: Ms,
): SnapshotRunway {
  const inference = days.flatMap(({ day, spent }) => {
    const start = Date.parse(day);
    return Number.isNaN(start) ? [] : [{ start, inference: readBalance(spent['inference'] ?? '0') }];
  });
  const parts = v.safeParse(Parts, credits);
  const draws = drawsOf(readable(Drawing, clusters), now);
  const { confidence, ends_at, per_hour } = runway(
    parts.success ? poolsOf(parts.output) : [],
    draws,
    averageOf(inference, now),
    now,
  );
  return { confidence, ends_at, per_hour: formatAmount(per_hour) };
}

/** The sum of those that are amounts. */
export function sumOf(amounts: unknown[]): string {
  const parsed = readable(SnapshotCredits.entries.balance, amounts);
  return formatAmount(parsed.reduce((sum, amount) => sum + readBalance(amount), 0n));
}
