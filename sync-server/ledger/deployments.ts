// Prepaid deployments: asked for, paid for, running, extended and ended (contract.md, Deployments; domain.md section 5).
import { CLUSTER_TYPES, ENDED_STATUSES } from '../../shared/clusters.ts';
import { MAX_HOURS } from '../../shared/intents.ts';
import { formatAmount, type Micros } from '../../shared/money.ts';
import { HOUR, type Ms } from '../../shared/time.ts';
import { mustAfford, postCharge } from './charges.ts';
import { type Command, type JsonObject, Refusal } from './command.ts';
import { type Deployment, fail, holdId, keep, priceOf, serviceOf, shown } from './deployment-record.ts';
import { endRunning } from './deployment-end.ts';
import type { Draft } from './draft.ts';
import { mustBeAmount, mustBeSame } from './guards.ts';
import { captureHold, letGo, prolong, settled, shown as shownHold, takeHold } from './holds.ts';
import { notify } from './notices.ts';
import { completeTask } from './person.ts';
import type { DeploymentBody, RecordOf } from './records.ts';

type Of<K extends Command['kind']> = Extract<Command, { kind: K }>;

/** So many deployments of one account may be open at once: all of them stand in its book. */
export const MAX_OPEN_DEPLOYMENTS = 100;
const MAX_DEVICES = 100_000;

const isWhole = (value: number, max: number) => Number.isSafeInteger(value) && value >= 1 && value <= max;
const isText = (value: string, max: number) => value.length > 0 && value.length <= max;

/** Its cluster fields, and the hold that pays for it until it runs. */
function answer(draft: Draft, deployment: Deployment): JsonObject {
  const hold = draft.find('hold', holdId(deployment.id));
  return { ...shown(draft, deployment), hold: hold ? shownHold(draft, hold) : null };
}

function find(draft: Draft, id: string): Deployment {
  const deployment = draft.find('deployment', id);
  if (!deployment) throw new Refusal('not_found', 'There is no such deployment.');
  return deployment;
}

function holdOf(draft: Draft, { id }: Deployment): RecordOf<'hold'> {
  const hold = draft.find('hold', holdId(id));
  if (!hold) throw new Error(`the hold of deployment ${id} is not loaded`);
  return hold;
}

function isSame({ body }: Deployment, wish: DeploymentBody): boolean {
  const fields = ['name', 'type', 'device', 'quantity', 'hourly'] as const;
  const terms = ['hours', 'on_insufficient', 'use_allowance'] as const;
  return (
    fields.every((field) => body[field] === wish[field]) &&
    terms.every((term) => body.asked[term] === wish.asked[term])
  );
}

function mustBeSound({ name, type, device, quantity, hours, hourly }: Of<'deployment.create'>): void {
  if (!isText(name, 200) || !isText(device, 100))
    throw new Refusal('invalid_request', 'A deployment has a name and a device.');
  if (!Object.hasOwn(CLUSTER_TYPES, type))
    throw new Refusal('invalid_request', 'There is no such type of deployment.');
  if (!isWhole(quantity, MAX_DEVICES) || !isWhole(hours, MAX_HOURS)) {
    throw new Refusal('invalid_request', 'Devices and hours are whole numbers from 1 up; at most a year.');
  }
  mustBeAmount(hourly);
}

/**
 * `deployment.create`: holds its whole price, or waits five minutes for it as `unpaid`. Answers the cluster with its
 * `hold`. @throws Refusal `insufficient_credits` when it may not wait
 */
export function createDeployment(draft: Draft, command: Of<'deployment.create'>): JsonObject {
  const { id = draft.id(), name, type, device, quantity, hours, hourly } = command;
  const { on_insufficient = 'pending', use_allowance = true } = command;
  const body: DeploymentBody = {
    no: 0,
    name,
    type,
    status: 'deployment requested',
    device,
    quantity,
    hourly,
    hours,
    asked: { hours, on_insufficient, use_allowance },
    created_at: draft.now,
    started_at: null,
    ends_at: null,
    stopped_at: null,
    ended_at: null,
    reason: null,
    charges: [],
    paid: 0n,
    refunded: 0n,
  };
  const known = draft.find('deployment', id);
  if (known) {
    mustBeSame(isSame(known, body), id);
    return answer(draft, known);
  }
  mustBeSound(command);
  if (draft.open('deployment').length >= MAX_OPEN_DEPLOYMENTS) {
    throw new Refusal('rate_limited', `${MAX_OPEN_DEPLOYMENTS} deployments are open; end one first.`);
  }
  const amount = priceOf(body, hours);
  const service = serviceOf(body);
  takeHold(draft, holdId(id), { amount, service, on_insufficient, use_allowance });
  const record: Deployment = { kind: 'deployment', id, open: true, links: [], body };
  const hold = holdOf(draft, record);
  const waits = hold.body.status === 'pending_payment';
  const next = keep(draft, record, { no: draft.nextNo(), status: waits ? 'unpaid' : 'deployment requested' });
  if (waits) {
    const { deadline, shortfall } = shown(draft, next);
    notify(draft, 'deployment_unpaid', id, { name, deadline: deadline ?? '', shortfall: shortfall ?? '' });
  }
  draft.flush();
  return answer(draft, next);
}

/** `deployment.status`: the compute provider's word. What it says of a deployment that has ended is late news. */
export function setStatus(draft: Draft, command: Of<'deployment.status'>): JsonObject {
  const { id, status, at, reason } = command;
  const deployment = find(draft, id);
  if (!isText(status, 64) || status === 'unpaid' || !Number.isSafeInteger(at)) {
    throw new Refusal('invalid_request', 'A provider’s status is a word of its own, with its instant.');
  }
  if (reason !== undefined && !isText(reason, 200))
    throw new Refusal('invalid_request', 'A reason has at most 200 characters.');
  const { body } = deployment;
  // Nothing happens before it was asked for, and nothing in the future.
  const when = Math.min(Math.max(at, body.started_at ?? body.created_at), draft.now);
  const said = { status, when, reason: reason ?? null };
  if (body.ended_at !== null) return answer(draft, afterwards(draft, deployment, status));
  if (body.started_at === null) return answer(draft, beforeRunning(draft, deployment, said));
  return answer(draft, whileRunning(draft, deployment, said));
}

interface Said {
  status: string;
  when: Ms;
  reason: string | null;
}

const hasEnded = (status: string) => ENDED_STATUSES.some((ended) => ended === status);

/** What is terminated may still be destroyed; all else that comes late changes nothing. */
function afterwards(draft: Draft, deployment: Deployment, status: string): Deployment {
  if (deployment.body.status !== 'terminated' || status !== 'destroyed') return deployment;
  const next = keep(draft, deployment, { status });
  draft.flush();
  return next;
}

function beforeRunning(draft: Draft, deployment: Deployment, { status, when, reason }: Said): Deployment {
  const { body } = deployment;
  const hold = holdOf(draft, deployment);
  if (status === 'running') {
    captureHold(draft, hold, hold.body.amount, deployment.id);
    const ends_at = when + body.hours * HOUR;
    const paid = { paid: hold.body.amount, charges: [`c:${hold.id}`] };
    const next = keep(draft, deployment, { status, started_at: when, ends_at, ...paid });
    completeTask(draft, 'first_cluster');
    settled(draft);
    return next;
  }
  if (hasEnded(status)) return abandon(draft, deployment, reason ?? 'provider_failed');
  if (hold.body.status !== 'authorized') {
    throw new Refusal('hold_not_open', 'This deployment has not been paid for.');
  }
  // Provisioning may take long: the money stays held for a day at most.
  if (status === 'deploying') prolong(draft, hold, draft.now + draft.rules.hold_max_ms);
  if (status === body.status) return deployment;
  const next = keep(draft, deployment, { status });
  draft.flush();
  return next;
}

/** It will never run: what was held for it is free again. */
function abandon(draft: Draft, deployment: Deployment, reason: string): Deployment {
  letGo(draft, holdOf(draft, deployment));
  const next = fail(draft, deployment, reason);
  settled(draft);
  return next;
}

function whileRunning(draft: Draft, deployment: Deployment, { status, when, reason }: Said): Deployment {
  const { body } = deployment;
  const { stopped_at } = body;
  if (stopped_at !== null) {
    return hasEnded(status)
      ? close(draft, deployment, status === 'destroyed' ? status : 'terminated')
      : deployment;
  }
  if (hasEnded(status)) {
    // Broken by its provider: only the exact time is paid. Ended on purpose: as when its owner ends it here.
    const broken = status === 'failed';
    const part = { status, ended_at: when, reason: reason ?? (broken ? 'provider_failed' : null) };
    return endRunning(draft, deployment, when, part, !broken);
  }
  if (status === body.status) return deployment;
  const next = keep(draft, deployment, { status });
  draft.flush();
  return next;
}

/** The provider has confirmed a stop, or had time enough to. */
function close(draft: Draft, deployment: Deployment, status: string): Deployment {
  const { name, stopped_at } = deployment.body;
  const next = keep(draft, deployment, { status, ended_at: stopped_at });
  notify(draft, 'deployment_ended', deployment.id, { name, status });
  draft.flush();
  return next;
}

/** `deployment.extend`: more booked hours at the same price, as a new charge. */
export function extendDeployment(draft: Draft, { id, hours }: Of<'deployment.extend'>): JsonObject {
  const deployment = find(draft, id);
  const { body } = deployment;
  if (!isWhole(hours, MAX_HOURS)) throw new Refusal('invalid_request', 'Hours are a whole number from 1 up.');
  if (body.ends_at === null || body.stopped_at !== null || body.ended_at !== null) {
    throw new Refusal(
      'deployment_state',
      `Only a running deployment is extended; this one is ${body.status}.`,
    );
  }
  if (body.hours + hours > MAX_HOURS)
    throw new Refusal('invalid_request', `A deployment is booked for at most ${MAX_HOURS} hours.`);
  const amount: Micros = priceOf(body, hours);
  const service = serviceOf(body);
  mustBeAmount(amount);
  mustAfford(draft, amount, service);
  const charge = `x/${body.charges.length}/${id}`;
  postCharge(draft, charge, { amount, service, ref: id });
  const next = keep(draft, deployment, {
    hours: body.hours + hours,
    ends_at: body.ends_at + hours * HOUR,
    paid: body.paid + amount,
    charges: [...body.charges, charge],
  });
  draft.flush();
  return { ...answer(draft, next), charged: formatAmount(amount) };
}

/** `deployment.end`: what was not served comes back at once; the provider confirms the stop. Twice is once. */
export function endDeployment(draft: Draft, { id }: Of<'deployment.end'>): JsonObject {
  const deployment = find(draft, id);
  return answer(draft, stop(draft, deployment, 'cancelled'));
}

function stop(draft: Draft, deployment: Deployment, reason: string): Deployment {
  const { started_at, stopped_at, ended_at } = deployment.body;
  if (stopped_at !== null || ended_at !== null) return deployment;
  if (started_at === null) return abandon(draft, deployment, reason);
  const why = reason === 'cancelled' ? null : reason;
  return endRunning(draft, deployment, draft.now, { status: 'termination requested', reason: why }, true);
}

/**
 * The account was suspended: first what is only being provisioned is given up, then what runs stops, newest first, with
 * the refunds of an early end. What comes back repays the debt; once nothing is owed the account is active again and
 * the rest goes on.
 */
export function stopWorkloads(draft: Draft): void {
  const paidFor = draft
    .open('deployment')
    .filter(
      (one) =>
        one.body.started_at !== null || draft.find('hold', holdId(one.id))?.body.status === 'authorized',
    );
  const isRunning = ({ body }: Deployment) => Number(body.started_at !== null);
  const order = (a: Deployment, b: Deployment) => isRunning(a) - isRunning(b) || b.body.no - a.body.no;
  for (const { id } of paidFor.toSorted(order)) {
    if (draft.facts.state !== 'suspended') return;
    stop(draft, find(draft, id), 'account_suspended');
  }
}

/** The booked time is over, or the provider was silent about a stop for too long. */
export function deploymentDue(draft: Draft, id: string): void {
  const deployment = find(draft, id);
  const { name, stopped_at, ends_at } = deployment.body;
  if (stopped_at !== null) {
    close(draft, deployment, 'terminated');
    return;
  }
  keep(draft, deployment, { status: 'completed', ended_at: ends_at });
  notify(draft, 'deployment_ended', id, { name, status: 'completed' });
}
