// The credits section of the book, derived from lots, holds and facts: nothing in it is stored on its own.
import type { Credits } from '../../shared/account.ts';
import { CARD_FEE_BPS } from '../../shared/fees.ts';
import { formatAmount, type Micros } from '../../shared/money.ts';
import { toRfc3339 } from '../../shared/time.ts';
import { SERVICES } from './command.ts';
import { nextChange } from './due.ts';
import { lotKey } from './lots.ts';
import type { View } from './view.ts';

const MAX_EXPIRING = 50;

/** New work may run: the account is neither suspended nor closed. */
export function isActive(view: View): boolean {
  return view.facts.state === 'active' || view.facts.state === 'grace';
}

/** How far below zero this account may go when it may at all: its own figure or the configured one. */
export function floorOf(view: View): Micros {
  return view.facts.allowance ?? view.rules.allowance;
}

/** The allowance in force now: 0 unless active, with net money in and no withdrawal open (rules.md 7.1). */
export function allowance(view: View): Micros {
  const { settled, charged_back, paid_out } = view.facts;
  if (!isActive(view) || settled - charged_back - paid_out <= 0n) return 0n;
  return view.open('withdrawal').length === 0 ? floorOf(view) : 0n;
}

/** What can be withdrawn now: purchased credit, never more than is free of debt (rules.md section 2). */
export function withdrawable(view: View): Micros {
  if (!isActive(view)) return 0n;
  let bought = 0n;
  let free = -view.debt;
  for (const lot of view.open('lot')) {
    if (lot.body.frozen || lot.body.services !== null) continue;
    const rest = view.balance(lotKey(lot));
    free += rest;
    if (lot.body.withdrawable && (lot.body.withdrawable_from ?? 0) <= view.now) bought += rest;
  }
  const least = bought < free ? bought : free;
  return least > 0n ? least : 0n;
}

/**
 * The section as `GET /credits` answers it, true at journal row `seq`. Overdue lots were posted away before, so every
 * lot that still holds something is live unless frozen.
 */
export function deriveCredits(view: View, seq: number): Credits {
  const { debt, facts } = view;
  const { fee_bps } = view.rules;
  let unrestricted = 0n;
  let restricted = 0n;
  let frozen = 0n;
  const extra = new Map<string, Micros>();
  const expiring = new Map<number, Micros>();
  for (const { id, body } of view.open('lot')) {
    const rest = view.balance(`lot:${id}`);
    if (body.frozen) {
      frozen += rest;
      continue;
    }
    if (body.services === null) unrestricted += rest;
    else {
      restricted += rest;
      for (const service of body.services) extra.set(service, (extra.get(service) ?? 0n) + rest);
    }
    if (body.expires_at !== null) expiring.set(body.expires_at, (expiring.get(body.expires_at) ?? 0n) + rest);
  }
  const available = formatAmount(unrestricted - debt);
  const next = nextChange(view);
  return {
    balance: formatAmount(view.posted),
    available,
    available_by_service: Object.fromEntries(
      SERVICES.map((service) => {
        const more = extra.get(service);
        return [service, more === undefined ? available : formatAmount(unrestricted - debt + more)];
      }),
    ),
    held: formatAmount(view.balance('held')),
    reserved: formatAmount(view.balance('reserved')),
    debt: formatAmount(debt),
    restricted: formatAmount(restricted),
    frozen: formatAmount(frozen),
    withdrawable: formatAmount(withdrawable(view)),
    allowance: formatAmount(allowance(view)),
    state: facts.state,
    ...(facts.state === 'suspended' && facts.reason !== null && { suspended_for: facts.reason }),
    grace_until: facts.grace_until === null ? null : toRfc3339(facts.grace_until),
    next_change_at: next === null ? null : toRfc3339(next),
    expiring: [...expiring]
      .toSorted(([a], [b]) => a - b)
      .slice(0, MAX_EXPIRING)
      .map(([at, amount]) => ({ amount: formatAmount(amount), at: toRfc3339(at) })),
    // The usual fee needs no words in each of an account's rows.
    ...(fee_bps !== CARD_FEE_BPS && { card_fee_bps: Number(fee_bps) }),
    seq,
  };
}
