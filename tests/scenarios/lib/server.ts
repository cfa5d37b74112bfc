// The real server in this process, on fresh data and a free port; its real time can be moved, so that tokens end.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { readConfig } from '../../../sync-server/config.ts';
import { registryOf } from '../../../sync-server/identity/accounts.ts';
import type { Outcome } from '../../../sync-server/ledger/command.ts';
import type { Ledger } from '../../../sync-server/ledger/ledger.ts';
import { type RunningServer, startServer } from '../../../sync-server/server.ts';
import { createSync } from '../../../sync-server/sync/sync.ts';
import type { Ms } from '../../../shared/time.ts';

export interface TestServer {
  readonly running: RunningServer;
  /** `ws://127.0.0.1:.../sync` */
  readonly sync: string;
  /** Moves real time (tokens, limits), not the rules' clock. */
  advance(by: Ms): void;
  /** Where its data lies. */
  readonly dataDir: string;
  /** Stops it, lets something happen to its data, and starts it again at the same address. */
  restart(meanwhile?: (dataDir: string) => void | Promise<void>): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A person with an account: who they are to the ledger, and how they sign in. */
export interface Person {
  account: string;
  principal: string;
  apiKey: string;
}

/** @param env variables beside those that a test server always has */
export async function startTestServer(env: Record<string, string> = {}): Promise<TestServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'glance-sync-'));
  const config = readConfig({
    PORT: '0',
    DATA_DIR: dataDir,
    LOG_LEVEL: 'silent',
    // Many devices of one account sign in here within a minute.
    RATE_LIMITS: JSON.stringify({ auth: 100_000, reads: 100_000, writes: 100_000 }),
    SECRETS_KEY: randomBytes(32).toString('base64'),
    PAYMENT_WEBHOOK_SECRET: `whsec_${randomBytes(32).toString('base64')}`,
    ...env,
  });
  let ahead = 0;
  const realClock = { now: () => Date.now() + ahead };
  let running = await startServer({ config, realClock });
  return {
    get running() {
      return running;
    },
    get sync() {
      return `ws://127.0.0.1:${running.port}/sync`;
    },
    advance(by) {
      ahead += by;
    },
    dataDir,
    async restart(meanwhile) {
      const PORT = running.port;
      await running.stop();
      await meanwhile?.(dataDir);
      running = await startServer({ config: { ...config, PORT }, realClock });
    },
    async [Symbol.asyncDispose]() {
      await running.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export async function register({ running }: TestServer, name: string): Promise<Person> {
  const { principal, apiKey } = await registryOf(running.ledger, running.identity).register({
    name,
    scope: 'account',
    services: [],
  });
  return { account: principal.account ?? '', principal: principal.id, apiKey };
}

/** An access token of one of a person's devices. */
export async function signIn({ running }: TestServer, person: Person, device: string): Promise<string> {
  const { accessToken } = await running.identity.signIn(person.apiKey, { id: device, name: device });
  return accessToken;
}

let keys = 0;
const nextKey = () => `test-key-${String((keys += 1)).padStart(8, '0')}`;

/** Buys credits with USDC and has them paid: two journal rows at least. Answers the purchase's outcome. */
export async function fund(
  { running }: Pick<TestServer, 'running'>,
  person: Person,
  credits: bigint,
): Promise<Outcome> {
  const { ledger } = running;
  const amount = credits * 1_000_000n;
  const started = await ledger.settle({
    account: person.account,
    actor: { principal: person.principal, scope: 'account' },
    command: { kind: 'purchase.start', amount, method: 'usdc' },
    key: nextKey(),
  });
  if (!started.ok || typeof started.answer.id !== 'string') throw new Error('The purchase was refused.');
  const payment_id = nextKey();
  return ledger.settle({
    account: person.account,
    actor: { principal: 'system', scope: 'system' },
    command: {
      kind: 'payment.succeeded',
      purchase_id: started.answer.id,
      payment_id,
      provider: 'test',
      amount,
    },
    key: payment_id,
  });
}

/** Another sync room before a server's real ledger, some of whose calls go through `between`; on a port of its own. */
export async function syncWith(
  { running: { ledger, identity } }: TestServer,
  between: (real: Ledger) => Partial<Pick<Ledger, 'settle' | 'journal'>>,
) {
  const sync = createSync({
    ledger: {
      settle: ledger.settle.bind(ledger),
      journal: ledger.journal.bind(ledger),
      database: ledger.database,
      events: ledger.events,
      ...between(ledger),
    },
    identity,
    clock: { now: () => Date.now() },
    log: pino({ level: 'silent' }),
  });
  const http = createServer();
  http.on('upgrade', (request, socket, head) => sync.handleUpgrade(request, socket, head));
  await new Promise<void>((resolve) => {
    http.listen(0, '127.0.0.1', resolve);
  });
  const { port } = http.address() as AddressInfo;
  return {
    address: `ws://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      await sync.stop();
      http.close();
    },
  };
}
