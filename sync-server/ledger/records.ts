// What the rules remember besides money, one typed body per kind of record. Amounts are micros (bigint), instants ms;
// `codec.ts` turns a body into the text that a storage keeps.
import type { PURCHASE_STATES, WITHDRAWAL_STATES } from '../../shared/account.ts';
import type { AlertKind } from '../../shared/alerts.ts';
import type { ClusterType } from '../../shared/clusters.ts';
import type { PayMethod } from '../../shared/fees.ts';
import type { Micros } from '../../shared/money.ts';
import type { Ms } from '../../shared/time.ts';
import type { NoticeCode } from '../../shared/notices.ts';
import type { Chain } from '../../shared/profile.ts';
import type { Source } from '../../shared/sources.ts';
import type { TaskId } from '../../shared/tasks.ts';
import type { AlertLevels, GrantSource, KnownCluster, Service } from './command.ts';

/** A day's cost by service; `n` is the last entry counted, `shown_n` and `shown_at` what the book was last told. */
export interface TodayFacts {
  day: number;
  spent: Record<string, Micros>;
  n: number;
  shown_n: number;
  shown_at: Ms | null;
}

/** The account's own facts. `no` counts lots, debts and waiting requests, so that their order is total. */
export interface AccountFacts {
  name: string;
  opened_at: Ms;
  state: 'active' | 'grace' | 'suspended' | 'closed';
  /** Why it is suspended: `unpaid` lifts with the debt, `chargeback` by finance only. */
  reason: 'unpaid' | 'chargeback' | null;
  grace_until: Ms | null;
  /** This account's own allowance; null for the configured one. */
  allowance: Micros | null;
  /** Late metering or a chargeback went below the floor (rules.md 7.6). */
  forced: boolean;
  /** Credits ever bought, charged back and paid out: net money in decides about the allowance. */
  settled: Micros;
  charged_back: Micros;
  paid_out: Micros;
  plan: string;
  /** What today cost by service so far; null before anything moved. */
  today: TodayFacts | null;
  no: number;
}

/** A part of one lot; `lot` is the record key (`lot:7`), which is also the lot's name in the chart. */
export interface Slice {
  lot: string;
  micros: Micros;
}

/** What pays for something: slices in the order they were burnt, then debt still open. Given back in reverse. */
export interface Funding {
  slices: Slice[];
  debt: Micros;
  /** Place in the first-in-first-out order of debts. */
  debt_no: number;
}

export type LotSource = 'purchase' | 'adjustment' | GrantSource;

export interface LotBody {
  no: number;
  /** Where the credit came from at first; a lot for a refund keeps its original's source. */
  source: LotSource;
  withdrawable: boolean;
  /** Card-funded credit can be withdrawn only from here on; null for at once. */
  withdrawable_from: Ms | null;
  priority: number;
  services: Service[] | null;
  created_at: Ms;
  expires_at: Ms | null;
  /** Its purchase was charged back. */
  frozen: boolean;
  /** Its owner was told that it expires soon. */
  warned: boolean;
  /** What it was created with: it never holds more. */
  size: Micros;
}

export type HoldStatus = 'authorized' | 'pending_payment' | 'captured' | 'void' | 'expired' | 'failed';

export interface HoldBody extends Funding {
  no: number;
  amount: Micros;
  service: Service;
  on_insufficient: 'pending' | 'fail';
  use_allowance: boolean;
  status: HoldStatus;
  created_at: Ms;
  /** Last instant of a pending request (`deadline`) or of an authorized hold. */
  until: Ms;
  captured: Micros;
}

export interface ChargeBody extends Funding {
  amount: Micros;
  service: Service;
  force: boolean;
  refunded: Micros;
  at: Ms;
}

export interface RefundBody {
  charge: string;
  amount: Micros;
}

export interface GrantBody {
  amount: Micros;
  source: GrantSource;
  expires_at: Ms | null;
  services: Service[] | null;
  priority: number;
}

export interface PurchaseBody {
  no: number;
  method: PayMethod;
  status: (typeof PURCHASE_STATES)[number];
  credits: Micros;
  fee: Micros;
  total: Micros;
  /** Card fee at the time of the quote, basis points. */
  fee_bps: bigint;
  payment_url: string;
  created_at: Ms;
  provider: string | null;
  /** Record key of the lot it bought. */
  lot: string | null;
}

/** A provider's payment, so that it credits at most once. */
export interface PaymentBody {
  purchase: string;
  status: 'settled' | 'suspense';
}

/** Money that matches no open purchase, until finance matches it. */
export interface SuspenseBody {
  purchase: string;
  provider: string;
  payment: string;
  amount: Micros;
  at: Ms;
}

/** What a chargeback left owing; the lot's rest went back at once. */
export interface ChargebackBody extends Funding {
  amount: Micros;
}

export interface WithdrawalBody extends Funding {
  amount: Micros;
  status: (typeof WITHDRAWAL_STATES)[number];
  wallet_address: string;
  requested_by: string;
  requested_at: Ms;
  remind_at: Ms;
  due_by: Ms;
  approvals: string[];
  /** What finance should look at: `address_changed` when wallets changed within a day before it. */
  flags: string[];
  tx_url: string | null;
  reason: string | null;
}

export interface AdjustmentBody {
  amount: Micros;
  reason: string;
  approver: string;
}

export interface ReversalBody {
  transfer: string;
  reason: string;
  approver: string;
}

/** Marks a transfer as reversed: it happens at most once. */
export interface ReversedBody {
  reversal: string;
}

/** One posted transfer, as a storage shows it when `needs` names `transfer:<id>` (reversals only). */
export interface TransferBody {
  kind: string;
  postings: { name: string; micros: Micros }[];
  /** Record key that the transfer belongs to, from its meta. */
  of: string | null;
}

export interface UsageBody {
  model: string;
  input_tokens: number;
  output_tokens: number;
  at: Ms;
  cost: Micros;
  quota: Micros;
  charged: Micros;
}

/** What one model cost in a period, and what paid for it. */
export interface ModelUse {
  model: string;
  input_tokens: number;
  output_tokens: number;
  cost: Micros;
  quota: Micros;
  charged: Micros;
}

/** Quota used in one period of one plan, and by which models. */
export interface QuotaBody {
  plan: string;
  start: Ms;
  end: Ms;
  used: Micros;
  models: ModelUse[];
}

/** A day since 1970 (UTC): what each service cost, and the posted total at its end. */
export interface DayBody {
  day: number;
  spent: Record<string, Micros>;
  balance: Micros;
}

/** Days that are over; today stands in the facts. */
export interface SpendBody {
  days: DayBody[];
}

/** Metered but unbilled rest, in millionths of a micro (M6). */
export interface MeterBody {
  rest: bigint;
}

/** A prepaid deployment; open until it has ended. The hold `d/<id>` pays for it until it runs. */
export interface DeploymentBody {
  no: number;
  name: string;
  type: ClusterType;
  /** As the provider last said it, or as the ledger knows it. */
  status: string;
  device: string;
  quantity: number;
  /** Price per device and hour. */
  hourly: Micros;
  /** Booked, extensions included. */
  hours: number;
  /** As asked for at first, to tell a repeated request from another one. */
  asked: { hours: number; on_insufficient: 'pending' | 'fail'; use_allowance: boolean };
  created_at: Ms;
  started_at: Ms | null;
  /** End of the booked time, or when its end was asked for. */
  ends_at: Ms | null;
  /** When its end was asked for: from then on nothing is served, and the provider's word is waited for. */
  stopped_at: Ms | null;
  ended_at: Ms | null;
  reason: string | null;
  /** Ids of the charges that paid for it, oldest first. */
  charges: string[];
  paid: Micros;
  refunded: Micros;
}

/** One item of the Notification Center; never open, so that a heap of them is not loaded with every command. */
export interface NoticeBody {
  code: NoticeCode;
  subject: string | null;
  facts: Record<string, string | number>;
  created_at: Ms;
  seen_at: Ms | null;
}

/** A wallet as it is kept; `address` is canonical. */
export interface WalletItem {
  id: string;
  chain: Chain;
  address: string;
  primary: boolean;
  added_at: Ms;
}

/** Thresholds that are set, since when each is crossed, and when to look again though nothing happens. */
export interface AlertState {
  levels: AlertLevels;
  crossed: Record<AlertKind, Ms | null>;
  check_at: Ms | null;
}

/** What belongs to the person and is no money. */
export interface PersonBody {
  timezone: string;
  wallets: WalletItem[];
  wallets_changed_at: Ms | null;
  tasks: Partial<Record<TaskId, Ms>>;
  /** `told` is the version that the account was last told of; null before it was opened. */
  terms: { told: string | null; accepted: string | null; accepted_at: Ms | null };
  alerts: AlertState | null;
  /** The smaller plan that begins at an instant; and the end of the period that the section shows as used. */
  plan: { next: string | null; at: Ms | null; until: Ms | null };
}

/** A connected account elsewhere; `told_at` is when the section was last shown, null source for one that was connected. */
export interface SourceBody {
  source: Source | null;
  /** Digest of the key it is read with. */
  print: string | null;
  told_at: Ms;
  clusters: KnownCluster[];
}

/** Body by kind of record. */
export interface Bodies {
  lot: LotBody;
  hold: HoldBody;
  charge: ChargeBody;
  refund: RefundBody;
  grant: GrantBody;
  purchase: PurchaseBody;
  payment: PaymentBody;
  suspense: SuspenseBody;
  chargeback: ChargebackBody;
  withdrawal: WithdrawalBody;
  adjustment: AdjustmentBody;
  reversal: ReversalBody;
  reversed: ReversedBody;
  transfer: TransferBody;
  usage: UsageBody;
  quota: QuotaBody;
  meter: MeterBody;
  deployment: DeploymentBody;
  notice: NoticeBody;
  person: PersonBody;
  spend: SpendBody;
  source: SourceBody;
}
export type RecordKind = keyof Bodies;

export interface RecordOf<K extends RecordKind> {
  kind: K;
  id: string;
  open: boolean;
  links: string[];
  body: Bodies[K];
}
