// Who calls, once a bearer is verified; and the one answer to everybody else.
import type { Micros } from '../../shared/money.ts';
import type { Ms } from '../../shared/time.ts';
import { Refusal, type Scope } from '../ledger/command.ts';

export interface Caller {
  principal: string;
  /** The ledger account of an `account` principal; null for staff and services. */
  account: string | null;
  scope: Scope;
  /** Device and session of an access token; null for an API key. */
  device: string | null;
  session: string | null;
  /** IO services a `service` principal may act for; none named means all. `force` among them allows forced charges. */
  services: string[];
  /** The most a service may move in one operation; without it, the rules' own maximum. */
  cap?: Micros;
  /** When the access token ends; null for an API key. */
  expiresAt: Ms | null;
}

/** Says nothing about which part was wrong: a stranger learns nothing from it. */
export function unauthenticated(detail = 'Sign in with a valid API key or access token.'): Refusal {
  return new Refusal('unauthenticated', detail);
}
