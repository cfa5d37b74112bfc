// Loads and writes one batch on SQLite, inside a transaction that the caller holds. Prepared statements only.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { decodeFacts, encodeBody } from '../codec.ts';
import type { AccountWrite, Prepared, Settled, StoredKey } from '../engine.ts';
import { slotName } from '../engine.ts';
import type { AccountFacts } from '../records.ts';
import type { AccountRecord, AccountState } from '../state.ts';
import { balancesText, mustBeIntact, postingsText, rowSum } from './row-sum.ts';
import { recordFrom, type StoredRow, textOf } from './rows.ts';
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
  #nextTransfer: number;
  #facts = new WeakMap<AccountFacts, string>();

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#balances = db.prepare('SELECT name, micros FROM balance WHERE account = ?', { readBigInts: true });
    const postings = 'SELECT name, micros FROM posting WHERE transfer = ? ORDER BY line';
    this.#postings = db.prepare(postings, { readBigInts: true });
    // This process is the only writer, so it may count the rows itself.
    this.#nextTransfer =
      Number(this.#sql('SELECT coalesce(max(pk), 0) AS pk FROM transfer').get()?.['pk']) + 1;
  }

  load(tasks: readonly Prepared[]): Loaded {
    const states: Loaded['states'] = new Map();
    const keys: Loaded['keys'] = new Map();
    for (const { order, slots, needs } of tasks) {
      for (const { scope, key } of slots) {
        const stored = this.#key(scope, key);
        if (stored) keys.set(slotName(scope, key), stored);
      }
      let state = states.get(order.account);
      if (state === undefined) {
        state = this.#cache.get(order.account)?.state ?? this.#account(order.account);
        states.set(order.account, state);
      }
      if (state) this.#follow(state, needs);
    }
    return { states, keys };
  }

  /** Writes what was settled; the states become the cache's only through `committed`. */
  write(settled: Settled): void {
    for (const write of settled.writes) this.#writeAccount(write, settled.states.get(write.account));
    const insert = this.#sql(
      'INSERT INTO idempotency (scope, key, fingerprint, account, outcome, seq, crc) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    for (const each of settled.keys) {
      const { scope, key, fingerprint, account, outcome, seq } = each;
      const crc = rowSum([scope, key, fingerprint, account, outcome, seq]);
      insert.run(scope, key, fingerprint, account, outcome, seq, crc);
    }
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

  #key(scope: string, key: string): StoredKey | null {
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
    const one = this.#sql(
      'SELECT kind, id, open, links, body, crc FROM record WHERE account = ? AND kind = ? AND id = ?',
    );
    for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
      if (state.records.has(key)) continue;
      const colon = key.indexOf(':');
      const [kind, id] = [key.slice(0, colon), key.slice(colon + 1)];
      if (kind === 'transfer') waiting.push(...this.#transfer(state, id));
      else {
        const row = one.get(state.id, kind, id);
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

  /** Most orders leave the facts as they were: then their text is known. */
  #encoded(facts: AccountFacts): string {
    let text = this.#facts.get(facts);
    if (text === undefined) {
      text = encodeBody(facts);
      this.#facts.set(facts, text);
    }
    return text;
  }

  #writeAccount(write: AccountWrite, state: AccountState | undefined): void {
    const { account, head, due_at, creditsSeq } = write;
    const facts = this.#encoded(write.facts);
    const balances = balancesText(state?.balances ?? new Map());
    const crc = rowSum([account, head.seq, head.n, head.hash, head.at, facts, due_at, balances]);
    if (write.isNew) {
      this.#sql(
        `INSERT INTO account (id, version, seq, n, hash, at, facts, due_at, credits_seq, crc, credits_crc)
         VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ).run(
        account,
        head.seq,
        head.n,
        head.hash,
        head.at,
        facts,
        due_at,
        creditsSeq ?? 0,
        crc,
        rowSum([account, creditsSeq ?? 0]),
      );
    } else {
      this.#sql(
        `UPDATE account SET version = version + 1, seq = ?, n = ?, hash = ?, at = ?, facts = ?, due_at = ?,
           credits_seq = coalesce(?, credits_seq), crc = ?, credits_crc = coalesce(?, credits_crc) WHERE id = ?`,
      ).run(
        head.seq,
        head.n,
        head.hash,
        head.at,
        facts,
        due_at,
        creditsSeq,
        crc,
        creditsSeq === null ? null : rowSum([account, creditsSeq]),
        account,
      );
    }
    for (const [name, micros] of write.balances) {
      if (micros === 0n) this.#sql('DELETE FROM balance WHERE account = ? AND name = ?').run(account, name);
      else {
        this.#sql(
          `INSERT INTO balance (account, name, micros) VALUES (?, ?, ?)
           ON CONFLICT (account, name) DO UPDATE SET micros = excluded.micros`,
        ).run(account, name, micros);
      }
    }
    for (const record of write.records.values()) {
      const { kind, id } = record;
      const [open, links, body] = [
        record.open ? 1 : 0,
        JSON.stringify(record.links),
        encodeBody(record.body),
      ];
      this.#sql(
        `INSERT INTO record (account, kind, id, open, links, body, crc) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (account, kind, id)
         DO UPDATE SET open = excluded.open, links = excluded.links, body = excluded.body, crc = excluded.crc`,
      ).run(account, kind, id, open, links, body, rowSum([account, kind, id, open, links, body]));
    }
    for (const { id, kind, at, meta, postings } of write.transfers) {
      const pk = this.#nextTransfer;
      this.#nextTransfer += 1;
      const text = JSON.stringify(meta);
      this.#sql(
        'INSERT INTO transfer (pk, account, id, kind, at, meta, crc) VALUES (?, ?, ?, ?, ?, ?, ?)',
      ).run(pk, account, id, kind, at, text, rowSum([id, account, kind, at, text, postingsText(postings)]));
      const posting = this.#sql('INSERT INTO posting (transfer, line, name, micros) VALUES (?, ?, ?, ?)');
      for (const [line, { name, micros }] of postings.entries()) posting.run(pk, line, name, micros);
    }
    const journal = this.#sql(
      'INSERT INTO journal (account, seq, at, n, hash, private_digest, patch, crc) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    );
    for (const row of write.rows) {
      const { seq, at, n, hash, private_digest } = row;
      const patch = JSON.stringify(row.patch);
      const crc = rowSum([account, seq, at, n, hash, private_digest, patch]);
      journal.run(account, seq, at, n, hash, private_digest, patch, crc);
    }
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
