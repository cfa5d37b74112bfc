// Connected accounts elsewhere: what is told of them stands in the book beside the ledger's own, and moves no money.
import type { Cluster } from '../../shared/clusters.ts';
import type { Source } from '../../shared/sources.ts';
import { MINUTE, type Ms, toRfc3339 } from '../../shared/time.ts';
import { briefCluster } from './brief.ts';
import { type Command, type JsonObject, type KnownCluster, Refusal } from './command.ts';
import type { Draft } from './draft.ts';
import { mustNotBeClosed } from './guards.ts';
import type { SourceBody } from './records.ts';

const ID = 'ionet';
/** Clusters that are remembered: the newest of what runs (all of it stands in the book), and of what has ended. */
const MAX_LIVE = 100;
const MAX_ENDED = 100;
/** Figures that only grow with time are told again after this. */
const TELL_EVERY: Ms = 10 * MINUTE;

const NOTHING: SourceBody = { source: null, print: null, told_at: 0, clusters: [] };

const bodyOf = (draft: Draft) => draft.find('source', ID)?.body ?? NOTHING;

function keep(draft: Draft, body: SourceBody): void {
  draft.put({ kind: 'source', id: ID, open: false, links: [], body });
}

function answer({ source }: SourceBody): JsonObject {
  return { ionet: source && { ...source } };
}

function drop(draft: Draft, cluster: Cluster): void {
  draft.show({ clusters: { ...briefCluster(cluster), gone: true } });
}

/** `source.connect`: from now on it is asked for; a new key for what is connected begins anew and forgets nothing. */
export function connectSource(
  draft: Draft,
  { print }: Extract<Command, { kind: 'source.connect' }>,
): JsonObject {
  mustNotBeClosed(draft);
  const before = bodyOf(draft);
  const now = toRfc3339(draft.now);
  const fresh = { connected_at: now, as_of: null, missing: [], key: null, keys: null };
  const source: Source = { ...(before.source ?? fresh), state: 'connecting', since: now };
  const body = { ...before, source, print, told_at: draft.now };
  keep(draft, body);
  draft.show({ sources: { ionet: source } });
  draft.flush();
  return answer(body);
}

/** `source.disconnect`: what was told of it leaves the book. Twice is once. */
export function disconnectSource(draft: Draft): JsonObject {
  const before = bodyOf(draft);
  if (before.source === null) return answer(before);
  for (const { cluster } of before.clusters) drop(draft, cluster);
  draft.show({ sources: { ionet: null } });
  keep(draft, NOTHING);
  draft.flush();
  return answer(NOTHING);
}

/** `source.report`: what was read. Only what is new is told; figures that grow with time now and then. */
export function reportSource(draft: Draft, report: Extract<Command, { kind: 'source.report' }>): JsonObject {
  const before = bodyOf(draft);
  if (before.source === null) throw new Refusal('not_found', 'This account is not connected.');
  const now = toRfc3339(draft.now);
  const known = new Map(before.clusters.map((each) => [each.cluster.id, each]));
  const news: Cluster[] = [];
  for (const { cluster, detailed_at } of report.clusters) {
    const old = known.get(cluster.id);
    const told = { ...cluster, as_of: now };
    const isNews = !old || differs(old.cluster, told, draft.now);
    if (isNews) news.push(told);
    known.set(cluster.id, { cluster: isNews ? told : old.cluster, detailed_at });
  }
  const clusters = newest([...known.values()]);
  const ids = new Set(clusters.map(({ cluster }) => cluster.id));
  for (const cluster of news) if (ids.has(cluster.id)) draft.show({ clusters: briefCluster(cluster) });
  for (const { cluster } of before.clusters) if (!ids.has(cluster.id)) drop(draft, cluster);
  const source = next(before.source, report, now);
  const shows =
    draft.now - before.told_at >= TELL_EVERY ||
    JSON.stringify({ ...source, as_of: null }) !== JSON.stringify({ ...before.source, as_of: null });
  if (shows) draft.show({ sources: { ionet: source } });
  const told_at = shows ? draft.now : before.told_at;
  keep(draft, { ...before, source, told_at, clusters });
  draft.flush();
  return answer({ ...before, source });
}

function next(
  before: Source,
  { state, missing, key, keys }: Extract<Command, { kind: 'source.report' }>,
  now: string,
): Source {
  return {
    ...before,
    state,
    since: state === before.state ? before.since : now,
    as_of: state === 'connected' ? now : before.as_of,
    missing,
    key: key ?? before.key,
    keys: keys === 'unseen' ? null : (keys ?? before.keys),
  };
}

/** Whether a cluster says something new: anything but its growing figures, or those after a while. */
function differs(old: Cluster, told: Cluster, now: Ms): boolean {
  const still = ({ as_of: _at, served_ms: _ms, served: _served, ends_at: _ends, ...rest }: Cluster) =>
    JSON.stringify(rest);
  if (still(old) !== still(told)) return true;
  const has = old.served_ms !== told.served_ms || old.ends_at !== told.ends_at;
  return has && now - Date.parse(old.as_of) >= TELL_EVERY;
}

function newest(clusters: KnownCluster[]): KnownCluster[] {
  const isOpen = ({ cluster }: KnownCluster) => cluster.ended_at === null;
  const byAge = (a: KnownCluster, b: KnownCluster) => (a.cluster.created_at < b.cluster.created_at ? 1 : -1);
  const sorted = clusters.toSorted(byAge);
  return [
    ...sorted.filter(isOpen).slice(0, MAX_LIVE),
    ...sorted.filter((each) => !isOpen(each)).slice(0, MAX_ENDED),
  ];
}
