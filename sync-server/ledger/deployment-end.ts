// The early end of a deployment that ran: what was not served goes back to where it came from.
import { formatAmount, type Micros } from '../../shared/money.ts';
import type { Ms } from '../../shared/time.ts';
import { postRefund } from './charges.ts';
import { type Deployment, keep, keptOf, serviceOf } from './deployment-record.ts';
import type { Draft } from './draft.ts';
import { notify } from './notices.ts';
import { credited } from './pending.ts';
import type { DeploymentBody } from './records.ts';

/** Refunds so much of its charges, the last one first. Answers what came back. */
function refundCharges(draft: Draft, { id, body }: Deployment, amount: Micros): Micros {
  let left = amount;
  for (const charge of body.charges.toReversed()) {
    const record = draft.find('charge', charge);
    if (!record) throw new Error(`charge ${charge} is not loaded`);
    const most = record.body.amount - record.body.refunded;
    const part = left < most ? left : most;
    if (part <= 0n) continue;
    postRefund(draft, record, { id: `end/${charge}`, amount: part, ref: id });
    left -= part;
  }
  return amount - left;
}

/**
 * Ends what runs at an instant up to now: keeps what was served (with `whole`, of a VM at least its first hour) and
 * refunds the rest. `part` says what has become of it.
 */
export function endRunning(
  draft: Draft,
  deployment: Deployment,
  at: Ms,
  part: Partial<DeploymentBody> & { status: string },
  whole: boolean,
): Deployment {
  const { body, id } = deployment;
  const { name, paid, refunded } = body;
  const stopped_at = Math.min(at, body.ends_at ?? at);
  const rest = paid - refunded - keptOf(body, stopped_at, whole);
  const back = rest > 0n ? refundCharges(draft, deployment, rest) : 0n;
  const ended = part.ended_at === undefined ? {} : { ended_at: stopped_at };
  const next = keep(draft, deployment, {
    ...part,
    ...ended,
    stopped_at,
    ends_at: stopped_at,
    refunded: refunded + back,
  });
  if (back > 0n) {
    const facts = { amount: formatAmount(back), service: serviceOf(body), name };
    notify(draft, 'refund_arrived', id, facts);
  }
  if (part.status === 'failed') {
    notify(draft, 'deployment_failed', id, { name, reason: part.reason ?? 'provider_failed' });
  } else if (part.ended_at !== undefined) {
    notify(draft, 'deployment_ended', id, { name, status: part.status });
  }
  credited(draft);
  return next;
}
