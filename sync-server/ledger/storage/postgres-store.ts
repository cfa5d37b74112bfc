// Loads what one batch needs on PostgreSQL, from the tables or from the cache. All statements of a step travel together
// (pipeline), each takes whole columns as arrays: two round trips however many orders a batch holds, one from the cache.
import type { Client } from 'pg';
import { decodeFacts } from '../codec.ts';
import { type Prepared, type Settled, slotName, type StoredKey } from '../engine.ts';
import type { AccountState } from '../state.ts';
import { type Call, send } from './postgres-send.ts';
import { recordFrom, type StoredRow, textOf } from './rows.ts';
import type { StateCache } from './state-cache.ts';
import { transferRecord } from './transfer-record.ts';

export interface Loaded {
  states: Map<string, AccountState | null>;
  keys: Map<string, StoredKey>;
  /** `account.version` of each loaded account. */
  versions: Map<string, number>;
}

/** Account and record key (`kind:id`) of a record to read. */
type Wanted = [account: string, key: string];

/**
 * Opens the transaction, locks the accounts in id order, and loads their states: from the cache where its version is
 * still the row's, else from the tables.
 */
export async function load(client: Client, cache: StateCache, tasks: readonly Prepared[]): Promise<Loaded> {
  const accounts = [...new Set(tasks.map(({ order }) => order.account))];
  const slots = tasks.flatMap((task) => task.slots);
  const needed = tasks.flatMap(({ order, needs }) => needs.map((key): Wanted => [order.account, key]));
  const [, locked = [], found = [], ...named] = await send(client, [
    ['begin'],
    ['lock', [accounts]],
    ['keys', [slots.map(({ scope }) => scope), slots.map(({ key }) => key)]],
    ...recordCalls(needed),
  ]);
  const states: Loaded['states'] = new Map(accounts.map((account) => [account, null]));
  const versions: Loaded['versions'] = new Map();
  const stale: string[] = [];
  for (const row of locked) {
    const account = textOf(row, 'id');
    const version = Number(row['version']);
    versions.set(account, version);
    const cached = cache.get(account);
    if (cached?.version === version) states.set(account, cached.state);
    else {
      states.set(account, emptyState(account, row));
      stale.push(account);
    }
  }
  const asked = new Set(needed.map((each) => slotName(...each)));
  await follow(client, states, asked, keepAll(states, named.flat()), stale);
  const keys: Loaded['keys'] = new Map();
  for (const row of found) {
    const stored = { fingerprint: textOf(row, 'fingerprint'), outcome: textOf(row, 'outcome') };
    keys.set(slotName(textOf(row, 'scope'), textOf(row, 'key')), stored);
  }
  return { states, keys, versions };
}

/** Reads the stale accounts' balances and open records, then whatever the links of all that was read lead to. */
async function follow(
  client: Client,
  states: Loaded['states'],
  asked: Set<string>,
  links: Wanted[],
  stale: string[],
): Promise<void> {
  const first: Call[] =
    stale.length > 0
      ? [
          ['balances', [stale]],
          ['open', [stale]],
        ]
      : [];
  const missing = (all: Wanted[]) =>
    all.filter(([account, key]) => {
      const name = slotName(account, key);
      if (asked.has(name) || states.get(account)?.records.has(key)) return false;
      asked.add(name);
      return true;
    });
  for (let next = missing(links), calls = first; calls.length + next.length > 0; calls = []) {
    const rows = await send(client, [...calls, ...recordCalls(next)]);
    next = missing(keepAll(states, rows.flat()));
  }
}

function emptyState(account: string, row: StoredRow): AccountState {
  const head = {
    seq: Number(row['seq']),
    n: Number(row['n']),
    hash: textOf(row, 'hash'),
    at: Number(row['at']),
  };
  return {
    id: account,
    head,
    facts: decodeFacts(textOf(row, 'facts')),
    balances: new Map(),
    records: new Map(),
  };
}

function recordCalls(wanted: readonly Wanted[]): Call[] {
  const parts = wanted.map(([account, key]) => {
    const colon = key.indexOf(':');
    return { account, kind: key.slice(0, colon), id: key.slice(colon + 1) };
  });
  const transfers = parts.filter(({ kind }) => kind === 'transfer');
  const records = parts.filter(({ kind }) => kind !== 'transfer');
  const calls: Call[] = [];
  if (records.length > 0) {
    const columns = [
      records.map(({ account }) => account),
      records.map(({ kind }) => kind),
      records.map(({ id }) => id),
    ];
    calls.push(['records', columns]);
  }
  if (transfers.length > 0) {
    calls.push(['transfers', [transfers.map(({ account }) => account), transfers.map(({ id }) => id)]]);
  }
  return calls;
}

/** Puts rows into their accounts' states and answers the records that they link to. */
function keepAll(states: Loaded['states'], rows: readonly StoredRow[]): Wanted[] {
  return rows.flatMap((row) => {
    const account = textOf(row, 'account');
    const state = states.get(account);
    return state ? keep(state, row).map((key): Wanted => [account, key]) : [];
  });
}

function keep(state: AccountState, row: StoredRow): string[] {
  if ('micros' in row) {
    state.balances.set(textOf(row, 'name'), BigInt(textOf(row, 'micros')));
    return [];
  }
  if ('postings' in row) {
    // Built by the statement `transfers`.
    const postings = JSON.parse(textOf(row, 'postings')) as StoredRow[];
    const record = transferRecord(textOf(row, 'id'), textOf(row, 'kind'), textOf(row, 'meta'), postings);
    state.records.set(`transfer:${record.id}`, record);
    return record.links;
  }
  const record = recordFrom(row);
  state.records.set(`${record.kind}:${record.id}`, record);
  return record.links;
}

/**
 * Whether a batch whose COMMIT got no answer was committed. Its accounts are locked first, so that a server that still
 * works on it is waited for. A transaction's id would not do: after a crash the same number is given again.
 */
export async function wasCommitted(client: Client, { writes, keys }: Settled): Promise<boolean> {
  const rows = writes.flatMap((write) => write.rows);
  // An entry's id is given once, so its row proves the most.
  const row = rows.find(({ patch }) => patch.recent) ?? rows[0];
  const key = keys[0];
  const proof: Call[] = [];
  if (row) proof.push(['findRow', [row.account, row.seq, JSON.stringify(row.patch)]]);
  else if (key) proof.push(['findKey', [key.scope, key.key, key.outcome]]);
  const found = await send(client, [
    ['begin'],
    ['lock', [writes.map(({ account }) => account)]],
    ...proof,
    ['rollback'],
  ]);
  return proof.length > 0 && found.at(-2)?.length === 1;
}

/** What the accounts of a batch were when it was settled. */
export interface Base {
  states: ReadonlyMap<string, AccountState | null>;
  /** `account.version` of each. */
  versions: ReadonlyMap<string, number>;
}

/**
 * States from the cache alone, for orders whose accounts are all there. That they are still true, and that what was not
 * looked up does not exist, shows when they are written.
 */
export function cached(cache: StateCache, tasks: readonly Prepared[]): Base | null {
  const states = new Map<string, AccountState>();
  const versions = new Map<string, number>();
  for (const { order } of tasks) {
    const found = cache.get(order.account);
    if (!found) return null;
    states.set(order.account, found.state);
    versions.set(order.account, found.version);
  }
  return { states, versions };
}

/**
 * Whether writing a batch that was settled from the cache proves all that was taken for granted: each account is written
 * under its version, each key and each record that an order names and that was not known is written as a new row.
 */
export function provesItself(
  { states }: Base,
  tasks: readonly Prepared[],
  { writes, keys }: Settled,
): boolean {
  const written = new Map(writes.map((write) => [write.account, write]));
  const stored = new Set(keys.map(({ scope, key }) => slotName(scope, key)));
  return tasks.every(({ order, slots, needs }) => {
    const write = written.get(order.account);
    if (!write) return false;
    const known = states.get(order.account)?.records;
    const isFound = (key: string) => known?.has(key) === true || write.records.has(key);
    return slots.every(({ scope, key }) => stored.has(slotName(scope, key))) && needs.every(isFound);
  });
}
