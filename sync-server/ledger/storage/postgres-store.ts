// Loads and writes one batch on PostgreSQL. All statements of a step travel together (pipeline), each takes whole columns
// as arrays, so that a batch costs two round trips however many orders it holds.
import type { Client } from 'pg';
import { decodeFacts, encodeBody } from '../codec.ts';
import { type AccountWrite, type Prepared, type Settled, slotName, type StoredKey } from '../engine.ts';
import type { AccountState } from '../state.ts';
import { type LedgerStatement, SQL } from './postgres-sql.ts';
import { recordFrom, type StoredRow, textOf } from './rows.ts';
import type { StateCache } from './state-cache.ts';
import { transferRecord } from './transfer-record.ts';

export interface Loaded {
  states: Map<string, AccountState | null>;
  keys: Map<string, StoredKey>;
  /** `account.version` of each loaded account. */
  versions: Map<string, number>;
}

/** A column of a statement: one value for each row. */
type Column = (string | number | bigint | null)[];
type Call = [name: LedgerStatement, values?: (Column | Column[number])[]];

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

/** How many transfers the batch posts. */
export function transferCount({ writes }: Settled): number {
  return writes.reduce((sum, { transfers }) => sum + transfers.length, 0);
}

/** Writes what was settled and commits. */
export async function writeAndCommit(client: Client, settled: Settled, firstTransfer: number): Promise<void> {
  await send(client, [...writeCalls(settled, firstTransfer), ['commit']]);
}

function writeCalls({ writes, keys }: Settled, firstTransfer: number): Call[] {
  if (writes.length + keys.length === 0) return [];
  const balances = writes.flatMap(({ account, balances }) =>
    [...balances].map(([name, micros]) => ({ account, name, micros })),
  );
  const records = writes.flatMap(({ account, records }) =>
    [...records.values()].map((record) => ({ account, record })),
  );
  const transfers = writes
    .flatMap(({ account, transfers }) => transfers.map((transfer) => ({ account, transfer })))
    .map((each, index) => ({ ...each, pk: firstTransfer + index }));
  const created = writes.filter(({ isNew }) => isNew).map(accountRow);
  const emptied = balances.filter(({ micros }) => micros === 0n).map(({ account, name }) => [account, name]);
  const write = [
    columns(8, writes.filter(({ isNew }) => !isNew).map(accountRow)),
    columns(
      3,
      balances
        .filter(({ micros }) => micros !== 0n)
        .map(({ account, name, micros }) => [account, name, micros]),
    ),
    columns(
      6,
      records.map(({ account, record: { kind, id, open, links, body } }) => {
        return [account, kind, id, open ? 1 : 0, JSON.stringify(links), encodeBody(body)];
      }),
    ),
    columns(
      6,
      transfers.map(({ account, pk, transfer: { id, kind, at, meta } }) => {
        return [pk, id, account, kind, at, JSON.stringify(meta)];
      }),
    ),
    columns(
      4,
      transfers.flatMap(({ pk, transfer }) =>
        transfer.postings.map(({ name, micros }, line) => [pk, line, name, micros]),
      ),
    ),
    columns(
      7,
      writes
        .flatMap((each) => each.rows)
        .map(({ account, seq, at, n, hash, private_digest, patch }) => {
          return [account, seq, at, n, hash, private_digest, JSON.stringify(patch)];
        }),
    ),
    columns(
      6,
      keys.map(({ scope, key, fingerprint, account, outcome, seq }) => {
        return [scope, key, fingerprint, account, outcome, seq];
      }),
    ),
  ];
  const calls: Call[] = [['write', write.flat()]];
  if (created.length > 0) calls.unshift(['insertAccounts', columns(8, created)]);
  if (emptied.length > 0) calls.push(['dropBalances', columns(2, emptied)]);
  return calls;
}

function accountRow({ account, head, facts, due_at, creditsSeq }: AccountWrite): Column {
  return [account, head.seq, head.n, head.hash, head.at, encodeBody(facts), due_at, creditsSeq ?? 0];
}

/** Rows of `width` values, turned into columns. */
function columns(width: number, rows: Column[]): Column[] {
  return Array.from({ length: width }, (_, index) => rows.map((row) => row[index] ?? null));
}

/** Sends the statements in one go. @throws the first one's error; those behind it then had no effect. */
async function send(client: Client, calls: Call[]): Promise<StoredRow[][]> {
  // One system call for all of them, where the driver would make one for each.
  const { stream } = client.connection;
  stream.cork();
  const sent = calls.map(([name, values = []]) => client.query<StoredRow>({ name, text: SQL[name], values }));
  stream.uncork();
  const results = await Promise.allSettled(sent);
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value.rows;
  });
}
