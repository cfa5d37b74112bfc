// A settled purchase is charged back: the rest of its lot goes, the spent part becomes debt, the account is suspended.
import type { Actor, Command, JsonObject } from './command.ts';
import { Refusal } from './command.ts';
import { formatAmount } from '../../shared/money.ts';
import { stopWorkloads } from './deployments.ts';
import type { Draft } from './draft.ts';
import { mustBeFinance } from './guards.ts';
import { notify } from './notices.ts';
import { credited } from './pending.ts';
import { chargedBack } from './purchases.ts';

/** `purchase.dispute`: what is reserved, held or spent of the lot is owed until it comes back. Twice is once. */
export function dispute(
  draft: Draft,
  { purchase_id }: Extract<Command, { kind: 'purchase.dispute' }>,
  actor: Actor,
): JsonObject {
  mustBeFinance(actor);
  const record = draft.find('purchase', purchase_id);
  if (!record) throw new Refusal('not_found', 'There is no such purchase.');
  const { status, credits, provider, lot: key } = record.body;
  if (status === 'charged_back') return { id: purchase_id, status };
  const lot = key === null ? undefined : draft.find('lot', key.slice('lot:'.length));
  if (status !== 'settled' || key === null || !lot) {
    throw new Refusal('invalid_request', 'Only a settled purchase can be disputed.');
  }
  const rest = draft.balance(key);
  const debt = credits - rest;
  const legs = draft.begin();
  legs.add(key, -rest);
  legs.add('recv', -debt);
  legs.add(`asset:psp:${provider}`, credits);
  const id = legs.post('purchase.chargeback', { of: `purchase:${purchase_id}` });
  const body = { amount: credits, slices: [], debt, debt_no: draft.nextNo() };
  const links = [`chargeback:${purchase_id}`];
  draft.put({ kind: 'chargeback', id: purchase_id, open: debt > 0n, links: [], body });
  draft.put({ ...lot, open: false, links, body: { ...lot.body, frozen: true } });
  draft.setFacts({
    charged_back: draft.facts.charged_back + credits,
    forced: draft.facts.forced || debt > 0n,
    ...(draft.facts.state !== 'closed' && { state: 'suspended', reason: 'chargeback', grace_until: null }),
  });
  const entry = { service: 'credits', type: 'chargeback', status: 'completed', ref: purchase_id };
  draft.entry({ id, ...entry, amount: -credits });
  chargedBack(draft, record);
  if (draft.facts.state === 'suspended') {
    notify(draft, 'account_suspended', null, { reason: 'chargeback', debt: formatAmount(draft.debt) });
  }
  credited(draft);
  // Nothing goes on with money that was taken back.
  if (draft.facts.state === 'suspended') stopWorkloads(draft);
  return { id: purchase_id, status: 'charged_back' };
}
