// The real sync server as a process of its own, on data that outlives it: started, killed and started again.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';

const START_MS = 40_000;

/** What the account tool prints with `--json`. */
const Account = z.strictObject({ account_id: z.string(), api_key: z.string() });
export type Account = z.infer<typeof Account>;

export interface ServerProcess {
  /** The address, the same after every restart. */
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  /** `whsec_...`, as the payment provider would hold it. */
  readonly webhookSecret: string;
  readonly running: boolean;
  /** All that the server wrote to stdout and stderr so far. */
  log(): string;
  /** Starts again on the same data and address. */
  start(): Promise<void>;
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>;
  /** Runs the account tool beside the server or without one; answers its stdout. */
  accountTool(...args: string[]): Promise<string>;
  createAccount(name: string): Promise<Account>;
  /** Makes an identity of staff or of a service, and answers its API key. */
  createIdentity(scope: 'finance' | 'service' | 'admin', ...more: string[]): Promise<string>;
  /** Id of the principal with this name, as the tool lists it. */
  principalOf(name: string): Promise<string>;
  /** Ends the process and removes its data. */
  dispose(): Promise<void>;
}

/** Starts a server on fresh data and a free port, and waits until it says that it is ready. */
export async function startServerProcess(env: Record<string, string> = {}): Promise<ServerProcess> {
  const dataDir = mkdtempSync(join(tmpdir(), 'glance-server-'));
  const port = await freePort();
  const webhookSecret = `whsec_${randomBytes(32).toString('base64')}`;
  const environment = {
    ...process.env,
    HOST: '127.0.0.1',
    PORT: String(port),
    DATA_DIR: dataDir,
    PAYMENT_WEBHOOK_SECRET: webhookSecret,
    SECRETS_KEY: randomBytes(32).toString('base64'),
    LOG_LEVEL: 'info',
    // Tests call faster than anybody; those of the limits switch them on.
    RATE_LIMITS: 'off',
    ...env,
  };
  let child: ChildProcess | null = null;
  let output = '';

  async function start(): Promise<void> {
    const next = spawn(process.execPath, ['sync-server/main.ts'], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = next;
    const before = output.length;
    await new Promise<void>((resolve, reject) => {
      const fail = (why: string) => reject(new Error(`${why}\n${output.slice(before)}`));
      const late = setTimeout(() => fail(`The server was not ready after ${START_MS} ms.`), START_MS);
      const read = (chunk: Buffer) => {
        output += chunk.toString();
        if (/^ready http:\/\/\S+$/m.test(output.slice(before))) {
          clearTimeout(late);
          resolve();
        }
      };
      next.stdout.on('data', read);
      next.stderr.on('data', read);
      next.once('exit', (code) => {
        clearTimeout(late);
        if (child === next) child = null;
        fail(`The server ended with code ${code} before it was ready.`);
      });
    });
  }

  async function kill(): Promise<void> {
    const ending = child;
    if (!ending) return;
    const gone = once(ending, 'exit');
    ending.kill('SIGKILL');
    await gone;
  }

  async function accountTool(...args: string[]): Promise<string> {
    const tool = spawn(process.execPath, ['sync-server/account.ts', ...args], { env: environment });
    let out = '';
    let err = '';
    tool.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    tool.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    const [code] = await once(tool, 'close');
    if (code !== 0) throw new Error(`account ${args.join(' ')} ended with code ${String(code)}\n${err}`);
    return out;
  }

  const server: ServerProcess = {
    url: `http://127.0.0.1:${port}`,
    port,
    dataDir,
    webhookSecret,
    get running() {
      return child !== null;
    },
    log: () => output,
    start,
    kill,
    accountTool,
    async createAccount(name) {
      return Account.parse(JSON.parse(await accountTool('create', '--name', name, '--json')));
    },
    async createIdentity(scope, ...more) {
      const made = await accountTool('create', '--name', scope, '--scope', scope, ...more, '--json');
      return z.object({ api_key: z.string() }).parse(JSON.parse(made)).api_key;
    },
    async principalOf(name) {
      const line = (await accountTool('list')).split('\n').find((each) => each.includes(name));
      const id = /\S+/.exec(line ?? '')?.[0];
      if (!id) throw new Error(`No principal named ${name}.`);
      return id;
    },
    async dispose() {
      await kill();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  try {
    await start();
  } catch (error) {
    await server.dispose();
    throw error;
  }
  return server;
}

/** A port that nobody listens on just now. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  if (address === null || typeof address === 'string') throw new Error('No port was given.');
  probe.close();
  await once(probe, 'close');
  return address.port;
}
