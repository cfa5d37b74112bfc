// What may be asked of the ledger. HTTP, tray, webhooks, jobs and sources all speak these commands, so that one
// set of rules and one space of idempotency keys serve them all. Amounts are micros, instants ms.
import type { Cluster, ClusterType } from '../../shared/clusters.ts';
import type { PayMethod } from '../../shared/fees.ts';
import type { Micros } from '../../shared/money.ts';
import type { Chain } from '../../shared/profile.ts';
import type { KeyAllowance, KeysUsage, SourcePart, SourceState } from '../../shared/sources.ts';
import type { Ms } from '../../shared/time.ts';

export const SCOPES = ['account', 'finance', 'service', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** Who asks: a principal with one scope; `system` is the ledger's own clock, jobs and verified webhooks. */
export interface Actor {
  principal: string;
  scope: Scope | 'system';
}

/** IO services that spend, and `credits` for what moves credits themselves (contract.md, Services). */
export const SERVICES = ['ray', 'k8s', 'caas', 'vm', 'baremetal', 'inference'] as const;
export type Service = (typeof SERVICES)[number];

/** Free credit by source (rules.md section 4). */
export type GrantSource = 'promo' | 'goodwill' | 'bd_grant';

/** Alert thresholds as the rules compare them; null for off. */
export interface AlertLevels {
  /** Available credits under this. */
  balance: Micros | null;
  /** What runs now lasts for fewer hours than this. */
  runway_hours: number | null;
  /** Percent of the plan's pool, reached. */
  plan_share: number | null;
  /** Spent on one UTC day, reached. */
  spend_per_day: Micros | null;
}

/** A cluster of a connected account, as it was last told; `detailed_at` is when its details were read. */
export interface KnownCluster {
  cluster: Cluster;
  detailed_at: Ms | null;
}

/** What was read of a connected account; null for what could not be read. */
export interface SourceReport {
  state: SourceState;
  missing: SourcePart[];
  key: KeyAllowance | null;
  /** `unseen` when this key may not see them. */
  keys: KeysUsage | 'unseen' | null;
  /** Clusters that were read, each true now. */
  clusters: KnownCluster[];
}

export type Command =
  | { kind: 'account.open'; name: string }
  | { kind: 'account.patch'; allowance?: Micros; state?: 'active' | 'closed' }
  /** Runs what is due and nothing else. */
  | { kind: 'tick' }
  | { kind: 'purchase.start'; amount: Micros; method: PayMethod }
  | { kind: 'payment.succeeded'; purchase_id: string; payment_id: string; provider: string; amount: Micros }
  | { kind: 'payment.failed'; purchase_id: string; payment_id: string; provider: string }
  | { kind: 'purchase.dispute'; purchase_id: string }
  | { kind: 'suspense.match'; suspense_id: string }
  | {
      kind: 'grant';
      id: string;
      amount: Micros;
      source: GrantSource;
      expires_at?: Ms;
      services?: Service[];
      priority?: number;
    }
  | {
      kind: 'hold.authorize';
      id: string;
      amount: Micros;
      service: Service;
      on_insufficient?: 'pending' | 'fail';
      use_allowance?: boolean;
    }
  | { kind: 'hold.extend'; id: string; until: Ms }
  | { kind: 'hold.capture'; id: string; amount: Micros }
  | { kind: 'hold.void'; id: string }
  | { kind: 'charge'; id: string; amount: Micros; service: Service; force?: boolean }
  | { kind: 'charge.refund'; charge_id: string; id: string; amount: Micros }
  /**
   * One account's, model's and batch's inference usage: quota first, the rest charged (rules.md 11). `rate` is micros
   * per million tokens; the ledger keeps what is less than a micro for the next batch (M6).
   */
  | {
      kind: 'usage';
      id: string;
      model: string;
      input_tokens: number;
      output_tokens: number;
      rate: { input: Micros; output: Micros };
      at: Ms;
    }
  /** Many pieces of use of one account and model, as one posting; each piece counts once, by its id. */
  | {
      kind: 'usage.batch';
      model: string;
      rate: { input: Micros; output: Micros };
      uses: { id: string; input_tokens: number; output_tokens: number; at: Ms }[];
    }
  | { kind: 'plan.choose'; plan: string }
  /**
   * A prepaid deployment: `hourly` is the price per device and hour that the server's catalogue says. Without an id it
   * gets one.
   */
  | {
      kind: 'deployment.create';
      id?: string;
      name: string;
      type: ClusterType;
      device: string;
      quantity: number;
      hours: number;
      hourly: Micros;
      on_insufficient?: 'pending' | 'fail';
      use_allowance?: boolean;
    }
  /** From the compute provider: unknown statuses are kept as they come. */
  | { kind: 'deployment.status'; id: string; status: string; at: Ms; reason?: string }
  | { kind: 'deployment.extend'; id: string; hours: number }
  | { kind: 'deployment.end'; id: string }
  | { kind: 'notice.seen'; id: string }
  | { kind: 'profile.set'; name?: string | undefined; timezone?: string | undefined }
  | { kind: 'wallet.add'; chain: Chain; address: string }
  | { kind: 'wallet.remove'; id: string }
  | { kind: 'wallet.primary'; id: string }
  | { kind: 'alerts.set'; levels: AlertLevels }
  | { kind: 'terms.accept'; version: string }
  /** An account elsewhere is connected (`print` stands for its key), told of, and disconnected. */
  | { kind: 'source.connect'; source: 'ionet'; print: string }
  | ({ kind: 'source.report'; source: 'ionet' } & SourceReport)
  | { kind: 'source.disconnect'; source: 'ionet' }
  | { kind: 'withdrawal.request'; amount: Micros; wallet_address: string }
  | { kind: 'withdrawal.cancel'; id: string }
  | { kind: 'withdrawal.approve'; id: string }
  | { kind: 'withdrawal.reject'; id: string; reason: string }
  | { kind: 'withdrawal.send'; id: string }
  | { kind: 'withdrawal.paid'; id: string; tx_url: string }
  | { kind: 'withdrawal.fail'; id: string }
  /** Signed amount into (+) or out of (-) the account's unrestricted credit; needs a second principal. */
  | { kind: 'adjustment'; id: string; amount: Micros; reason: string; approver: string }
  /** A proposal that no order can be made of: refused with this code, so that its device gets an answer. */
  | { kind: 'refuse'; code: ProblemCode; detail: string }
  | { kind: 'reversal'; id: string; transfer_id: string; reason: string; approver: string };

/** One request to the ledger. */
export interface Order {
  account: string;
  actor: Actor;
  command: Command;
  /** Idempotency key within the principal's space: 16-64 characters, or the id a caller gave in the command. */
  key?: string;
  /** Id of the proposal in a tray that this order stands for: then a refusal is a journal entry. */
  intent?: string;
}

/** JSON as it goes out: amounts are decimal texts, instants RFC 3339. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };

/** A refusal: the stable code of rules.md section 13, what to do, and the facts that the code promises. */
export interface Problem {
  code: ProblemCode;
  detail: string;
  facts?: JsonObject;
}

/** What became of an order. `seq` is the account's journal head after it; a replay answers as it was first answered. */
export type Outcome =
  | { ok: true; answer: JsonObject; seq: number; replayed: boolean }
  | { ok: false; problem: Problem; seq: number; replayed: boolean };

/** Every code that an answer may carry, with its HTTP status (rules.md section 13). */
export const PROBLEM_STATUS = {
  invalid_amount: 400,
  amount_precision: 400,
  amount_too_large: 400,
  amount_below_minimum: 400,
  idempotency_key_missing: 400,
  invalid_request: 400,
  unauthenticated: 401,
  webhook_signature_invalid: 401,
  webhook_timestamp: 401,
  insufficient_credits: 402,
  allowance_exhausted: 402,
  grace_expired: 402,
  quota_exhausted: 402,
  forbidden: 403,
  account_suspended: 403,
  account_closed: 403,
  not_found: 404,
  hold_not_found: 404,
  charge_not_found: 404,
  withdrawal_not_found: 404,
  method_not_allowed: 405,
  hold_not_open: 409,
  hold_expired: 409,
  capture_exceeds_hold: 409,
  refund_exceeds_charge: 409,
  not_withdrawable: 409,
  withdrawal_state: 409,
  deployment_state: 409,
  capacity_unavailable: 409,
  duplicate_id: 409,
  idempotency_in_progress: 409,
  version_conflict: 409,
  request_too_large: 413,
  idempotency_key_reuse: 422,
  rate_limited: 429,
  internal: 500,
  retry_later: 503,
} as const;
export type ProblemCode = keyof typeof PROBLEM_STATUS;

/** Thrown by a rule to refuse a command; `decide` turns it into an outcome. */
export class Refusal extends Error {
  readonly problem: Problem;
  constructor(code: ProblemCode, detail: string, facts?: JsonObject) {
    super(detail);
    this.name = 'Refusal';
    this.problem = facts ? { code, detail, facts } : { code, detail };
  }
}
