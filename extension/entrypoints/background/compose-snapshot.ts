// What the replica knows, as the record that pages read. While a new replica is still empty, the last numbers stay.
import * as v from 'valibot';
import { formatAmount, readBalance } from '../../../shared/money.ts';
import { kindOf } from '../../../shared/notices.ts';
import { phaseOf } from '../../../shared/clusters.ts';
import { poolsOf } from '../../../shared/pools.ts';
import { averageOf, drawsOf, runway } from '../../../shared/runway.ts';
import { type SpendDay, spendNow } from '../../../shared/spend.ts';
import { MINUTE, type Ms } from '../../../shared/time.ts';
import type { BookView } from '../../replica/book.ts';
import type { Pending } from '../../replica/proposal-store.ts';
import type { ReplicaView } from '../../replica/replica-view.ts';
import { type Snapshot, SNAPSHOT_VERSION } from '../../view/snapshot.ts';
import {
  NOTHING,
  SNAPSHOT_CLUSTERS,
  SNAPSHOT_ENTRIES,
  SNAPSHOT_MODELS,
  SNAPSHOT_NAME,
  SNAPSHOT_NOTICES,
  SNAPSHOT_PENDING,
  SnapshotCluster,
  SnapshotCredits,
  SnapshotDay,
  SnapshotEntry,
  SnapshotNotice,
  SnapshotPending,
  SnapshotPlan,
  type SnapshotRunway,
} from '../../view/snapshot-schema.ts';
import { trendOf } from './trend.ts';

/** Missed twice, and a minute for the alarm's own delay: then the worker is gone, not late. */
const staleAfter = (syncMinutes: number): Ms => (2 * syncMinutes + 1) * MINUTE;

/** Null for an account without any journal row. */
const Credits = v.nullable(SnapshotCredits);

/** What a book leaves out of a cluster, as shared/clusters.ts fills it in. */
const NO_NEWS: Record<string, unknown> = {
  source: 'ledger',
  started_at: null,
  ends_at: null,
  ended_at: null,
  deadline: null,
  shortfall: null,
};

/** What never began, and what is being stopped anyway, is not stopped by a suspension. */
const NOT_STOPPED = ['unpaid', 'termination requested'];

/** What a runway asks of a cluster. */
const Drawing = v.object({
  ...v.pick(SnapshotCluster, ['id', 'type', 'status', 'hourly', 'quantity', 'ends_at']).entries,
  source: v.picklist(['ledger', 'ionet']),
  ended_at: SnapshotCluster.entries.ends_at,
});

const amount = SnapshotDay.entries.balance;
/** What a credits section says of its parts; what is not of that shape is not there. */
const Parts = v.object({
  available: amount,
  restricted: amount,
  available_by_service: v.fallback(v.record(v.string(), amount), {}),
  expiring: v.fallback(v.array(v.object({ amount, at: v.string() })), []),
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

/** `now` is this device's: what depends on time alone is worked out at whole minutes. */
export function composeSnapshot(
  view: ReplicaView,
  shown: Snapshot | null,
  syncMinutes: number,
  now: Ms,
): Snapshot {
  const before = shown?.account.id === view.account_id ? shown : null;
  const { book, confirmed_at } = view;
  const {
    name = '',
    timezone = null,
    ...sections
  } = book ? readSections(book, Math.floor((now + view.clock_offset) / MINUTE) * MINUTE) : {};
  return {
    ...NOTHING,
    seq: 0,
    ...before,
    ...sections,
    version: SNAPSHOT_VERSION,
    account: {
      id: view.account_id,
      name: book ? name : (before?.account.name ?? ''),
      timezone: book ? timezone : (before?.account.timezone ?? null),
      server: view.server,
      device_name: cut(view.device_name),
    },
    connection: view.connection,
    confirmed_at,
    stale_at: confirmed_at === null ? null : confirmed_at + staleAfter(syncMinutes),
    clock_offset: view.clock_offset,
    pending: view.pending
      .toSorted(
        (a, b) =>
          Number(a.state === 'answered') - Number(b.state === 'answered') || b.intent.at - a.intent.at,
      )
      .slice(0, SNAPSHOT_PENDING)
      .map(pendingItem),
    waiting: view.pending.filter(({ state }) => state !== 'answered').length,
  };
}

/** Whether this release understands what a book says about the credits. */
export function isReadable({ section }: BookView): boolean {
  return v.is(Credits, section('credits'));
}

/** A proposal as pages see it. */
export function pendingItem({ intent: { id, kind, at, body }, state, code }: Pending): SnapshotPending {
  const { amount, id: subject, hours } = body;
  return {
    id,
    kind: cut(kind, 32),
    at,
    state,
    ...(v.is(SnapshotDay.entries.balance, amount) && { amount }),
    ...(v.is(SnapshotPending.entries.hours, hours) && hours !== undefined && { hours }),
    ...(v.is(SnapshotNotice.entries.id, subject) && { subject }),
    ...(code !== undefined && { code: cut(code) }),
  };
}

function readSections(book: BookView, now: Ms) {
  const { section } = book;
  const profile = fields(section('profile'));
  const terms = fields(section('terms'));
  const clusters = items(section('clusters')).map((cluster) => ({ ...NO_NEWS, ...cluster }));
  const tasks = items(section('tasks'));
  const credits = v.parse(Credits, section('credits'));
  const recent = book.recent();
  const days = daysOf(fields(section('spend')), recent);
  const told = items(section('notices'));
  const notices = told
    .filter((notice) => (notice['seen_at'] ?? null) === null)
    .map((notice) => ({ subject: null, ...kindOf(String(notice['code'])), ...notice }));
  return {
    name: typeof profile['name'] === 'string' ? cut(profile['name']) : '',
    timezone: typeof profile['timezone'] === 'string' ? cut(profile['timezone']) : null,
    seq: Number(fields(section('head'))['seq'] ?? 0),
    credits: credits && { ...credits, ...byService(section('credits')), ...windowOf(credits, told) },
    recent: readable(
      SnapshotEntry,
      items(recent.slice(-SNAPSHOT_ENTRIES))
        .map((entry) => ({ ...entry, subject: subjectOf(entry, clusters) }))
        .reverse(),
    ),
    plan: readPlan(fields(section('plan'))),
    clusters: readClusters(clusters),
    notices: {
      unseen: notices.length,
      items: readable(SnapshotNotice, notices.slice(-SNAPSHOT_NOTICES).reverse()),
    },
    tasks_open: tasks.flatMap(({ id, done_at }) => (done_at === null ? [cut(String(id), 32)] : [])),
    tasks_done: tasks.filter(({ done_at }) => done_at !== null).length,
    terms_due:
      typeof terms['version'] === 'string' && terms['version'] !== terms['accepted']
        ? cut(terms['version'], 64)
        : null,
    alerts: Object.entries(fields(fields(section('alerts'))['crossed'])).flatMap(([kind, since]) =>
      since === null ? [] : [cut(kind, 32)],
    ),
    runway: credits && readRunway(section('credits'), clusters, days, now),
    trend: credits ? trendOf(days, recent, credits.balance, now) : [],
  };
}

/** What an entry is about: the cluster with the id it refers to, or a model. */
function subjectOf({ ref, service }: Record<string, unknown>, clusters: Record<string, unknown>[]) {
  const cluster = clusters.find(({ id }) => id === ref);
  const subject = cluster ? cluster['name'] : service === 'inference' ? ref : undefined;
  return typeof subject === 'string' ? cut(subject) : undefined;
}

function readPlan(plan: Record<string, unknown>): SnapshotPlan | null {
  const models = items(plan['models']);
  const charged = sumOf(models.map((model) => model['charged']));
  const shown = models.slice(0, SNAPSHOT_MODELS).map(short);
  return readable(SnapshotPlan, [{ ...plan, charged, model_count: models.length, models: shown }])[0] ?? null;
}

/** What each day cost: as the book's section says it, brought up to its last entry. */
function daysOf({ n, days }: Record<string, unknown>, recent: readonly unknown[]) {
  const told = { as_of: '', days: readable(SpentDay, items(days)) };
  return spendNow(typeof n === 'number' ? { ...told, n } : told, readable(Moved, recent)).days;
}

/** What some service may spend beyond the rest. */
function byService(section: unknown): Pick<SnapshotCredits, 'by_service'> {
  const parts = v.safeParse(Parts, section);
  if (!parts.success) return {};
  const { available, available_by_service } = parts.output;
  const more = Object.entries(available_by_service).filter(([service, text]) => {
    return service.length <= 32 && readBalance(text) > readBalance(available);
  });
  return more.length === 0 ? {} : { by_service: Object.fromEntries(more.slice(0, SERVICES)) };
}

/** When the window of grace that is open began: its notice was made then. */
function windowOf(
  { state, grace_until }: SnapshotCredits,
  notices: Record<string, unknown>[],
): Pick<SnapshotCredits, 'grace_since'> {
  const opened = notices.findLast(
    ({ code, facts }) => code === 'grace_started' && fields(facts)['until'] === grace_until,
  );
  const since = opened?.['created_at'];
  return state === 'grace' && typeof since === 'string' && since.length <= 30 ? { grace_since: since } : {};
}

function readRunway(
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
function sumOf(amounts: unknown[]): string {
  const parsed = readable(SnapshotCredits.entries.balance, amounts);
  return formatAmount(parsed.reduce((sum, amount) => sum + readBalance(amount), 0n));
}

/** Unpaid ones first, then those that end soonest. */
function readClusters(list: Record<string, unknown>[]): Snapshot['clusters'] {
  const open = list.filter((cluster) => cluster['ended_at'] === null).map(short);
  const all = readable(SnapshotCluster, open);
  const unpaid = all.filter(({ deadline }) => deadline !== null);
  const live = all.filter(({ deadline }) => deadline === null);
  const stopping = readable(Drawing, open).filter(
    (one) =>
      one.source === 'ledger' && phaseOf(one) !== 'ended' && !NOT_STOPPED.some((word) => word === one.status),
  );
  return {
    unpaid: unpaid.length,
    live: live.length,
    stopping: stopping.length,
    items: [...unpaid, ...live.toSorted((a, b) => ((a.ends_at ?? '') < (b.ends_at ?? '') ? -1 : 1))].slice(
      0,
      SNAPSHOT_CLUSTERS,
    ),
  };
}

/** The items that a page could draw; an entry may hold an instant that no Date can. */
function readable<T>(schema: v.GenericSchema<unknown, T>, list: readonly unknown[]): T[] {
  return list.flatMap((item) => {
    const parsed = v.safeParse(schema, item);
    return parsed.success ? [parsed.output] : [];
  });
}

function fields(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function items(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(fields) : [];
}

/** Its texts cut to what a snapshot has room for. */
function short(item: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(item).map(([key, value]) => [key, typeof value === 'string' ? cut(value) : value]),
  );
}

/** A long text keeps its end too: that tells two clusters apart. */
function cut(text: string, max = SNAPSHOT_NAME): string {
  return text.length <= max ? text : `${text.slice(0, max - 9)}…${text.slice(-8)}`;
}
