// What every route is given, and what a request carries on its way.
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Purchase } from '../../shared/account.ts';
import type { ClusterType } from '../../shared/clusters.ts';
import type { Micros } from '../../shared/money.ts';
import type { Clock } from '../../shared/time.ts';
import type { Identity } from '../identity/identity.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { RuleConfig } from '../ledger/rules.ts';
import type { Audit } from '../identity/audit.ts';
import type { Limits } from './limits.ts';
import type { Metrics } from './metrics.ts';
import type { TestClock } from './movable-clock.ts';

/** The part of a logger that this room uses. */
export interface ApiLog {
  error(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  debug(facts: object, message: string): void;
}

/** What there is to buy; sources/catalogue.ts reads it. */
export interface Catalogue {
  devices: { type: ClusterType; device: string; hourly: Micros; available: number }[];
  models: { model: string; input: Micros; output: Micros }[];
}

/** Where purchases are paid; sources/payments.ts has the providers. */
export interface Payments {
  pageOf(purchase: Purchase): string | null;
  report(purchase: Purchase, result: 'succeeded' | 'failed'): boolean;
  reporting(id: string): boolean;
}

/** Accounts elsewhere that are read for this server's own; sources/ionet has the connector. */
export interface Connections {
  connect(account: string, apiKey: string): Promise<void>;
  disconnect(account: string): Promise<void>;
}

export interface ApiContext {
  ledger: Ledger;
  identity: Identity;
  log: ApiLog;
  /** The rules' clock: webhook times and due rows follow it. */
  clock: Clock;
  /** With CLOCK=test: the clock that `POST /test/clock` moves. */
  testClock: TestClock | null;
  rules: RuleConfig;
  catalogue: Catalogue;
  /** Secrets that a payment webhook may be signed with. */
  webhookSecrets: string[];
  /** Where purchases are paid; null when no provider is set up. */
  payments: Payments | null;
  /** Where io.net accounts are connected; null where none can be. */
  connections: Connections | null;
  /** Real time. */
  realClock: Clock;
  /** Null for no limits at all. */
  limits: Limits | null;
  audit: Audit;
  /** Null where nobody watches. */
  metrics: Metrics | null;
  metricsPublic: boolean;
  /** Whether a proxy's word about its callers is believed. */
  trustProxy: boolean;
  /** Aborted when the server stops: streams end then. */
  stopping: AbortSignal;
  /** Extension origins that may call; null for any. */
  extensionOrigins: string[] | null;
}

/** What the frame of every call needs to know. */
export type Frame = Pick<ApiContext, 'limits' | 'audit' | 'trustProxy'>;
export type ApiEnv = { Variables: { requestId: string; frame: Frame; route?: string } };
export type Api = OpenAPIHono<ApiEnv>;
