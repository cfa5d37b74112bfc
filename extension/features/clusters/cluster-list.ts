// Which clusters a list shows, and in which order. Pure; the figures that grow are those of now.
import { type Cluster, clusterAt, type Phase, phaseOf } from '../../../shared/clusters.ts';
import { type Micros, readBalance } from '../../../shared/money.ts';
import type { Ms } from '../../../shared/time.ts';

export const SORT_KEYS = ['name', 'status', 'type', 'device', 'hours', 'cost'] as const;
export type SortKey = (typeof SORT_KEYS)[number];
export interface Sort {
  by: SortKey;
  descending: boolean;
}

export interface ClusterFilter {
  text: string;
  /** A phase, or empty for any. */
  phase: Phase | '';
  /** A type of CLUSTER_TYPES, or empty for any. */
  type: string;
}

/** A cluster with what a row needs of now: cost so far, which for one that has ended is what stayed paid. */
export interface ClusterRow {
  cluster: Cluster;
  phase: Phase;
  served_ms: Ms;
  cost: Micros;
}

export function rowOf(cluster: Cluster, now: Ms): ClusterRow {
  const { served_ms, served } = clusterAt(cluster, now);
  const kept = readBalance(cluster.paid) - readBalance(cluster.refunded);
  const phase = phaseOf(cluster);
  return { cluster, phase, served_ms, cost: phase === 'ended' ? kept : readBalance(served) };
}

const PHASES: Record<Phase, number> = { pending: 1, live: 0, ended: 2 };

/** What runs stands first, then what waits, then what ended. */
const STATUSES = [
  'running',
  'termination requested',
  'unpaid',
  'deployment requested',
  'deploying',
  'failed',
  'completed',
  'terminated',
  'destroyed',
];

function statusRank({ cluster, phase }: ClusterRow): number {
  const place = STATUSES.indexOf(cluster.status);
  return PHASES[phase] * 100 + (place < 0 ? 50 : place);
}

const compare = (a: string | number | bigint, b: string | number | bigint) => (a < b ? -1 : a > b ? 1 : 0);
const KEYS: Record<SortKey, (row: ClusterRow) => string | number | bigint> = {
  name: ({ cluster }) => cluster.name.toLowerCase(),
  status: statusRank,
  type: ({ cluster }) => cluster.type,
  device: ({ cluster }) => cluster.device.toLowerCase(),
  hours: ({ served_ms }) => served_ms,
  cost: ({ cost }) => cost,
};

export function matches({ cluster, phase }: ClusterRow, filter: ClusterFilter): boolean {
  if (filter.phase !== '' && filter.phase !== phase) return false;
  if (filter.type !== '' && filter.type !== cluster.type) return false;
  return matchesText(cluster, filter.text);
}

export function matchesText(cluster: Cluster, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return true;
  const own = [cluster.name, cluster.id, cluster.device, cluster.type, cluster.status].join('\n');
  return own.toLowerCase().includes(wanted);
}

/** The rows of a list; equals keep the newest first. */
export function listClusters(rows: readonly ClusterRow[], filter: ClusterFilter, sort: Sort): ClusterRow[] {
  const key = KEYS[sort.by];
  const turn = sort.descending ? -1 : 1;
  return rows
    .filter((row) => matches(row, filter))
    .toSorted(
      (a, b) => turn * compare(key(a), key(b)) || compare(b.cluster.created_at, a.cluster.created_at),
    );
}
