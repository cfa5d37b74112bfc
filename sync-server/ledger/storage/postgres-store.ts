// Loads and writes one batch on PostgreSQL, each as one message of several statements, so that a batch costs two round
// trips however many orders it holds. Every value goes through `text` or `int`.
import type { Client, QueryResult } from 'pg';
import { decodeFacts, encodeBody } from '../codec.ts';
import { type AccountWrite, type Prepared, type Settled, slotName, type StoredKey } from '../engine.ts';
import type { AccountState } from '../state.ts';
import { recordFrom, type StoredRow, textOf } from './rows.ts';
import type { StateCache } from './state-cache.ts';
import { transferRecord } from './transfer-record.ts';

export interface Loaded {
  states: Map<string, AccountState | null>;
  keys: Map<string, StoredKey>;
  /** `account.version` of each loaded account. */
  versions: Map<string, number>;
  /** The transaction's id, to learn its fate when the connection is lost while it commits. */
  xid: string;
}

/** A text literal: with standard_conforming_strings only the quote is special. A NUL is refused by the server. */
function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

function int(value: number | bigint | null): string {
  return value === null ? 'NULL' : value.toString();
}

function tuples(rows: readonly string[][]): string {
  return rows.map((row) => `(${row.join(',')})`).join(',');
}

const list = (values: Iterable<string>) => `ARRAY[${[...values].map(text).join(',')}]::text[]`;
const RECORD = 'r.account, r.kind, r.id, r.open, r.links, r.body';

/**
 * Opens the transaction, locks the accounts in id order, and loads their states: from the cache where its version is
 * still the row's, else from the tables.
 */
export async function load(client: Client, cache: StateCache, tasks: readonly Prepared[]): Promise<Loaded> {
  const accounts = new Set(tasks.map(({ order }) => order.account));
  const slots = tasks.flatMap((task) => task.slots.map(({ scope, key }) => [text(scope), text(key)]));
  const [, locked, found, xids] = await several(client, [
    'BEGIN ISOLATION LEVEL READ COMMITTED',
    `SELECT id, version, seq, n, hash, at, facts FROM account WHERE id = ANY (${list(accounts)}) ORDER BY id FOR UPDATE`,
    slots.length === 0
      ? 'SELECT 1 WHERE false'
      : `SELECT i.scope, i.key, i.fingerprint, i.outcome FROM idempotency i
         JOIN (VALUES ${tuples(slots)}) AS k (scope, key) ON i.scope = k.scope AND i.key = k.key`,
    'SELECT pg_current_xact_id()::text AS xid',
  ]);
  const states: Loaded['states'] = new Map([...accounts].map((account) => [account, null]));
  const versions: Loaded['versions'] = new Map();
  const stale: AccountState[] = [];
  for (const row of locked ?? []) {
    const account = textOf(row, 'id');
    const version = Number(row['version']);
    versions.set(account, version);
    const cached = cache.get(account);
    const state = cached?.version === version ? cached.state : emptyState(account, row);
    states.set(account, state);
    if (state !== cached?.state) stale.push(state);
  }
  const missing = wantedRecords(states, tasks);
  if (stale.length + missing.length > 0) await fill(client, stale, missing, states);
  const keys: Loaded['keys'] = new Map();
  for (const row of found ?? []) {
    const stored = { fingerprint: textOf(row, 'fingerprint'), outcome: textOf(row, 'outcome') };
    keys.set(slotName(textOf(row, 'scope'), textOf(row, 'key')), stored);
  }
  return { states, keys, versions, xid: textOf(xids?.[0] ?? {}, 'xid') };
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

/** Account and record key (`kind:id`) of what the orders name and no loaded state holds. */
type Wanted = [account: string, key: string];

function wantedRecords(states: Loaded['states'], tasks: readonly Prepared[]): Wanted[] {
  return tasks.flatMap(({ order: { account }, needs }) => {
    const state = states.get(account);
    return state ? needs.filter((key) => !state.records.has(key)).map((key): Wanted => [account, key]) : [];
  });
}

/** Reads what is not in memory, then whatever its links lead to. */
async function fill(
  client: Client,
  stale: readonly AccountState[],
  wanted: Wanted[],
  states: Loaded['states'],
): Promise<void> {
  const statements: string[] = [];
  if (stale.length > 0) {
    const ids = list(stale.map(({ id }) => id));
    statements.push(
      `SELECT account, name, micros FROM balance WHERE account = ANY (${ids})`,
      `SELECT ${RECORD} FROM record r WHERE r.account = ANY (${ids}) AND r.open = 1`,
    );
  }
  const asked = new Set<string>();
  for (let next = wanted; next.length + statements.length > 0;) {
    for (const key of next) asked.add(slotName(...key));
    const rows = (await several(client, [...statements.splice(0), ...byKey(next)])).flat();
    const links = rows.flatMap((row) => keep(states, row));
    next = links.filter((key) => !asked.has(slotName(...key)) && !states.get(key[0])?.records.has(key[1]));
  }
}

function byKey(wanted: readonly Wanted[]): string[] {
  const parts = wanted.map(([account, key]) => {
    const colon = key.indexOf(':');
    return { account, kind: key.slice(0, colon), id: key.slice(colon + 1) };
  });
  const transfers = parts.filter(({ kind }) => kind === 'transfer');
  const records = parts.filter(({ kind }) => kind !== 'transfer');
  const statements: string[] = [];
  if (records.length > 0) {
    const values = tuples(records.map(({ account, kind, id }) => [text(account), text(kind), text(id)]));
    statements.push(
      `SELECT ${RECORD} FROM record r JOIN (VALUES ${values}) AS k (account, kind, id)
       ON r.account = k.account AND r.kind = k.kind AND r.id = k.id`,
    );
  }
  if (transfers.length > 0) {
    statements.push(
      `SELECT t.account, t.id, t.kind, t.meta, json_agg(json_build_object('name', p.name, 'micros', p.micros::text)
         ORDER BY p.line)::text AS postings
       FROM transfer t JOIN posting p ON p.transfer = t.pk
       WHERE t.id = ANY (${list(transfers.map(({ id }) => id))}) GROUP BY t.pk`,
    );
  }
  return statements;
}

/** Puts a row into its account's state and answers the records it links to. */
function keep(states: Loaded['states'], row: StoredRow): Wanted[] {
  const account = textOf(row, 'account');
  const state = states.get(account);
  if (!state) return [];
  if ('micros' in row) {
    state.balances.set(textOf(row, 'name'), BigInt(textOf(row, 'micros')));
    return [];
  }
  if ('postings' in row) {
    // Built by the statement above.
    const postings = JSON.parse(textOf(row, 'postings')) as StoredRow[];
    const record = transferRecord(textOf(row, 'id'), textOf(row, 'kind'), textOf(row, 'meta'), postings);
    state.records.set(`transfer:${record.id}`, record);
    return [];
  }
  const record = recordFrom(row);
  state.records.set(`${record.kind}:${record.id}`, record);
  return record.links.map((key): Wanted => [account, key]);
}

/** Writes what was settled and commits, in one message. */
export async function writeAndCommit(client: Client, settled: Settled, firstTransfer: number): Promise<void> {
  await several(client, [...statementsFor(settled, firstTransfer), 'COMMIT']);
}

function statementsFor({ writes, keys }: Settled, firstTransfer: number): string[] {
  const statements: string[] = [];
  const put = (rows: string[][], sql: (values: string) => string) => {
    if (rows.length > 0) statements.push(sql(tuples(rows)));
  };
  put(
    writes.filter((write) => write.isNew).map(accountRow),
    (values) => `INSERT INTO account VALUES ${values}`,
  );
  put(
    writes.filter((write) => !write.isNew).map(accountRow),
    (values) =>
      `UPDATE account a SET version = a.version + 1, seq = v.seq, n = v.n, hash = v.hash, at = v.at, facts = v.facts,
         due_at = v.due_at::bigint, credits_seq = greatest(a.credits_seq, v.credits_seq)
       FROM (VALUES ${values}) AS v (id, version, seq, n, hash, at, facts, due_at, credits_seq) WHERE a.id = v.id`,
  );
  const balances = writes.flatMap(({ account, balances }) =>
    [...balances].map(([name, micros]) => ({ row: [text(account), text(name), int(micros)], micros })),
  );
  put(
    balances.filter(({ micros }) => micros !== 0n).map(({ row }) => row),
    (values) =>
      `INSERT INTO balance VALUES ${values} ON CONFLICT (account, name) DO UPDATE SET micros = excluded.micros`,
  );
  put(
    balances.filter(({ micros }) => micros === 0n).map(({ row }) => row.slice(0, 2)),
    (values) =>
      `DELETE FROM balance b USING (VALUES ${values}) AS v (account, name) WHERE b.account = v.account AND b.name = v.name`,
  );
  put(
    writes.flatMap(recordRows),
    (values) => `INSERT INTO record VALUES ${values} ON CONFLICT (account, kind, id)
      DO UPDATE SET open = excluded.open, links = excluded.links, body = excluded.body`,
  );
  const transfers = writes.flatMap(({ account, transfers }) =>
    transfers.map((transfer) => ({ account, transfer })),
  );
  put(
    transfers.map(({ account, transfer: { id, kind, at, meta } }, index) => {
      const texts = [id, account, kind].map(text);
      return [int(firstTransfer + index), ...texts, int(at), text(JSON.stringify(meta))];
    }),
    (values) => `INSERT INTO transfer VALUES ${values}`,
  );
  put(
    transfers.flatMap(({ transfer }, index) =>
      transfer.postings.map(({ name, micros }, line) => [
        int(firstTransfer + index),
        int(line),
        text(name),
        int(micros),
      ]),
    ),
    (values) => `INSERT INTO posting VALUES ${values}`,
  );
  put(writes.flatMap(journalRows), (values) => `INSERT INTO journal VALUES ${values}`);
  put(
    keys.map(({ scope, key, fingerprint, account, outcome, seq }) => [
      ...[scope, key, fingerprint, account, outcome].map(text),
      int(seq),
    ]),
    (values) => `INSERT INTO idempotency VALUES ${values}`,
  );
  return statements;
}

function accountRow({ account, head, facts, due_at, creditsSeq }: AccountWrite): string[] {
  const { seq, n, hash, at } = head;
  const numbers = [int(1), int(seq), int(n)];
  return [
    text(account),
    ...numbers,
    text(hash),
    int(at),
    text(encodeBody(facts)),
    int(due_at),
    int(creditsSeq ?? 0),
  ];
}

function recordRows({ account, records }: AccountWrite): string[][] {
  return [...records.values()].map((record) => [
    text(account),
    text(record.kind),
    text(record.id),
    record.open ? '1' : '0',
    text(JSON.stringify(record.links)),
    text(encodeBody(record.body)),
  ]);
}

function journalRows({ account, rows }: AccountWrite): string[][] {
  return rows.map(({ seq, at, n, hash, private_digest, patch }) => [
    text(account),
    int(seq),
    int(at),
    int(n),
    text(hash),
    private_digest === null ? 'NULL' : text(private_digest),
    text(JSON.stringify(patch)),
  ]);
}

/** Sends the statements as one message and answers the rows of each. */
async function several(client: Client, statements: string[]): Promise<StoredRow[][]> {
  // Several statements answer with a list of results, which the driver's types do not say.
  const results = (await client.query(statements.join(';'))) as unknown as QueryResult[] | QueryResult;
  return [results].flat().map(({ rows }): StoredRow[] => rows);
}
