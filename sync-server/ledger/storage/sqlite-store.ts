// Loads one batch on SQLite and has it written, inside a transaction that the caller holds. Prepared statements only.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { decodeFacts } from '../codec.ts';
import { type Prepared, type Settled, type Slot, type StoredKey } from '../engine.ts';
import type { AccountRecord, AccountState } from '../state.ts';
import { balancesText, mustBeIntact, postingsText } from './row-sum.ts';
import { recordFrom, type StoredRow, textOf } from './rows.ts';
import { SqliteRows } from './sqlite-rows.ts';
import { StateCache } from './state-cache.ts';
import { transferRecord } from './transfer-record.ts';

/** Accounts whose state stays in memory between batches. */
const CACHED_ACCOUNTS = 4_096;

export interface Loaded {
  states: Map<string, AccountState | null>;
  keys: Map<string, StoredKey>;
}

export class SqliteStore {
  #db: DatabaseSync;
  #cache = new StateCache(CACHED_ACCOUNTS);
  #statements = new Map<string, StatementSync>();
  #balances: StatementSync;
  #postings: StatementSync;
  #rows: SqliteRows;
  /** Names of the slots whose orders would make a record that does not exist. */
  #unseen = new Set<string>();

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#balances = db.prepare('SELECT name, micros FROM balance WHERE account = ?', { readBigInts: true });
    const postings = 'SELECT name, micros FROM posting WHERE transfer = ? ORDER BY line';
    this.#postings = db.prepare(postings, { readBigInts: true });
    this.#rows = new SqliteRows(db);
  }

  load(tasks: readonly Prepared[]): Loaded {
    const states: Loaded['states'] = new Map();
    const keys: Loaded['keys'] = new Map();
    this.#unseen.clear();
    for (const { order, slots, needs } of tasks) {
      let state = states.get(order.account);
      if (state === undefined) {
        state = this.#cache.get(order.account)?.state ?? this.#account(order.account);
        states.set(order.account, state);
      }
      for (const slot of slots) {
        const stored = this.#beside(state, slot) ?? this.#key(slot);
        if (stored) keys.set(slot.name, stored);
      }
      // What an order would make was looked for with its slot.
      const made = slots.at(-1)?.record;
      if (state) {
        this.#follow(
          state,
          needs.filter((name) => name !== made),
        );
      }
    }
    return { states, keys };
  }

  /** Writes what was settled; the states become the cache's only through `committed`. */
  write(settled: Settled): void {
    this.#rows.write(settled, this.#unseen);
  }

  committed(settled: Settled): void {
    for (const [account, state] of settled.states) this.#cache.set(account, state, 0);
  }

  /** The batch is lost: its accounts are read again. */
  rolledBack(accounts: Iterable<string>): void {
    this.#cache.forget(accounts);
  }

  #sql(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  /** The answer that stands beside the record which the order would make; the record is loaded with it. */
  #beside(state: AccountState | null, { name, record, scope }: Slot): StoredKey | null {
    if (state === null || record === null) return null;
    const row = this.#record(state.id, record);
    if (!row) {
      this.#unseen.add(name);
      return null;
    }
    if (!state.records.has(record)) this.#follow(state, keep(state, row).links);
    const { answer_scope, answer_crc } = row;
    if (answer_scope === null && answer_crc === null) return null;
    const [kind, id] = [textOf(row, 'kind'), textOf(row, 'id')];
    const [fingerprint, outcome] = [textOf(row, 'answer_fingerprint'), textOf(row, 'answer')];
    const answer = [String(answer_scope), fingerprint, outcome, Number(row['answer_seq'])];
    mustBeIntact('record', answer_crc, [state.id, kind, id, ...answer]);
    return answer_scope === scope ? { fingerprint, outcome } : null;
  }

  #record(account: string, name: string): StoredRow | undefined {
    const colon = name.indexOf(':');
    return this.#sql(
      `SELECT kind, id, open, links, body, crc, answer_scope, answer_fingerprint, answer, answer_seq, answer_crc
       FROM record WHERE account = ? AND kind = ? AND id = ?`,
    ).get(account, name.slice(0, colon), name.slice(colon + 1));
  }

  #key({ scope, key }: Slot): StoredKey | null {
    const row = this.#sql(
      'SELECT fingerprint, account, outcome, seq, crc FROM idempotency WHERE scope = ? AND key = ?',
    ).get(scope, key);
    if (!row) return null;
    const { account, seq, crc } = row;
    const [fingerprint, outcome] = [textOf(row, 'fingerprint'), textOf(row, 'outcome')];
    mustBeIntact('idempotency', crc, [scope, key, fingerprint, String(account), outcome, Number(seq)]);
    return { fingerprint, outcome };
  }

  #account(account: string): AccountState | null {
    const row = this.#sql('SELECT seq, n, hash, at, facts, due_at, crc FROM account WHERE id = ?').get(
      account,
    );
    if (!row) return null;
    const state: AccountState = {
      id: account,
      head: {
        seq: Number(row['seq']),
        n: Number(row['n']),
        hash: textOf(row, 'hash'),
        at: Number(row['at']),
      },
      facts: decodeFacts(textOf(row, 'facts')),
      balances: new Map(),
      records: new Map(),
    };
    for (const { name, micros } of this.#balances.all(account)) {
      if (typeof micros === 'bigint') state.balances.set(String(name), micros);
    }
    const { seq, n, hash, at } = state.head;
    const due = row['due_at'] === null ? null : Number(row['due_at']);
    const values = [account, seq, n, hash, at, textOf(row, 'facts'), due, balancesText(state.balances)];
    mustBeIntact('account', row['crc'], values);
    const open = 'SELECT kind, id, open, links, body, crc FROM record WHERE account = ? AND open = 1';
    const links: string[] = [];
    for (const found of this.#sql(open).all(account)) links.push(...keep(state, found).links);
    this.#follow(state, links);
    return state;
  }

  /** Loads the named records and whatever their links lead to. */
  #follow(state: AccountState, wanted: readonly string[]): void {
    const waiting = wanted.filter((key) => !state.records.has(key));
    for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
      if (state.records.has(key)) continue;
      if (key.startsWith('transfer:')) waiting.push(...this.#transfer(state, key.slice('transfer:'.length)));
      else {
        const row = this.#record(state.id, key);
        if (row) waiting.push(...keep(state, row).links);
      }
    }
  }

  /** A posted transfer, shown to the rules as a record (reversals name it). Answers what it links to. */
  #transfer(state: AccountState, id: string): string[] {
    const row = this.#sql('SELECT pk, kind, at, meta, crc FROM transfer WHERE account = ? AND id = ?').get(
      state.id,
      id,
    );
    if (!row) return [];
    const postings = this.#postings.all(Number(row['pk']));
    const [kind, meta] = [textOf(row, 'kind'), textOf(row, 'meta')];
    const values = [id, state.id, kind, Number(row['at']), meta, postingsText(postings)];
    mustBeIntact('transfer', row['crc'], values);
    const record = transferRecord(id, kind, meta, postings);
    state.records.set(`transfer:${id}`, record);
    return record.links;
  }
}

function keep(state: AccountState, row: StoredRow): AccountRecord {
  const [kind, id, links, body] = [
    textOf(row, 'kind'),
    textOf(row, 'id'),
    textOf(row, 'links'),
    textOf(row, 'body'),
  ];
  mustBeIntact('record', row['crc'], [state.id, kind, id, Number(row['open']), links, body]);
  const record = recordFrom(row);
  state.records.set(`${record.kind}:${record.id}`, record);
  return record;
}
