// What the model remembers of one account beside its books.
import type { Service } from '../../../sync-server/ledger/command.ts';
import type { PayMethod } from '../../../shared/fees.ts';
import type { Lot } from './book.ts';

export interface Hold {
  id: string;
  amount: bigint;
  service: Service;
  useAllowance: boolean;
  status: 'pending' | 'authorized' | 'captured' | 'void' | 'expired' | 'failed';
  createdAt: number;
  /** Instant of failure while pending, of expiry while authorized. */
  until: number;
  captured: bigint;
}
export interface Charge {
  id: string;
  amount: bigint;
  service: Service;
  refunded: bigint;
}
export interface Purchase {
  id: string;
  method: PayMethod;
  credits: bigint;
  fee: bigint;
  status: 'pending' | 'settled' | 'failed' | 'expired' | 'charged_back';
  createdAt: number;
  lot: Lot | null;
}
export interface Withdrawal {
  id: string;
  amount: bigint;
  status:
    | 'requested'
    | 'in_review'
    | 'approved'
    | 'processing'
    | 'paid'
    | 'cancelled'
    | 'rejected'
    | 'failed';
  approvals: string[];
}
export interface Suspense {
  payment: string;
  purchase: string;
  total: bigint;
  status: 'waiting' | 'matched';
}
/** Inference that has happened: exact cost in millionths of a micro, what it cost in micros, and who paid. */
export interface Use {
  model: string;
  exact: bigint;
  cost: bigint;
  quota: bigint;
  pool: string;
}
export type State = 'active' | 'grace' | 'suspended' | 'closed';
