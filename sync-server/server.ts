// The sync server as one thing that starts and stops: one port for HTTP and sockets, one ledger behind them.
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { getRequestListener } from '@hono/node-server';
import { type Clock, type Ms, SECOND } from '../shared/time.ts';
import { adminApp, openAdminSocket } from './api/admin.ts';
import { networkOfUpgrade } from './api/caller-address.ts';
import { createAudit } from './identity/audit.ts';
import { createLimits } from './api/limits.ts';
import { createMetrics } from './api/metrics.ts';
import { createApi } from './api/api.ts';
import {
  answerAdapterError,
  answerClientError,
  answerExpectation,
  refuseUpgrade,
} from './api/wire-errors.ts';
import type { Config } from './config.ts';
import { registryOf } from './identity/accounts.ts';
import { createIdentity, type Identity } from './identity/identity.ts';
import { open, seal } from './identity/seal.ts';
import type { Ledger } from './ledger/ledger.ts';
import { startClockWatch } from './jobs/clock-watch.ts';
import { startDueJob } from './jobs/due.ts';
import { startFinanceWatch } from './jobs/finance-watch.ts';
import { askNtp } from './jobs/ntp.ts';
import { openLedger } from './ledger/open.ts';
import { missingChecksums } from './ledger/storage/postgres-checksums.ts';
import type { RuleConfig } from './ledger/rules.ts';
import { createLog, type Log } from './log.ts';
import { checkMark, markFile, startMark } from './mark.ts';
import { rulesClock, rulesOf, systemClock } from './rules.ts';
import { DEFAULT_LIMITS } from './sync/limits.ts';
import { type Catalogue, readCatalogue } from './sources/catalogue.ts';
import {
  localPayments,
  type LocalPaymentsOptions,
  type PaymentProvider,
  remotePayments,
} from './sources/payments.ts';
import { createConnector } from './sources/ionet/connector.ts';
import { createSync } from './sync/sync.ts';

/** How long a stop waits for answers under way. */
const DRAIN: Ms = 2 * SECOND;
const HEADERS_WITHIN: Ms = 10 * SECOND;
const REQUEST_WITHIN: Ms = 30 * SECOND;
/** A connection on which not a byte moves for this long is cut: somebody who does not read keeps what is being sent. */
const STILL_AT_MOST: Ms = 60 * SECOND;

export interface ServerOptions {
  config: Config;
  log?: Log;
  /** The rules' clock in place of the configured one. */
  clock?: Clock;
  /** Real time, by which tokens end. */
  realClock?: Clock;
  /** How long a connection may be still. */
  stillAtMost?: Ms;
  /** Gives the ledger's ids from a seed, so that a simulated life repeats. */
  ids?: { seed: string };
  /** Done once the ledger and the identities stand, and before anybody is let in. */
  before?: (parts: Standing) => Promise<void>;
}

/** What stands before the server listens. */
export interface Standing {
  ledger: Ledger;
  identity: Identity;
  catalogue: Catalogue;
  rules: RuleConfig;
}

export interface RunningServer {
  /** `http://127.0.0.1:4700` */
  url: string;
  port: number;
  ledger: Ledger;
  identity: Identity;
  /** Takes no more, lets answers under way finish, and closes the ledger; under 5 s. */
  stop(): Promise<void>;
}

/** The port is taken: the message says what to do. */
export class PortTaken extends Error {
  constructor(host: string, port: number) {
    super(`Port ${port} on ${host} is taken. Set another PORT, or stop the server that holds it.`);
    this.name = 'PortTaken';
  }
}

/** The address cannot be listened on at all: the message says what to do. */
export class NoSuchAddress extends Error {
  constructor(host: string, port: number, code: string) {
    super(`The server cannot listen on ${host}, port ${port} (${code}). Set another HOST or PORT.`);
    this.name = 'NoSuchAddress';
  }
}
const NOT_OURS = new Set(['EADDRNOTAVAIL', 'EACCES', 'ENOTFOUND', 'EAI_AGAIN', 'EAFNOSUPPORT', 'EINVAL']);

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE') return new PortTaken(host, port);
  return NOT_OURS.has(error.code ?? '') ? new NoSuchAddress(host, port, error.code ?? '') : error;
}

/** DATA_DIR cannot be a folder of ours: the message says what to do. */
export class NoDataDir extends Error {
  constructor(dataDir: string, reason: string) {
    super(`DATA_DIR ${dataDir} cannot be made or used as a folder (${reason}). Set another DATA_DIR.`);
    this.name = 'NoDataDir';
  }
}

function makeDataDir(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new NoDataDir(dataDir, error instanceof Error && 'code' in error ? String(error.code) : 'unknown');
  }
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) => fail(listenError(error, host, port)));
    server.listen(port, host, done);
  });
  // A server that listens on a port has an address of this kind.
  return (server.address() as AddressInfo).port;
}

/** Ends an HTTP server: idle connections at once, the others when answered or after DRAIN. */
async function drain(server: Server): Promise<void> {
  const closed = new Promise<void>((done) => server.close(() => done()));
  server.closeIdleConnections();
  const late = setTimeout(() => server.closeAllConnections(), DRAIN);
  await closed;
  clearTimeout(late);
}

/** Where purchases are paid, as configured; null when no provider is. */
function paymentsOf(
  { PAYMENTS, PAYMENT_WEBHOOK_SECRET: [secret] }: Config,
  parts: Omit<LocalPaymentsOptions, 'secret'>,
): PaymentProvider | null {
  if (PAYMENTS === 'off' || secret === undefined) return null;
  return PAYMENTS === 'local' ? localPayments({ ...parts, secret }) : remotePayments(PAYMENTS);
}

type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;
type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** @throws PortTaken, NoSuchAddress, NoDataDir, StorageError, SealError, LedgerWentBack */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, log = createLog(config.LOG_LEVEL), realClock = systemClock } = options;
  const configured = rulesClock(config);
  const clock = options.clock ?? configured.clock;
  makeDataDir(config.DATA_DIR);

  // The port first: a second start on it must not even touch the data. Until the rest stands, nobody is let in.
  let answer: Listener = (_request, response) => response.writeHead(503, { 'retry-after': '1' }).end();
  let upgrade: UpgradeListener = (_request, socket) => refuseUpgrade(socket);
  const server = createServer(
    // Node would refuse a request without a host by itself, and without a problem document.
    {
      headersTimeout: HEADERS_WITHIN,
      requestTimeout: REQUEST_WITHIN,
      connectionsCheckingInterval: 5 * SECOND,
      requireHostHeader: false,
      // An offer of another protocol (many clients offer h2c) is no reason to refuse the call itself.
      shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
    },
    (request, response) => void answer(request, response),
  );
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
    upgrade(request, socket, head),
  );
  server.setTimeout(options.stillAtMost ?? STILL_AT_MOST);
  server.on('clientError', answerClientError);
  server.on('checkExpectation', answerExpectation);
  const port = await listen(server, config.HOST, config.PORT);
  const url = `http://${config.HOST.includes(':') ? `[${config.HOST}]` : config.HOST}:${port}`;

  // What stands so far, to be taken down in reverse when a later part cannot start.
  const parts: (() => Promise<void>)[] = [() => drain(server)];
  try {
    const catalogue = readCatalogue(config.DATA_DIR);
    const rules = rulesOf(config, config.PUBLIC_URL ?? url);
    const place = config.DATABASE_URL === undefined ? {} : { databaseUrl: config.DATABASE_URL };
    const ids = options.ids ? { ids: options.ids } : {};
    const ledger = await openLedger({ ...place, ...ids, dataDir: config.DATA_DIR, clock, rules });
    parts.unshift(() => ledger.close());
    const { database, events } = ledger;
    const unprotected = await missingChecksums(database);
    if (unprotected !== null) log.warn(unprotected);
    events.on('damaged', ({ message }) =>
      log.error({ reason: message }, 'the ledger is read-only from now on'),
    );
    const markedIn = markFile(config);
    await checkMark(markedIn, database);
    const mark = startMark({ file: markedIn, ledger, log });
    parts.unshift(() => mark.stop());
    const identity = await createIdentity({
      database,
      events,
      clock: realClock,
      secretsKey: config.SECRETS_KEY,
    });
    await options.before?.({ ledger, identity, catalogue, rules });
    const payments = paymentsOf(config, { webhook: `${url}/webhooks/payments`, clock, log });
    const ionet = createConnector({
      ledger,
      log,
      baseUrl: config.IONET_API_URL,
      clock: realClock,
      sealer: {
        seal: (text, purpose) => seal(config.SECRETS_KEY, text, purpose, randomBytes),
        open: (sealed, purpose) => open(config.SECRETS_KEY, sealed, purpose),
      },
    });
    const closing = new AbortController();
    const unlimited = config.RATE_LIMITS === false || configured.testClock !== null;
    const audit = createAudit(database, realClock, log);
    const metrics = createMetrics(events);
    const api = createApi({
      ledger,
      identity,
      log,
      clock,
      testClock: configured.testClock,
      rules,
      catalogue,
      webhookSecrets: config.PAYMENT_WEBHOOK_SECRET,
      payments,
      connections: ionet,
      realClock,
      limits: unlimited ? null : createLimits(config.RATE_LIMITS === true ? {} : config.RATE_LIMITS || {}),
      audit,
      metrics,
      metricsPublic: config.METRICS_PUBLIC,
      trustProxy: config.TRUST_PROXY,
      stopping: closing.signal,
      extensionOrigins: config.EXTENSION_ORIGINS ?? null,
    });
    ionet.start();
    parts.unshift(() => ionet.stop());
    const due = startDueJob({ ledger, log });
    parts.unshift(() => due.stop());
    const financeWatch = startFinanceWatch({
      ledger,
      clock,
      log,
      onCount: metrics.attention,
      onAlert: metrics.financeAlert,
    });
    parts.unshift(() => financeWatch.stop());
    const { NTP_SERVER } = config;
    const watch = startClockWatch({
      clock: realClock,
      monotonic: () => performance.now(),
      database,
      log,
      onSkew: metrics.clockSkew,
      ntp: NTP_SERVER === undefined ? null : () => askNtp(NTP_SERVER, randomBytes(8)),
      rulesFollow: configured.testClock === null,
    });
    parts.unshift(() => watch.stop());
    const sync = createSync({
      ledger,
      identity,
      clock: realClock,
      log,
      limits: unlimited ? null : DEFAULT_LIMITS,
      networkOf: (request) => networkOfUpgrade(request, config.TRUST_PROXY),
      onAhead: metrics.deviceAhead,
    });
    const admin = await openAdminSocket(
      config.DATA_DIR,
      adminApp(registryOf(ledger, identity), log, audit),
      log,
    );

    // Its Request and Response replace the global ones: an answer made of the runtime's own is read through a stream,
    // which costs more than the answer.
    answer = getRequestListener(api.fetch, { errorHandler: answerAdapterError(log) });
    upgrade = (request, socket, head) => {
      const path = request.url?.split('?')[0];
      if (path === '/sync') sync.handleUpgrade(request, socket, head);
      else if (path?.startsWith('/yjs/')) sync.handleFeedUpgrade(request, socket, head);
      else refuseUpgrade(socket);
    };

    let stopping: Promise<void> | null = null;
    async function stopAll(): Promise<void> {
      closing.abort();
      await Promise.all([
        payments?.stop(),
        drain(server),
        admin ? drain(admin) : null,
        sync.stop(),
        due.stop(),
        watch.stop(),
        ionet.stop(),
      ]);
      await mark.stop();
      await ledger.close();
    }
    return { url, port, ledger, identity, stop: () => (stopping ??= stopAll()) };
  } catch (error) {
    for (const end of parts) await end();
    throw error;
  }
}
