// HTTP as programs feel it: a call to its durable answer at 1, 8 and 32 clients, beside a bare hono route that does one
// durable insert, interleaved in one run; reads; and an export of a million rows with the server's memory meanwhile.
// Bar: at 32 clients 5,000 durable answers a second, p99 10 ms.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { DEFAULT_RULES } from '../../sync-server/ledger/rules.ts';
import { openLedger } from '../../sync-server/ledger/open.ts';
import { startServerProcess } from '../tools/harness/server.ts';

const CLIENTS = [1, 8, 32];
const PAIRS = Number(process.env['BENCH_PAIRS'] ?? 5);
const ROUND_MS = Number(process.env['BENCH_ROUND_MS'] ?? 1_000);
const ROWS = Number(process.env['BENCH_ROWS'] ?? 1_000_000);
const ACCOUNTS = 64;
const AT_ONCE = 256;
const BAR = { rate: 5_000, p99: 10 };

interface Round {
  rate: number;
  p50: number;
  p99: number;
}
interface Call {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });
let ids = 0;

/** One call over a kept connection; its answer is read to the end. */
function send({ method, url, headers, body }: Call): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, agent, headers }, (answer) => {
      answer.resume();
      answer.once('end', () => resolve(answer.statusCode ?? 0));
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

async function round(clients: number, next: () => Call): Promise<Round> {
  const times: number[] = [];
  const start = performance.now();
  const end = start + ROUND_MS;
  const client = async () => {
    while (performance.now() < end) {
      const began = performance.now();
      const status = await send(next());
      if (status >= 300) throw new Error(`A call was answered with ${status}.`);
      times.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(times.length * share)] ?? Number.NaN;
  return { rate: times.length / ((performance.now() - start) / 1_000), p50: at(0.5), p99: at(0.99) };
}

const median = (values: number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const ms = (value: number) => Number(value.toFixed(2));

async function bareServer(file: string) {
  const child = spawn(process.execPath, ['tests/bench/lib/bare-http.ts', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = z.tuple([z.instanceof(Buffer)]).parse(await once(child.stdout, 'data'));
  const url = /http:\S+/.exec(line.toString())?.[0] ?? '';
  return {
    url,
    async stop() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

/** An account with so many charges, made beneath the server while it does not run. */
async function fill(dataDir: string, account: string, rows: number): Promise<void> {
  const ledger = await openLedger({ dataDir, clock: { now: () => Date.now() }, rules: DEFAULT_RULES });
  try {
    const grant = {
      kind: 'grant',
      id: 'long',
      amount: BigInt(rows) + 1_000_000n,
      source: 'goodwill',
    } as const;
    await ledger.settle({ account, actor: { principal: 'bench', scope: 'finance' }, command: grant });
    const actor = { principal: 'bench', scope: 'service' } as const;
    for (let from = 0; from < rows; from += AT_ONCE) {
      const some = Array.from({ length: Math.min(AT_ONCE, rows - from) }, (_, index) => {
        const command = { kind: 'charge', id: `long-${from + index}`, amount: 1n, service: 'vm' } as const;
        return ledger.settle({ account, actor, command });
      });
      await Promise.all(some);
    }
  } finally {
    await ledger.close();
  }
}

const folder = mkdtempSync(join(tmpdir(), 'glance-bench-http-'));
const server = await startServerProcess({ LOG_LEVEL: 'error' });
const bare = await bareServer(join(folder, 'bare.sqlite'));
try {
  const finance = await server.createIdentity('finance');
  const service = await server.createIdentity('service', '--service', 'vm');
  const owner = await server.createAccount('Bench');
  const json = (key: string) => ({ authorization: `Bearer ${key}`, 'content-type': 'application/json' });
  const accounts = [owner.account_id];
  while (accounts.length < ACCOUNTS) accounts.push((await server.createAccount('Bench')).account_id);
  for (const account_id of accounts) {
    const body = JSON.stringify({ account_id, id: 'funds', amount: '100000', source: 'goodwill' });
    await send({ method: 'POST', url: `${server.url}/finance/grants`, headers: json(finance), body });
  }

  const charge = (): Call => {
    const id = `c-${(ids += 1)}`;
    const body = JSON.stringify({
      account_id: accounts[ids % ACCOUNTS],
      id,
      amount: '0.000001',
      service: 'vm',
    });
    return { method: 'POST', url: `${server.url}/service/charges`, headers: json(service), body };
  };
  const post = (): Call => {
    const id = `c-${(ids += 1)}`;
    const body = JSON.stringify({
      account_id: accounts[ids % ACCOUNTS],
      id,
      amount: '0.000001',
      service: 'vm',
    });
    return { method: 'POST', url: `${bare.url}/posts`, headers: json(service), body };
  };
  await round(32, charge);
  await round(32, post);
  const table = [];
  for (const clients of CLIENTS) {
    const pairs: { ours: Round; peer: Round }[] = [];
    for (let pair = 0; pair < PAIRS; pair += 1) {
      pairs.push({ ours: await round(clients, charge), peer: await round(clients, post) });
    }
    const row = {
      clients,
      'ours/s': Math.round(median(pairs.map(({ ours }) => ours.rate))),
      'bare/s': Math.round(median(pairs.map(({ peer }) => peer.rate))),
      ratio: ms(median(pairs.map(({ ours, peer }) => ours.rate / peer.rate))),
      'ours p50 ms': ms(median(pairs.map(({ ours }) => ours.p50))),
      'ours p99 ms': ms(median(pairs.map(({ ours }) => ours.p99))),
      'bare p99 ms': ms(median(pairs.map(({ peer }) => peer.p99))),
    };
    table.push(row);
    if (clients === 32 && (row['ours/s'] < BAR.rate || row['ours p99 ms'] > BAR.p99)) process.exitCode = 1;
  }
  process.stdout.write('A charge to its durable answer, beside one durable insert\n');
  console.table(table);

  const reads = [];
  for (const path of ['/credits', '/credits/check?amount=25&service=vm', '/credits/transactions?limit=20']) {
    const call = () => ({ method: 'GET', url: server.url + path, headers: json(owner.api_key) });
    await round(8, call);
    const { rate, p50, p99 } = await round(8, call);
    reads.push({ path, '/s at 8 clients': Math.round(rate), 'p50 ms': ms(p50), 'p99 ms': ms(p99) });
  }
  console.table(reads);

  process.stdout.write(`Writing ${ROWS} rows ...\n`);
  await server.kill();
  await fill(server.dataDir, owner.account_id, ROWS);
  await server.start();
  const memory = async () => {
    const text = await (await fetch(`${server.url}/metrics`)).text();
    return Number(/^process_resident_memory_bytes (\S+)$/m.exec(text)?.[1]) / 2 ** 20;
  };
  const before = await memory();
  let peak = before;
  const watch = setInterval(() => void memory().then((now) => (peak = Math.max(peak, now))), 200);
  const began = performance.now();
  const response = await fetch(`${server.url}/credits/transactions?format=csv`, {
    headers: json(owner.api_key),
  });
  let lines = 0;
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    for (const byte of chunk) if (byte === 10) lines += 1;
  }
  clearInterval(watch);
  const seconds = (performance.now() - began) / 1_000;
  if (lines <= ROWS) throw new Error(`The export has ${lines} lines.`);
  console.table([
    {
      rows: lines - 1,
      'rows/s': Math.round(lines / seconds),
      MiB: Math.round(bytes / 2 ** 20),
      'memory before MiB': Math.round(before),
      'peak MiB': Math.round(peak),
    },
  ]);
} finally {
  agent.destroy();
  await Promise.all([server.dispose(), bare.stop()]);
  rmSync(folder, { recursive: true, force: true });
}
