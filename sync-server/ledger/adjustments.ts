// Corrections by finance, always with a reason and a second principal (rules.md section 3).
import { formatAmount, type Micros } from '../../shared/money.ts';
import { insufficient } from './charges.ts';
import { type Actor, type Command, type JsonObject, Refusal } from './command.ts';
import type { Draft } from './draft.ts';
import { burn, linksOf } from './funding.ts';
import { mustBeAmount, mustBeFinance, mustBeOther, mustBeSame, mustFit } from './guards.ts';
import { addLot, houseOf } from './lot-posting.ts';
import { available, isLive, spendable } from './lots.ts';
import { credited } from './pending.ts';
import type { RecordOf, Slice, TransferBody } from './records.ts';

type Of<K extends Command['kind']> = Extract<Command, { kind: K }>;

const HOUSE = houseOf('adjustment');
const ADJUSTED_PRIORITY = 10;

/** `adjustment`: credit into or out of what is unrestricted; it never creates debt. */
export function adjust(draft: Draft, command: Of<'adjustment'>, actor: Actor): JsonObject {
  const { id, amount, reason, approver } = command;
  mustBeFinance(actor);
  const answer = { id, amount: formatAmount(amount), reason, approver };
  const known = draft.find('adjustment', id);
  if (known) {
    const { body } = known;
    mustBeSame(body.amount === amount && body.reason === reason && body.approver === approver, id);
    return answer;
  }
  mustBeOther(actor, approver);
  mustBeAmount(amount < 0n ? -amount : amount);
  const legs = draft.begin();
  legs.add(HOUSE, -amount);
  let links: string[];
  if (amount > 0n) {
    mustFit(draft, amount);
    const lot = addLot(draft, {
      source: 'adjustment',
      withdrawable: false,
      withdrawable_from: null,
      priority: ADJUSTED_PRIORITY,
      services: null,
      expires_at: null,
      size: amount,
    });
    legs.add(lot, amount);
    links = [lot];
  } else {
    if (available(draft, null) < -amount) throw insufficient(draft, -amount, null);
    links = linksOf(burn(draft, legs, spendable(draft, null), -amount).slices);
  }
  const transfer = legs.post('adjustment', { of: `adjustment:${id}`, reason, approver });
  draft.put({ kind: 'adjustment', id, open: false, links, body: { amount, reason, approver } });
  draft.entry({ id: transfer, service: 'credits', type: 'adjustment', amount, status: 'completed', ref: id });
  credited(draft);
  return answer;
}

/** Kinds that can be negated exactly; all others have a command of their own that undoes them. */
const REVERSIBLE = new Set(['grant', 'adjustment', 'usage.charge']);

const conflict = (detail: string) => new Refusal('version_conflict', detail);

/** The charge of a transfer, when it still stands as it was posted: nothing refunded, nothing repaid since. */
function untouched(draft: Draft, { of, postings }: TransferBody): RecordOf<'charge'> | undefined {
  const charge = draft.find('charge', of?.slice('charge:'.length) ?? '');
  if (!charge) return undefined;
  const paid = new Map<string, Micros>([['recv', -charge.body.debt]]);
  const addSlice = ({ lot, micros }: Slice) => paid.set(lot, (paid.get(lot) ?? 0n) - micros);
  for (const slice of charge.body.slices) addSlice(slice);
  const same = postings.every(({ name, micros }) => name.startsWith('revenue:') || paid.get(name) === micros);
  return same && charge.body.refunded === 0n ? charge : undefined;
}

/** Refuses what an exact negation would break: spent credit, lots that have ended. */
function mustBeReversible(draft: Draft, postings: TransferBody['postings']): void {
  for (const { name, micros } of postings) {
    if (!name.startsWith('lot:')) continue;
    const lot = draft.find('lot', name.slice('lot:'.length));
    if (!lot || !isLive(lot.body, draft.now))
      throw conflict('Credit that this transfer moved has ended since.');
    if (draft.balance(name) < micros) throw conflict('Credit that this transfer gave has been spent since.');
  }
}

/** `reversal`: the exact negation of one transfer, at most once, linked to it. */
export function reverse(draft: Draft, command: Of<'reversal'>, actor: Actor): JsonObject {
  const { id, transfer_id, reason, approver } = command;
  mustBeFinance(actor);
  const answer = { id, transfer_id, reason, approver };
  const known = draft.find('reversal', id);
  if (known) {
    const { body } = known;
    mustBeSame(body.transfer === transfer_id && body.reason === reason && body.approver === approver, id);
    return answer;
  }
  mustBeOther(actor, approver);
  const transfer = draft.find('transfer', transfer_id);
  if (!transfer) throw new Refusal('not_found', 'There is no such transfer.');
  const { kind, postings, of } = transfer.body;
  if (!REVERSIBLE.has(kind))
    throw new Refusal('invalid_request', `A transfer of kind ${kind} has its own way back.`);
  if (draft.find('reversed', transfer_id)) throw conflict('This transfer has been reversed already.');
  mustBeReversible(draft, postings);
  if (kind === 'usage.charge') {
    const charge = untouched(draft, transfer.body);
    if (!charge) throw conflict('This charge has changed since; refund what is left of it.');
    const body = { ...charge.body, slices: [], debt: 0n, refunded: charge.body.amount };
    draft.put({ ...charge, open: false, links: [], body });
  }
  const before = draft.posted;
  const legs = draft.begin();
  for (const { name, micros } of postings) legs.add(name, -micros);
  const posted = legs.post('reversal', { of, reverses: transfer_id, reason, approver });
  draft.put({
    kind: 'reversal',
    id,
    open: false,
    links: [],
    body: { transfer: transfer_id, reason, approver },
  });
  draft.put({ kind: 'reversed', id: transfer_id, open: false, links: [], body: { reversal: id } });
  const amount = draft.posted - before;
  draft.entry({
    id: posted,
    service: 'credits',
    type: 'correction',
    amount,
    status: 'completed',
    ref: transfer_id,
  });
  credited(draft);
  return answer;
}
