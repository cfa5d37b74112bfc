// The rules' only door: what an account, an order and an instant decide. Pure; any storage loads before and applies after.
import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { unopened } from './accounts.ts';
import { evaluateAlerts } from './alerts.ts';
import { type Order, type Outcome, PROBLEM_STATUS, type Problem, Refusal } from './command.ts';
import { type DecideContext, Draft } from './draft.ts';
import { nextDue } from './due.ts';
import { run } from './run.ts';
import type { AccountState, Changes } from './state.ts';
import { tellTerms } from './terms.ts';
import { runDue } from './transitions.ts';

export type { DecideContext } from './draft.ts';
export { DEFAULT_RULES, type RuleConfig } from './rules.ts';

/** Writes a refused proposal into the journal: its device learns the reason from the book. */
function journalRefusal(draft: Draft, intent: string, { code }: Problem, order: Order): void {
  const row = draft.rows;
  const id = draft.id();
  draft.entry(
    { id, service: 'credits', type: 'refused', amount: 0n, status: 'refused', intent, code },
    { kind: order.command.kind },
  );
  draft.flush();
  draft.answer(intent, row, code);
}

/**
 * Runs what is due for the account, each at its own instant, then the order at max(now, last commit). `state` is null
 * for an account that does not exist yet. A refusal is an outcome: it leaves only what was due, and with an `intent` a
 * `refused` entry. `changes` is null when nothing is to be stored. Never throws for bad business input.
 */
export function decide(
  state: AccountState | null,
  order: Order,
  context: DecideContext,
): { changes: Changes | null; outcome: Outcome } {
  const { account, command, intent } = order;
  if (state === null && command.kind !== 'account.open') {
    const problem: Problem = { code: 'not_found', detail: 'There is no such account.' };
    return { changes: null, outcome: { ok: false, problem, seq: 0, replayed: false } };
  }
  const base = state ?? unopened(account, command.kind === 'account.open' ? command.name : '', context.now);
  const draft = new Draft(base, context);
  runDue(draft);
  tellTerms(draft);
  if (draft.rows > 0) evaluateAlerts(draft);
  draft.actAs(order);
  const undo = draft.mark();
  const row = draft.rows;
  const close = () => draft.changes(nextDue(draft)?.at ?? null);
  try {
    const answer = run(draft, order);
    evaluateAlerts(draft);
    if (intent !== undefined) draft.answer(intent, row);
    return { changes: close(), outcome: { ok: true, answer, seq: draft.seq, replayed: false } };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    undo();
    if (intent !== undefined) journalRefusal(draft, intent, error.problem, order);
    return {
      changes: close(),
      outcome: { ok: false, problem: error.problem, seq: draft.seq, replayed: false },
    };
  }
}

/** The state after some changes, so that several orders of one account can be decided before anything is stored. */
export function apply(state: AccountState | null, changes: Changes): AccountState {
  const balances = new Map(state?.balances);
  for (const [name, micros] of changes.balances) {
    if (micros === 0n) balances.delete(name);
    else balances.set(name, micros);
  }
  const records = new Map(state?.records);
  for (const record of changes.records) records.set(`${record.kind}:${record.id}`, record);
  return { id: changes.account, head: changes.head, facts: changes.facts, balances, records };
}

/**
 * Keys (`kind:id`) of the records that an order names: to be loaded beside the open ones, each with whatever it links
 * to. `transfer:<id>` is no record of the rules: a storage shows the posted transfer of that id in its place.
 */
export function needs({ command }: Order): string[] {
  switch (command.kind) {
    case 'payment.succeeded':
    case 'payment.failed':
      return [`purchase:${command.purchase_id}`, `payment:${command.provider}:${command.payment_id}`];
    case 'purchase.dispute':
      return [`purchase:${command.purchase_id}`];
    case 'suspense.match':
      return [`suspense:${command.suspense_id}`];
    case 'hold.authorize':
    case 'hold.extend':
    case 'hold.capture':
    case 'hold.void':
      return [`hold:${command.id}`];
    case 'charge.refund':
      return [`charge:${command.charge_id}`, `refund:${command.id}`];
    case 'usage':
      return [`usage:${command.id}`, `meter:${command.model}`];
    case 'usage.batch':
      return [...command.uses.map(({ id }) => `usage:${id}`), `meter:${command.model}`];
    case 'withdrawal.cancel':
    case 'withdrawal.approve':
    case 'withdrawal.reject':
    case 'withdrawal.send':
    case 'withdrawal.paid':
    case 'withdrawal.fail':
      return [`withdrawal:${command.id}`];
    case 'reversal':
      return [`reversal:${command.id}`, `reversed:${command.transfer_id}`, `transfer:${command.transfer_id}`];
    case 'deployment.create':
      return command.id === undefined ? [] : [`deployment:${command.id}`];
    case 'deployment.status':
    case 'deployment.extend':
    case 'deployment.end':
      return [`deployment:${command.id}`];
    case 'source.connect':
    case 'source.report':
    case 'source.disconnect':
      return [`source:${command.source}`];
    case 'notice.seen':
      return [`notice:${command.id}`];
    case 'grant':
    case 'charge':
    case 'adjustment':
      return [`${command.kind}:${command.id}`];
    default:
      return [];
  }
}

/** The id that a caller gave in the command; null for commands that carry none. */
function callerId({ command }: Order): string | null {
  switch (command.kind) {
    case 'grant':
    case 'hold.authorize':
    case 'charge':
    case 'charge.refund':
    case 'usage':
    case 'adjustment':
    case 'reversal':
      return command.id;
    case 'deployment.create':
      return command.id ?? null;
    default:
      return null;
  }
}

/** The record (`kind:id`) that an order makes under the id that its caller gave; null for commands that carry none. */
export function madeRecord(order: Order): string | null {
  const id = callerId(order);
  if (id === null) return null;
  switch (order.command.kind) {
    case 'hold.authorize':
      return `hold:${id}`;
    case 'charge.refund':
      return `refund:${id}`;
    case 'deployment.create':
      return `deployment:${id}`;
    default:
      return `${order.command.kind}:${id}`;
  }
}

/** Under which key an order's outcome is remembered: its own, else the id that the caller gave (unique per kind). */
export function keyOf(order: Order): { key: string; by: 'header' | 'id' } | null {
  if (order.key !== undefined) return { key: order.key, by: 'header' };
  const id = callerId(order);
  return id === null ? null : { key: id, by: 'id' };
}

/** A command as plain JSON: amounts as texts, nothing undefined. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(fields.map(([name, field]) => [name, plain(field)]));
}

/** SHA-256 (hex) of the canonical JSON of account and command; equal for the same wish, however it came in. */
export function fingerprint({ account, command }: Order): string {
  return hash('sha256', canonicalize({ account, command: plain(command) }) ?? '');
}

/** Whether an outcome is final for its key: what was executed, refused or not (rules.md 12.2). */
export function isStored(outcome: Outcome): boolean {
  if (outcome.ok) return true;
  const status = PROBLEM_STATUS[outcome.problem.code];
  return outcome.seq > 0 && (status === 402 || status === 404 || status === 409);
}
