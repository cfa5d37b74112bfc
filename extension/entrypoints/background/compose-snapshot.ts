// What the replica knows, as the record that pages read. While a new replica is still empty, the last numbers stay.
import * as v from 'valibot';
import { kindOf } from '../../../shared/notices.ts';
import { phaseOf } from '../../../shared/clusters.ts';
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
  SNAPSHOT_NOTICES,
  SNAPSHOT_PENDING,
  SnapshotCluster,
  SnapshotCredits,
  SnapshotDay,
  SnapshotEntry,
  SnapshotNotice,
  SnapshotPending,
  SnapshotPlan,
} from '../../view/snapshot-schema.ts';
import { byService, daysOf, Drawing, readRunway, sumOf, windowOf } from './compose-credits.ts';
import { cut, fields, items, readable, short } from './readable.ts';
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

/** After every instant: what has not begun ends last. */
const NO_END = '~';

/** What never began, and what is being stopped anyway, is not stopped by a suspension. */
const NOT_STOPPED = ['unpaid', 'termination requested'];

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
  } = book
    ? readSections(
        book,
        view.pending.map(({ intent }) => intent.body.id),
        Math.floor((now + view.clock_offset) / MINUTE) * MINUTE,
      )
    : {};
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

/** `asked`: what the proposals without an answer are about. */
function readSections(book: BookView, asked: readonly unknown[], now: Ms) {
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
    clusters: readClusters(clusters, asked),
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

/** Unpaid ones first, then those a proposal is about, since it names them; then those that end soonest. */
function readClusters(list: Record<string, unknown>[], asked: readonly unknown[]): Snapshot['clusters'] {
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
    items: [
      ...unpaid,
      ...live.toSorted(
        (a, b) =>
          Number(asked.includes(b.id)) - Number(asked.includes(a.id)) ||
          ((a.ends_at ?? NO_END) < (b.ends_at ?? NO_END) ? -1 : 1),
      ),
    ].slice(0, SNAPSHOT_CLUSTERS),
  };
}
