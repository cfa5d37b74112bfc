// Is it enough? The answer to `GET /credits/check`, worked out from a credits section alone, so that a device gives the
// same one offline. Advisory: it reserves nothing (rules.md section 13).
import type { Credits } from './account.ts';
import { feeOf, type Quote, topUp } from './fees.ts';
import { formatAmount, type Micros, readBalance } from './money.ts';

/** A purchase that covers a shortfall, as texts in credits. */
export type TopUp = {
  credits: string;
  fee: string;
  total: string;
};
export type TopUps = { card: TopUp; crypto: TopUp };

export const DECISIONS = ['approve', 'approve_with_allowance', 'pending_payment', 'refuse'] as const;
export type Decision = (typeof DECISIONS)[number];

export interface Check {
  amount: string;
  /** Spendable for the service asked for. */
  available: string;
  allowance: string;
  /** Covered without any allowance: what a checkout page shows. */
  sufficient: boolean;
  shortfall: string;
  decision: Decision;
  top_up: TopUps;
  /** Card fee in basis points that `top_up` was quoted with. */
  card_fee_bps: number;
  /** Journal row at which this is true. */
  seq: number;
}

function texts({ credits, fee, total }: Quote): TopUp {
  return { credits: formatAmount(credits), fee: formatAmount(fee), total: formatAmount(total) };
}

/** The smallest allowed purchases that cover a shortfall, per kind of payment. */
export function topUps(shortfall: Micros, feeBps?: bigint): TopUps {
  const { card, crypto } = topUp(shortfall, feeBps);
  return { card: texts(card), crypto: texts(crypto) };
}

function decide(state: Credits['state'], shortfall: Micros, allowance: Micros): Decision {
  if (state === 'suspended' || state === 'closed') return 'refuse';
  if (shortfall === 0n) return 'approve';
  return shortfall <= allowance ? 'approve_with_allowance' : 'pending_payment';
}

/** What a deployment of `amount` micros (0 or more) for a service would be told now. */
export function check(
  credits: Credits,
  amount: Micros,
  service?: string,
  feeBps: bigint = feeOf(credits),
): Check {
  const text = (service && credits.available_by_service[service]) ?? credits.available;
  const missing = amount - readBalance(text);
  const shortfall = missing > 0n ? missing : 0n;
  return {
    amount: formatAmount(amount),
    available: text,
    allowance: credits.allowance,
    sufficient: shortfall === 0n,
    shortfall: formatAmount(shortfall),
    decision: decide(credits.state, shortfall, readBalance(credits.allowance)),
    top_up: topUps(shortfall, feeBps),
    card_fee_bps: Number(feeBps),
    seq: credits.seq,
  };
}

/** What the judge of a checkout page knows of an account, as texts in credits: nothing else of it goes there. */
export interface Standing {
  /** Spendable for the service asked for; without one, for any service. */
  available: string;
  /** The most that is spendable for some service: more than `available` only while the service is not known. */
  most: string;
  held: string;
  /** What this device has proposed to spend and nobody has confirmed. */
  pending: string;
  /** Suspended or closed: nothing can be deployed, whatever is there. */
  blocked: boolean;
  /** Blocked, and paying does not end it: a chargeback, or a closed account. Only finance can. */
  lasting?: true;
  /** By card, in basis points. */
  fee: number;
  seq: number;
}

/** A proposal that would spend when it settles, as far as its body says it. */
interface Proposed {
  kind: string;
  body: Record<string, unknown>;
}

const isAmount = (value: unknown): value is string =>
  typeof value === 'string' && /^\d{1,7}(\.\d{1,6})?$/.test(value);

/** What proposals without an answer would take from the spendable credits: withdrawals, and hours of live clusters. */
export function pendingSpend(
  proposals: readonly Proposed[],
  clusters: readonly { id: string; hourly: string; quantity: number }[],
): Micros {
  let sum = 0n;
  for (const { kind, body } of proposals) {
    if (kind === 'withdrawal.request' && isAmount(body['amount'])) sum += readBalance(body['amount']);
    const cluster = kind === 'deployment.extend' && clusters.find(({ id }) => id === body['id']);
    const hours = Number(body['hours']);
    if (cluster && isAmount(cluster.hourly) && Number.isSafeInteger(hours * cluster.quantity)) {
      sum += readBalance(cluster.hourly) * BigInt(hours * cluster.quantity);
    }
  }
  return sum;
}

/** A section of before the reason was told: who is suspended and owes nothing is not so for a debt. */
function isLasting(credits: Credits | null): boolean {
  if (credits?.state !== 'suspended') return credits?.state === 'closed';
  return credits.suspended_for === undefined ? credits.debt === '0' : credits.suspended_for === 'chargeback';
}

/** The standing of an account (null: one without any journal row has nothing). */
export function standingOf(credits: Credits | null, pending: Micros, service: string | null): Standing {
  const by = credits?.available_by_service ?? {};
  const any = credits?.available ?? '0';
  const available = (service !== null && by[service]) || any;
  const most =
    service === null
      ? Object.values(by).reduce((a, b) => (readBalance(b) > readBalance(a) ? b : a), any)
      : available;
  return {
    available,
    most,
    held: credits?.held ?? '0',
    pending: formatAmount(pending),
    blocked: credits?.state === 'suspended' || credits?.state === 'closed',
    ...(isLasting(credits) && { lasting: true }),
    fee: Number(feeOf(credits)),
    seq: credits?.seq ?? 0,
  };
}

/** Amounts in micros; `after` is below zero by the shortfall when it is not enough. */
export interface Judgement {
  enough: boolean;
  blocked: boolean;
  after: Micros;
  shortfall: Micros;
  topUp: { card: Quote; crypto: Quote };
}

/**
 * Is an amount covered? The allowance does not count at a checkout (rules.md 7.3), what is proposed counts as spent.
 * Null when it depends on a service that is not known. @throws AmountError for a standing that is none
 */
export function judge(standing: Standing, amount: Micros): Judgement | null {
  const pending = readBalance(standing.pending);
  const after = readBalance(standing.available) - pending - amount;
  if (after < 0n && readBalance(standing.most) - pending - amount >= 0n) return null;
  const shortfall = after < 0n ? -after : 0n;
  return {
    enough: after >= 0n,
    blocked: standing.blocked,
    after,
    shortfall,
    topUp: topUp(shortfall, BigInt(standing.fee)),
  };
}
