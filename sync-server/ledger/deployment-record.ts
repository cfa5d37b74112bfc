// A deployment's record, what its owner sees of it, and how it follows the hold that pays for it.
import { type Cluster, CLUSTER_TYPES, costOf, keptTime, servedTime } from '../../shared/clusters.ts';
import { formatAmount, type Micros } from '../../shared/money.ts';
import { type Ms, toRfc3339 } from '../../shared/time.ts';
import { briefCluster } from './brief.ts';
import type { Draft } from './draft.ts';
import { available } from './lots.ts';
import { notify } from './notices.ts';
import type { DeploymentBody, RecordOf } from './records.ts';
import type { View } from './view.ts';

export type Deployment = RecordOf<'deployment'>;

// No id that a caller gives holds a slash, so a service can neither capture nor void a deployment's hold.
const OWN_HOLD = 'd/';

/** Id of the hold that pays for a deployment until it runs. */
export function holdId(deployment: string): string {
  return `${OWN_HOLD}${deployment}`;
}

export function serviceOf({ type }: Pick<DeploymentBody, 'type'>) {
  return CLUSTER_TYPES[type];
}

/** Price of so many booked hours. */
export function priceOf(
  { hourly, quantity }: Pick<DeploymentBody, 'hourly' | 'quantity'>,
  hours: number,
): Micros {
  return hourly * BigInt(quantity) * BigInt(hours);
}

/**
 * What stays paid when it ends at an instant: the exact time; of a VM that its owner ends, at least the first hour.
 * Never more than was paid.
 */
export function keptOf(body: DeploymentBody, at: Ms, whole = true): Micros {
  const served = servedTime({ ...body, ended_at: null }, at);
  const cost = costOf(body.hourly, body.quantity, whole ? keptTime(body.type, served) : served);
  return cost < body.paid ? cost : body.paid;
}

const maybe = (at: Ms | null) => (at === null ? null : toRfc3339(at));

/** A cluster of this ledger: nothing of it is unknown. */
export type OwnCluster = Omit<Cluster, 'unknown' | 'more' | 'gone'>;

/** A deployment as the book and HTTP show it, true now. */
export function shown(view: View, { id, body }: Deployment): OwnCluster {
  const { hourly, quantity, started_at, stopped_at, ends_at, ended_at, paid, refunded } = body;
  const hold = view.find('hold', holdId(id))?.body;
  const waits = hold?.status === 'pending_payment';
  const served_ms = servedTime({ started_at, ends_at, ended_at }, view.now);
  const cost = costOf(hourly, quantity, served_ms);
  const running = started_at !== null && stopped_at === null && ended_at === null;
  const left = paid - refunded - keptOf(body, view.now);
  const missing = waits ? hold.amount - available(view, hold.service) : 0n;
  return {
    id,
    source: 'ledger',
    name: body.name,
    type: body.type,
    status: body.status,
    device: body.device,
    quantity,
    hourly: formatAmount(hourly),
    hours: body.hours,
    created_at: toRfc3339(body.created_at),
    started_at: maybe(started_at),
    ends_at: maybe(ends_at),
    ended_at: maybe(ended_at),
    held: formatAmount(hold?.status === 'authorized' ? hold.amount : 0n),
    paid: formatAmount(paid),
    served: formatAmount(cost < paid ? cost : paid),
    refunded: formatAmount(refunded),
    refundable: formatAmount(running && left > 0n ? left : 0n),
    served_ms,
    as_of: toRfc3339(view.now),
    deadline: waits ? toRfc3339(hold.until) : null,
    shortfall: waits ? formatAmount(missing > 0n ? missing : 0n) : null,
    reason: body.reason,
  };
}

/** Keeps a changed deployment and shows it. */
export function keep(draft: Draft, deployment: Deployment, part: Partial<DeploymentBody>): Deployment {
  const body = { ...deployment.body, ...part };
  const links = [`hold:${holdId(deployment.id)}`, ...body.charges.map((id) => `charge:${id}`)];
  const next = { ...deployment, open: body.ended_at === null, links, body };
  draft.put(next);
  draft.show({ clusters: briefCluster(shown(draft, next)) });
  return next;
}

/** It never ran, or it broke; its owner is told unless they asked for it. */
export function fail(draft: Draft, deployment: Deployment, reason: string): Deployment {
  const next = keep(draft, deployment, { status: 'failed', ended_at: draft.now, reason });
  if (reason !== 'cancelled') {
    notify(draft, 'deployment_failed', deployment.id, { name: deployment.body.name, reason });
  }
  return next;
}

/** After a hold changed by time or by new credit: the deployment that it pays for, if any, goes along. */
export function followHold(draft: Draft, id: string): void {
  if (!id.startsWith(OWN_HOLD)) return;
  const deployment = draft.find('deployment', id.slice(OWN_HOLD.length));
  const hold = draft.find('hold', id);
  if (!deployment || !hold || deployment.body.started_at !== null) return;
  const { status } = hold.body;
  if (status === 'authorized') keep(draft, deployment, { status: 'deployment requested' });
  else if (status === 'failed') fail(draft, deployment, 'grace_expired');
  else if (status === 'expired') fail(draft, deployment, 'hold_expired');
}
