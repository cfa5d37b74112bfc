// A real PostgreSQL for tests: a throw-away cluster on a unix socket in a temporary folder, with fsync on, removed
// afterwards. Root may not run it, so root runs it as another user.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, globSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';

export interface Cluster {
  /** Makes an empty database and answers its address. */
  createDatabase(): Promise<string>;
  /** Ends the server as a crash would (its processes die at once), and starts it again. */
  crash(): Promise<void>;
  /** Ends the server and removes its files. */
  stop(): Promise<void>;
}

const START_MS = 20_000;
const NOBODY = 65_534;

/** @throws Error in one clear line when no server programs are here and none can be installed. */
export async function startPostgres(): Promise<Cluster> {
  const bin = serverPrograms();
  const folder = await mkdtemp(join(tmpdir(), 'glance-pg-'));
  const who = unprivileged();
  if (who) chownSync(folder, who.uid, who.gid);
  const data = join(folder, 'data');
  const init = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  // The child must be able to stand in its working folder.
  execFileSync(join(bin, 'initdb'), init, { ...who, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });

  let server = run(join(bin, 'postgres'), data, folder, who);
  const kill = () => server.kill('SIGINT');
  process.once('exit', () => {
    kill();
    rmSync(folder, { recursive: true, force: true });
  });
  const address = `postgres://postgres@localhost/postgres?host=${encodeURIComponent(folder)}`;
  await answering(address, server);

  let databases = 0;
  return {
    createDatabase: async () => {
      // A schema of its own is as empty and a hundred times faster, also when a crash is recovered.
      const name = `t${++databases}`;
      const client = new Client(address);
      await client.connect();
      await client.query(`CREATE SCHEMA ${name}`);
      await client.end();
      return `${address}&options=${encodeURIComponent(`-c search_path=${name}`)}`;
    },
    crash: async () => {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      // Immediate shutdown: no checkpoint, recovery at the next start.
      server.kill('SIGQUIT');
      await ended;
      server = run(join(bin, 'postgres'), data, folder, who);
      await answering(address, server);
    },
    stop: async () => {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      if (server.exitCode === null && kill()) await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function run(program: string, data: string, folder: string, who: Unprivileged | undefined): ChildProcess {
  const settings = ['listen_addresses=', `unix_socket_directories=${folder}`, 'max_connections=60'];
  const options = settings.flatMap((setting) => ['-c', setting]);
  return spawn(program, ['-D', data, ...options], { ...who, cwd: folder, stdio: 'ignore' });
}

async function answering(url: string, server: ChildProcess): Promise<void> {
  for (const start = Date.now(); ;) {
    const client = new Client(url);
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (server.exitCode !== null || Date.now() - start > START_MS) {
        throw new Error('PostgreSQL did not start.', { cause: error });
      }
      await sleep(50);
    }
  }
}

interface Unprivileged {
  uid: number;
  gid: number;
}

/** For root: the user that Debian's package makes, else nobody. */
function unprivileged(): Unprivileged | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((each) => each.startsWith('postgres:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  return { uid: Number(uid ?? NOBODY), gid: Number(gid ?? NOBODY) };
}

/** The folder of initdb and postgres, installed when this may install them. @throws Error that says how to get them */
export function serverPrograms(): string {
  const found = findPrograms();
  if (found) return found;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    execFileSync('apt-get', ['update'], { stdio: 'ignore' });
    execFileSync('apt-get', ['install', '-y', '--no-install-recommends', 'postgresql'], {
      stdio: 'ignore',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    const installed = findPrograms();
    if (installed) return installed;
  }
  throw new Error(
    'No PostgreSQL server here: install it (Debian: apt-get install postgresql), then run again.',
  );
}

function findPrograms(): string | undefined {
  const known = globSync('/usr/lib/postgresql/*/bin').toSorted((a, b) =>
    b.localeCompare(a, 'en', { numeric: true }),
  );
  const folders = [...known, ...(process.env['PATH'] ?? '').split(delimiter)];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}
