// What tests of whole servers stand on: a data folder of their own, servers in this process, and our programs beside them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from './config.ts';
import { createLog } from './log.ts';
import { type RunningServer, type ServerOptions, startServer } from './server.ts';

const KEY = Buffer.from('0123456789abcdef0123456789abcdef').toString('base64');
const SECRETS = { PAYMENT_WEBHOOK_SECRET: `whsec_${KEY}`, SECRETS_KEY: KEY };

export interface Said {
  code: unknown;
  out: string;
  err: string;
}

export class TestPlace {
  readonly dataDir: string;
  /** What its servers logged as a fault. */
  faults = '';
  readonly #running: RunningServer[] = [];

  constructor(dataDir: string) {
    this.dataDir = dataDir;
  }

  environment(env: Record<string, string> = {}): Record<string, string> {
    return { ...SECRETS, DATA_DIR: this.dataDir, PORT: '0', LOG_LEVEL: 'error', ...env };
  }

  async start(env: Record<string, string> = {}, more: Partial<ServerOptions> = {}): Promise<RunningServer> {
    const log = createLog('error', { write: (line) => void (this.faults += line) });
    const server = await startServer({ ...more, config: readConfig(this.environment(env)), log });
    this.#running.push(server);
    return server;
  }

  async close(): Promise<void> {
    for (const server of this.#running) await server.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

export async function openPlace(): Promise<TestPlace> {
  return new TestPlace(await mkdtemp(join(tmpdir(), 'glance-server-')));
}

/** Sends bytes as they are, answers what came back until the server closed. */
export async function raw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => (text += chunk.toString()));
  socket.write(bytes);
  await once(socket, 'close');
  return text;
}

/** Runs one of our programs; answers its exit code and what it said. */
export async function program(file: string, args: string[], env: Record<string, string>): Promise<Said> {
  const child = spawn(process.execPath, [file, ...args], { env: { PATH: process.env.PATH, ...env } });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const code: unknown = (await once(child, 'close'))[0];
  return { code, out, err };
}
