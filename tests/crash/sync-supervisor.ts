// The server of the sync soak from outside: killed when told to, started again when it ended by itself.
import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Random } from '../fuzz/ledger/random.ts';
import { freePort } from '../tools/harness/server.ts';
import { Ready, type Start } from './sync-start.ts';

export interface MortalServer {
  readonly url: string;
  account: string;
  apiKey: string;
  /** Ends that were ordered from outside, and those that came from within. */
  kills: number;
  injected: number;
  /** Starts it, and again whenever it ends by itself. */
  start(): Promise<void>;
  kill(): Promise<void>;
  /** Ends it for good, until `start`. */
  stop(): Promise<void>;
}

/**
 * Starts the server on a folder of its own.
 * @param killPercent of a hundred fresh settlements of proposals, so many end it
 */
export async function startMortalServer(
  dataDir: string,
  { random, killPercent }: { random: Random; killPercent: number },
): Promise<MortalServer> {
  const port = await freePort();
  const secretsKey = randomBytes(32).toString('base64');
  const webhookSecret = `whsec_${randomBytes(32).toString('base64')}`;
  let child: ChildProcess | null = null;
  let wanted = false;
  const server: MortalServer = {
    url: `http://127.0.0.1:${port}`,
    account: '',
    apiKey: '',
    kills: 0,
    injected: 0,
    async start() {
      wanted = true;
      await spawn();
    },
    async kill() {
      server.kills += 1;
      await end();
    },
    async stop() {
      wanted = false;
      await end();
    },
  };

  async function end(): Promise<void> {
    const ending = child;
    child = null;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const gone = once(ending, 'exit');
    ending.kill('SIGKILL');
    await gone;
  }

  async function spawn(): Promise<void> {
    const isFirst = server.account === '';
    const start: Start = {
      dataDir,
      port,
      secretsKey,
      webhookSecret,
      seed: random.below(2 ** 31),
      killPercent,
      isFirst,
    };
    const next = fork(join(import.meta.dirname, 'sync-server.ts'), [JSON.stringify(start)], {
      stdio: 'inherit',
    });
    child = next;
    const isReady = Promise.race([once(next, 'message'), once(next, 'exit').then(() => null)]);
    next.once('exit', () => {
      // Whoever ended it from here has let go of it before.
      if (child !== next) return;
      child = null;
      server.injected += 1;
      if (wanted) void spawn();
    });
    const message = await isReady;
    if (!message) return;
    const { account, apiKey } = Ready.parse(message[0]);
    server.account = account ?? server.account;
    server.apiKey = apiKey ?? server.apiKey;
  }

  await server.start();
  return server;
}
