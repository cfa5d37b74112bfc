// What operators watch, in Prometheus' format.
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { type Ms, SECOND } from '../../shared/time.ts';
import type { LedgerEvents } from '../ledger/events.ts';

/** Seconds: from a read out of memory to a durable write on a slow disk. */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** A call as it looks once it is answered. */
export interface Answered {
  method: string;
  /** The route's path as it is described; undefined where there is none. */
  route: string | undefined;
  status: number;
}

export interface Metrics {
  /** Around every call. */
  observe(answered: () => Answered, next: () => Promise<void>): Promise<void>;
  /** This machine's clock was compared; above zero it is ahead. */
  clockSkew(peer: string, skew: Ms): void;
  /** So many things of a kind wait for finance. */
  attention(reason: string, count: number): void;
  /** Finance was told of something. */
  financeAlert(event: string): void;
  /** A device had more of its book than the ledger. */
  deviceAhead(): void;
  /** All of it as text. */
  text(): Promise<string>;
  readonly type: string;
}

export function createMetrics(events: LedgerEvents): Metrics {
  const register = new Registry();
  collectDefaultMetrics({ register });
  const registers = [register];
  const requests = new Counter({
    name: 'glance_http_requests_total',
    help: 'HTTP calls by route and status',
    labelNames: ['method', 'route', 'status'],
    registers,
  });
  const seconds = new Histogram({
    name: 'glance_http_request_seconds',
    help: 'Time to the first byte of an answer',
    labelNames: ['method', 'route'],
    buckets: BUCKETS,
    registers,
  });
  const running = new Gauge({ name: 'glance_http_running', help: 'Calls being answered', registers });
  const commits = new Counter({
    name: 'glance_ledger_commits_total',
    help: 'Journals of accounts that grew, as this process heard of it',
    registers,
  });
  events.on('committed', () => commits.inc());
  const damaged = new Gauge({
    name: 'glance_ledger_damaged',
    help: 'Whether the ledger was found damaged, and takes no more orders: 1 is an alert, restore the last backup',
    registers,
  });
  events.on('damaged', () => damaged.set(1));
  const skews = new Gauge({
    name: 'glance_clock_skew_seconds',
    help: "How far this machine's clock is ahead of its peers; beyond 2 s either way is an alert",
    labelNames: ['peer'],
    registers,
  });
  const ahead = new Counter({
    name: 'glance_sync_devices_ahead_total',
    help: 'Devices that had more of their book than the ledger: any is an alert, an older copy may have been put back',
    registers,
  });

  const attention = new Gauge({
    name: 'glance_finance_attention',
    help: 'What waits for finance now: withdrawals due or overdue, payments in suspense, accounts below their floor',
    labelNames: ['reason'],
    registers,
  });
  const alerts = new Counter({
    name: 'glance_finance_alerts_total',
    help: 'What finance was told of, by event; payment_failed_late is a failure told after its settlement',
    labelNames: ['event'],
    registers,
  });

  return {
    async observe(answered, next) {
      const started = performance.now();
      running.inc();
      try {
        await next();
      } finally {
        running.dec();
        const { method, route = 'none', status } = answered();
        requests.inc({ method, route, status });
        seconds.observe({ method, route }, (performance.now() - started) / SECOND);
      }
    },
    clockSkew: (peer, skew) => skews.set({ peer }, skew / SECOND),
    attention: (reason, count) => attention.set({ reason }, count),
    financeAlert: (event) => alerts.inc({ event }),
    deviceAhead: () => ahead.inc(),
    text: () => register.metrics(),
    type: register.contentType,
  };
}
