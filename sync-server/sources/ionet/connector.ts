// Reads connected io.net accounts, each in its own time, and tells the ledger what it read. Keys are opened only for
// the moment of asking; any number of processes share the work by leases in the database.
import { MINUTE, type Clock, type Ms, SECOND } from '../../../shared/time.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { findRecord } from '../../ledger/lookups.ts';
import { StorageError } from '../../ledger/storage/database.ts';
import { createClient } from './client.ts';
import { pauseAfter } from './pace.ts';
import { poll } from './poll.ts';
import { type Claimed, createStore } from './store.ts';

const LOOK_EVERY: Ms = SECOND;
/** Accounts asked at the same time by one process. */
const AT_ONCE = 16;
/** Longer than any poll takes; after it another process may ask. */
const LEASE: Ms = 5 * MINUTE;

/** Seals keys; identity/seal.ts with the server's SECRETS_KEY. */
export interface Sealer {
  seal(text: string, purpose: string): string;
  open(sealed: string, purpose: string): string;
}

export interface ConnectorOptions {
  ledger: Ledger;
  sealer: Sealer;
  /** Under which all paths of io.net hang. */
  baseUrl: string;
  /** Real time. */
  clock: Clock;
  /** 0 up to 1. */
  random?: () => number;
  fetch?: typeof globalThis.fetch;
  answerWithin?: Ms;
  lookEvery?: Ms;
  log: {
    debug(facts: object, message: string): void;
    warn(facts: object, message: string): void;
    error(facts: object, message: string): void;
  };
}

export interface Connector {
  /** Keeps a key, sealed, and asks with it at once. The ledger must know of the connection. */
  connect(account: string, apiKey: string): Promise<void>;
  /** Forgets the key. */
  disconnect(account: string): Promise<void>;
  /** Asks every account that is due now; answers how many. For tests and benches; `start` does it by itself. */
  askDue(): Promise<number>;
  start(): void;
  stop(): Promise<void>;
}

const purposeOf = (account: string) => `source ionet ${account}`;

export function createConnector(options: ConnectorOptions): Connector {
  const { ledger, sealer, baseUrl, clock, random = Math.random, log, lookEvery = LOOK_EVERY } = options;
  const store = createStore(ledger.database);
  const ending = new AbortController();
  const running = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | null = null;
  let looking: Promise<unknown> = Promise.resolve();

  async function ask(claimed: Claimed): Promise<void> {
    const { account } = claimed;
    const known = await findRecord(ledger.database, account, 'source', 'ionet');
    const source = known?.body.source ?? null;
    if (!source) return store.remove(account);
    const client = createClient({
      baseUrl,
      clock,
      apiKey: sealer.open(claimed.sealed, purposeOf(account)),
      signal: ending.signal,
      ...(options.fetch && { fetch: options.fetch }),
      ...(options.answerWithin !== undefined && { answerWithin: options.answerWithin }),
    });
    const { report, liveliness, retryAfter, errors } = await poll({
      client,
      known: known?.body.clusters ?? [],
      asksAllKeys: source.keys !== null || source.state === 'connecting',
      now: clock.now(),
    });
    // A server that ends cut its own questions off: that says nothing about io.net.
    if (ending.signal.aborted) return store.release(claimed, clock.now(), claimed.failures);
    for (const { failure, message } of errors)
      log.debug({ account, failure, message }, 'io.net was asked in vain');
    if (!(await store.isCurrent(claimed))) return;
    await ledger.settle({
      account,
      actor: { principal: 'ionet', scope: 'system' },
      command: { kind: 'source.report', source: 'ionet', ...report },
    });
    const failures = report.state === 'connected' ? 0 : claimed.failures + 1;
    const pause = pauseAfter({ state: report.state, liveliness, failures, retryAfter }, random());
    await store.release(claimed, clock.now() + pause, failures);
  }

  async function askSafely(claimed: Claimed): Promise<void> {
    try {
      await ask(claimed);
    } catch (error) {
      // Its lease ends by itself: then it is asked again.
      const why = error instanceof StorageError ? 'waits for the database' : 'could not be read';
      log[error instanceof StorageError ? 'warn' : 'error'](
        { account: claimed.account, err: error },
        `a connected io.net account ${why}`,
      );
    }
  }

  function begin(claimed: Claimed): void {
    const asked = askSafely(claimed).finally(() => running.delete(asked));
    running.add(asked);
  }

  async function look(): Promise<number> {
    const room = AT_ONCE - running.size;
    if (room <= 0) return 0;
    const now = clock.now();
    const claimed = await store.claim(now, now + LEASE, room);
    for (const each of claimed) begin(each);
    return claimed.length;
  }

  async function lookSafely(): Promise<void> {
    try {
      await look();
    } catch (error) {
      log.warn({ err: error }, 'connected io.net accounts wait for the database');
    }
    if (!ending.signal.aborted) timer = setTimeout(() => void (looking = lookSafely()), lookEvery);
  }

  return {
    async connect(account, apiKey) {
      await store.put(account, sealer.seal(apiKey, purposeOf(account)), clock.now());
    },
    disconnect: (account) => store.remove(account),
    async askDue() {
      let asked = 0;
      for (let more = await look(); more > 0; more = await look()) {
        asked += more;
        while (running.size >= AT_ONCE) await Promise.race(running);
      }
      await Promise.all(running);
      return asked;
    },
    start() {
      looking = lookSafely();
    },
    async stop() {
      ending.abort();
      if (timer) clearTimeout(timer);
      await looking;
      await Promise.all(running);
    },
  };
}
