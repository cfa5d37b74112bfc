// What every route is given, and what a request carries on its way.
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Purchase } from '../../shared/account.ts';
import type { Clock } from '../../shared/time.ts';
import type { Identity } from '../identity/identity.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { TestClock } from './movable-clock.ts';

/** The part of a logger that this room uses. */
export interface ApiLog {
  error(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  debug(facts: object, message: string): void;
}

/** Where purchases are paid; sources/payments.ts has the providers. */
export interface Payments {
  pageOf(purchase: Purchase): string | null;
  report(purchase: Purchase, result: 'succeeded' | 'failed'): boolean;
  reporting(id: string): boolean;
}

export interface ApiContext {
  ledger: Ledger;
  identity: Identity;
  log: ApiLog;
  /** The rules' clock: webhook times and due rows follow it. */
  clock: Clock;
  /** With CLOCK=test: the clock that `POST /test/clock` moves. */
  testClock: TestClock | null;
  /** Card fee in basis points, for quotes. */
  feeBps: bigint;
  /** Secrets that a payment webhook may be signed with. */
  webhookSecrets: string[];
  /** Where purchases are paid; null when no provider is set up. */
  payments: Payments | null;
  /** Aborted when the server stops: streams end then. */
  stopping: AbortSignal;
  /** Extension origins that may call; null for any. */
  extensionOrigins: string[] | null;
}

export type ApiEnv = { Variables: { requestId: string } };
export type Api = OpenAPIHono<ApiEnv>;
