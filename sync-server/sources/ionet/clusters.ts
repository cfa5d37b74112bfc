// An io.net deployment as a cluster of the book: what is told is carried over, what follows from it is worked out, and
// what is not told is named as unknown.
import { type Cluster, type ClusterType, ENDED_STATUSES } from '../../../shared/clusters.ts';
import { formatAmount, type Micros } from '../../../shared/money.ts';
import { HOUR, MINUTE, type Ms, toRfc3339 } from '../../../shared/time.ts';
import type { Detail, ListItem } from './api-schema.ts';
import type { Cloud } from './client.ts';

const TYPES = { caas: 'container', vmaas: 'vm' } as const satisfies Record<Cloud, ClusterType>;
/** What io.net tells of no deployment. */
const NEVER_TOLD = ['held', 'refunded', 'refundable'];
/** Fields that a cluster has a place of its own for. */
const PLACED = new Set(
  (
    'id status name hardware_quantity hardware_name created_at started_at finished_at amount_paid total_gpus ' +
    'completed_percent compute_minutes_served compute_minutes_remaining locations hardware_id'
  ).split(' '),
);
const MAX_MORE = 12;

const isEnded = (status: string) => ENDED_STATUSES.some((ended) => ended === status);
const maybe = (at: Ms | null | undefined) => (at === null || at === undefined ? null : toRfc3339(at));

/** What both answers tell beyond a cluster's own fields, as texts; what only details tell stays until they are read again. */
function moreOf(item: ListItem, detail: Detail | null, known: Cluster | null): Record<string, string> {
  const places = detail?.locations?.map(({ name, iso2 }) => name ?? iso2 ?? '').filter(Boolean);
  const told = Object.entries({ ...detail, ...item }).flatMap(([name, value]): [string, string][] => {
    const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    return isPlain && !PLACED.has(name) ? [[name.slice(0, 64), String(value).slice(0, 200)]] : [];
  });
  const more: Record<string, string> = detail ? {} : { ...known?.more };
  if (places?.length) more['locations'] = places.join(', ').slice(0, 200);
  for (const [name, value] of told) more[name] = value;
  const sorted = Object.entries(more).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.slice(0, MAX_MORE));
}

/**
 * The cluster of a list's item and, when it could be read, its detail; `known` is how it was told before. The hourly
 * price is what was paid for the booked time; served money is that price for the served time.
 */
export function clusterOf(
  cloud: Cloud,
  item: ListItem,
  detail: Detail | null,
  known: Cluster | null,
  now: Ms,
): Cluster {
  const unknown = new Set(NEVER_TOLD);
  const served = item.compute_minutes_served ?? detail?.compute_minutes_served ?? null;
  const left = item.compute_minutes_remaining ?? detail?.compute_minutes_remaining ?? null;
  const minutes = served === null || left === null ? null : served + left;
  if (served === null) unknown.add('served_ms');
  if (minutes === null) unknown.add('hours');
  const quantity = Math.round(detail?.total_gpus ?? item.hardware_quantity);
  const toldBefore = (field: string) => known !== null && !known.unknown?.includes(field);

  const paid: Micros | null = detail?.amount_paid ?? null;
  let money: Pick<Cluster, 'paid' | 'hourly' | 'served'>;
  if (paid !== null && minutes !== null && minutes > 0 && quantity > 0) {
    const booked = BigInt(Math.round(minutes)) * BigInt(quantity);
    const used = (paid * BigInt(Math.round(served ?? 0))) / BigInt(Math.round(minutes));
    money = {
      paid: formatAmount(paid),
      hourly: formatAmount((paid * 60n) / booked),
      served: formatAmount(used),
    };
  } else if (paid === null && known !== null && toldBefore('paid')) {
    money = { paid: known.paid, hourly: known.hourly, served: known.served };
    for (const field of ['hourly', 'served']) if (!toldBefore(field)) unknown.add(field);
  } else {
    money = { paid: formatAmount(paid ?? 0n), hourly: '0', served: '0' };
    for (const field of [...(paid === null ? ['paid'] : []), 'hourly', 'served']) unknown.add(field);
  }

  if (!detail && !toldBefore('created_at')) unknown.add('created_at');
  const ended = isEnded(item.status);
  const finished = detail ? maybe(detail.finished_at) : (known?.ended_at ?? null);
  // It has ended, and nobody says when: what is known is that it had by now.
  if (ended && finished === null) unknown.add('ended_at');
  const started = detail ? maybe(detail.started_at) : (known?.started_at ?? null);
  return {
    id: item.id,
    source: 'ionet',
    name: item.name,
    type: TYPES[cloud],
    status: item.status,
    device: item.hardware_name,
    quantity,
    ...money,
    hours: minutes === null ? 0 : Math.round((minutes * MINUTE) / HOUR),
    created_at: maybe(detail?.created_at) ?? known?.created_at ?? toRfc3339(now),
    started_at: started,
    ends_at: !ended && left !== null && started !== null ? toRfc3339(now + left * MINUTE) : finished,
    ended_at: ended ? (finished ?? known?.ended_at ?? toRfc3339(now)) : null,
    held: '0',
    refunded: '0',
    refundable: '0',
    served_ms: Math.round((served ?? 0) * MINUTE),
    as_of: toRfc3339(now),
    deadline: null,
    shortfall: null,
    reason: null,
    unknown: [...unknown],
    more: moreOf(item, detail, known),
  };
}
