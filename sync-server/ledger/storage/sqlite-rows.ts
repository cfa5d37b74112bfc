// Writes the rows of one settled batch on SQLite, inside a transaction that the caller holds. Prepared statements only.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { encodeBody } from '../codec.ts';
import type { AccountWrite, KeyWrite, Settled } from '../engine.ts';
import type { AccountFacts } from '../records.ts';
import type { AccountRecord, AccountState, Transfer } from '../state.ts';
import { balancesText, postingsText, rowSum } from './row-sum.ts';

/** Answers that are kept beside the record that their order made, by account and record (`kind:id`). */
type Beside = Map<string, Map<string, KeyWrite>>;

export class SqliteRows {
  #db: DatabaseSync;
  #statements = new Map<string, StatementSync>();
  #facts = new WeakMap<AccountFacts, string>();
  #nextTransfer: number;

  constructor(db: DatabaseSync) {
    this.#db = db;
    // This process is the only writer, so it may count the rows itself.
    this.#nextTransfer =
      Number(this.#sql('SELECT coalesce(max(pk), 0) AS pk FROM transfer').get()?.['pk']) + 1;
  }

  /** @param unseen names of the slots whose record was looked for in this transaction and does not exist */
  write(settled: Settled, unseen: ReadonlySet<string>): void {
    const beside: Beside = new Map();
    const alone = settled.keys.filter((each) => !unseen.has(each.name) || !claim(beside, each));
    for (const write of settled.writes) this.#account(write, settled.states.get(write.account), beside);
    // What is left there made no record: it was refused.
    for (const answers of beside.values()) for (const each of answers.values()) this.#key(each);
    for (const each of alone) this.#key(each);
  }

  #sql(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #account(write: AccountWrite, state: AccountState | undefined, beside: Beside): void {
    const { account } = write;
    const answers = beside.get(account);
    this.#head(write, state);
    for (const [name, micros] of write.balances) this.#balance(account, name, micros);
    for (const [key, record] of write.records) {
      const answer = answers?.get(key);
      if (answer) {
        answers?.delete(key);
        this.#answeredRecord(account, record, answer);
      } else this.#record(account, record);
    }
    for (const transfer of write.transfers) this.#transfer(account, transfer);
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

  /** Many orders leave the facts as they were: then their text is known. */
  #encoded(facts: AccountFacts): string {
    let text = this.#facts.get(facts);
    if (text === undefined) {
      text = encodeBody(facts);
      this.#facts.set(facts, text);
    }
    return text;
  }

  #head(write: AccountWrite, state: AccountState | undefined): void {
    const { account, due_at, creditsSeq } = write;
    const { seq, n, hash, at } = write.head;
    const facts = this.#encoded(write.facts);
    const balances = balancesText(state?.balances ?? new Map());
    const crc = rowSum([account, seq, n, hash, at, facts, due_at, balances]);
    if (write.isNew) {
      const shown = creditsSeq ?? 0;
      this.#sql(
        `INSERT INTO account (id, version, seq, n, hash, at, facts, due_at, credits_seq, crc, credits_crc)
         VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ).run(account, seq, n, hash, at, facts, due_at, shown, crc, rowSum([account, shown]));
      return;
    }
    const shown = creditsSeq === null ? null : rowSum([account, creditsSeq]);
    this.#sql(
      `UPDATE account SET version = version + 1, seq = ?, n = ?, hash = ?, at = ?, facts = ?, due_at = ?,
         credits_seq = coalesce(?, credits_seq), crc = ?, credits_crc = coalesce(?, credits_crc) WHERE id = ?`,
    ).run(seq, n, hash, at, facts, due_at, creditsSeq, crc, shown, account);
  }

  #balance(account: string, name: string, micros: bigint): void {
    if (micros === 0n) this.#sql('DELETE FROM balance WHERE account = ? AND name = ?').run(account, name);
    else {
      this.#sql(
        `INSERT INTO balance (account, name, micros) VALUES (?, ?, ?)
         ON CONFLICT (account, name) DO UPDATE SET micros = excluded.micros`,
      ).run(account, name, micros);
    }
  }

  #record(account: string, record: AccountRecord): void {
    const [kind, id, open, links, body, crc] = columnsOf(account, record);
    this.#sql(
      `INSERT INTO record (account, kind, id, open, links, body, crc) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (account, kind, id)
       DO UPDATE SET open = excluded.open, links = excluded.links, body = excluded.body, crc = excluded.crc`,
    ).run(account, kind, id, open, links, body, crc);
  }

  /** A record that was not there, with the answer to the order that made it. */
  #answeredRecord(account: string, record: AccountRecord, answer: KeyWrite): void {
    const [kind, id, open, links, body, crc] = columnsOf(account, record);
    const { scope, fingerprint, outcome, seq } = answer;
    const sum = rowSum([account, kind, id, scope, fingerprint, outcome, seq]);
    this.#sql(
      `INSERT INTO record (account, kind, id, open, links, body, crc,
         answer_scope, answer_fingerprint, answer, answer_seq, answer_crc)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ).run(account, kind, id, open, links, body, crc, scope, fingerprint, outcome, seq, sum);
  }

  #transfer(account: string, { id, kind, at, meta, postings }: Transfer): void {
    const pk = this.#nextTransfer;
    this.#nextTransfer += 1;
    const text = JSON.stringify(meta);
    this.#sql('INSERT INTO transfer (pk, account, id, kind, at, meta, crc) VALUES (?, ?, ?, ?, ?, ?, ?)').run(
      pk,
      account,
      id,
      kind,
      at,
      text,
      rowSum([id, account, kind, at, text, postingsText(postings)]),
    );
    const posting = this.#sql('INSERT INTO posting (transfer, line, name, micros) VALUES (?, ?, ?, ?)');
    for (const [line, { name, micros }] of postings.entries()) posting.run(pk, line, name, micros);
  }

  #key({ scope, key, fingerprint, account, outcome, seq }: KeyWrite): void {
    this.#sql(
      'INSERT INTO idempotency (scope, key, fingerprint, account, outcome, seq, crc) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ).run(
      scope,
      key,
      fingerprint,
      account,
      outcome,
      seq,
      rowSum([scope, key, fingerprint, account, outcome, seq]),
    );
  }
}

/** False when another order of the batch has the place beside that record. */
function claim(beside: Beside, each: KeyWrite): boolean {
  if (each.record === null) return false;
  let answers = beside.get(each.account);
  if (!answers) beside.set(each.account, (answers = new Map()));
  if (answers.has(each.record)) return false;
  answers.set(each.record, each);
  return true;
}

function columnsOf(account: string, { kind, id, open, links, body }: AccountRecord) {
  const columns = [kind, id, open ? 1 : 0, JSON.stringify(links), encodeBody(body)] as const;
  return [...columns, rowSum([account, ...columns])] as const;
}
