// Paying with lots and debt, giving back in reverse, and repaying what is owed (rules.md sections 4, 6, 7).
import type { Micros } from '../../shared/money.ts';
import type { Service } from './command.ts';
import type { Draft } from './draft.ts';
import type { Legs } from './legs.ts';
import { addLot } from './lot-posting.ts';
import { isLive, type Lot, lotKey, spendable } from './lots.ts';
import type { Funding, RecordOf, Slice } from './records.ts';

const least = (a: Micros, b: Micros) => (a < b ? a : b);

export const NO_FUNDING: Funding = { slices: [], debt: 0n, debt_no: 0 };

/** Records that must be loaded with something funded by these slices. */
export function linksOf(slices: Slice[]): string[] {
  return [...new Set(slices.map(({ lot }) => lot))];
}

/** Takes an amount out of lots in the given order; what they cannot cover becomes debt. */
export function burn(draft: Draft, legs: Legs, lots: Lot[], amount: Micros): Funding {
  const slices: Slice[] = [];
  let left = amount;
  for (const lot of lots) {
    if (left === 0n) break;
    const key = lotKey(lot);
    const micros = least(left, draft.balance(key));
    if (micros === 0n) continue;
    legs.add(key, -micros);
    slices.push({ lot: key, micros });
    left -= micros;
  }
  if (left === 0n) return { slices, debt: 0n, debt_no: 0 };
  legs.add('recv', -left);
  return { slices, debt: left, debt_no: draft.nextNo() };
}

/** Burns for a service from everything that is live and usable. */
export function pay(draft: Draft, legs: Legs, service: Service, amount: Micros): Funding {
  return burn(draft, legs, spendable(draft, service), amount);
}

/**
 * Where a slice goes back to. A charged-back lot's debt is reduced first, the rest is credit that cannot be withdrawn.
 * An expired lot: a `refund` becomes a new lot, a `release` goes back into it and expires at once.
 */
function giveToLot(draft: Draft, legs: Legs, key: string, micros: Micros, how: 'refund' | 'release'): void {
  const lot = draft.find('lot', key.slice('lot:'.length));
  if (!lot) throw new Error(`${key} is not loaded`);
  const expired = !lot.body.frozen && !isLive(lot.body, draft.now);
  if (!lot.body.frozen && (!expired || how === 'release')) {
    legs.add(key, micros);
    return;
  }
  let left = micros;
  if (lot.body.frozen) {
    const item = lot.links
      .filter((link) => link.startsWith('chargeback:'))
      .map((link) => draft.find('chargeback', link.slice('chargeback:'.length)))[0];
    if (!item) throw new Error(`the chargeback of ${key} is not loaded`);
    const part = least(left, item.body.debt);
    if (part > 0n) {
      legs.add('recv', part);
      const debt = item.body.debt - part;
      draft.put({ ...item, open: debt > 0n, body: { ...item.body, debt } });
      left -= part;
    }
  }
  if (left === 0n) return;
  const { source, withdrawable, withdrawable_from, priority, services } = lot.body;
  const fresh = addLot(draft, {
    source,
    withdrawable: withdrawable && expired,
    withdrawable_from,
    priority,
    services,
    expires_at: draft.now + draft.rules.refund_lot_ms,
    size: left,
  });
  legs.add(fresh, left);
}

/**
 * Gives back a part of what was paid, in reverse: first the debt still open, then the last slice. Answers the rest.
 * Law: charge(X) then refund(Y) leaves what charge(X - Y) would have left.
 */
export function giveBack(
  draft: Draft,
  legs: Legs,
  funding: Funding,
  amount: Micros,
  how: 'refund' | 'release',
): Funding {
  const forgiven = least(amount, funding.debt);
  legs.add('recv', forgiven);
  let left = amount - forgiven;
  const slices = [...funding.slices];
  while (left > 0n) {
    const last = slices.pop();
    if (!last) throw new Error('gives back more than was paid');
    const micros = least(left, last.micros);
    if (micros < last.micros) slices.push({ lot: last.lot, micros: last.micros - micros });
    giveToLot(draft, legs, last.lot, micros, how);
    left -= micros;
  }
  return { slices, debt: funding.debt - forgiven, debt_no: funding.debt_no };
}

type DebtKind = 'charge' | 'hold' | 'chargeback';
type DebtRecord = { [K in DebtKind]: RecordOf<K> }[DebtKind];

/** Everything that owes, oldest debt first. */
function debts(draft: Draft): DebtRecord[] {
  return [...draft.open('charge'), ...draft.open('hold'), ...draft.open('chargeback')]
    .filter(({ body }) => body.debt > 0n)
    .toSorted((a, b) => a.body.debt_no - b.body.debt_no);
}

function withFunding(draft: Draft, record: DebtRecord, funding: Funding): void {
  // A hold is open until it is captured or let go; the others while they owe.
  const open = record.kind === 'hold' ? record.open : funding.debt > 0n;
  draft.put({ ...record, open, links: linksOf(funding.slices), body: { ...record.body, ...funding } });
}

/**
 * Repays debt with whatever unrestricted credit is live, oldest item first (7.4), so that debt and free credit never
 * stand side by side (I11). What pays becomes the funding of the item, so that a refund of it returns there.
 */
export function repay(draft: Draft, legs: Legs): void {
  if (draft.debt === 0n) return;
  const lots = spendable(draft, null);
  for (const record of debts(draft)) {
    if (lots.length === 0) return;
    const slices = [...record.body.slices];
    let { debt } = record.body;
    while (debt > 0n) {
      const lot = lots[0];
      if (!lot) break;
      const key = lotKey(lot);
      const micros = least(debt, draft.balance(key));
      if (micros > 0n) {
        legs.add(key, -micros);
        legs.add('recv', micros);
        slices.push({ lot: key, micros });
        debt -= micros;
      }
      if (draft.balance(key) === 0n) lots.shift();
    }
    if (debt < record.body.debt) withFunding(draft, record, { slices, debt, debt_no: record.body.debt_no });
  }
}
