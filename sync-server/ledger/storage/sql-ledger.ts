// The ledger's door over any SQL storage: settling goes to the storage, the rest are plain reads.
import type { Credits, Purchase } from '../../../shared/account.ts';
import type { Clock, Ms } from '../../../shared/time.ts';
import type { Actor, Order, Outcome } from '../command.ts';
import type { LedgerEvents } from '../events.ts';
import type { JournalRow } from '../journal.ts';
import type { Ledger } from '../ledger.ts';
import { shown as shownPurchase } from '../purchases.ts';
import type { Database, Row } from './database.ts';
import { journalRowFrom, patchFrom, recordFrom } from './rows.ts';
import type { Settlement } from './settlement.ts';

/** The ledger's own clock asks for what is due. */
const SYSTEM: Actor = { principal: 'system', scope: 'system' };

export class SqlLedger implements Ledger {
  readonly database: Database;
  readonly events: LedgerEvents;
  #storage: Settlement;
  #clock: Clock;

  constructor(storage: Database & Settlement, events: LedgerEvents, clock: Clock) {
    this.database = storage;
    this.#storage = storage;
    this.events = events;
    this.#clock = clock;
  }

  settle(order: Order): Promise<Outcome> {
    return this.#storage.settle({ order, now: this.#clock.now() });
  }

  async journal(account: string, after: number, limit: number): Promise<JournalRow[]> {
    const rows = await this.database.read(
      `SELECT account, seq, at, n, hash, private_digest, patch FROM journal
       WHERE account = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
      [account, after, limit],
    );
    return rows.map(journalRowFrom);
  }

  async credits(account: string): Promise<Credits | null> {
    const [row] = await this.database.read('SELECT due_at FROM account WHERE id = $1', [account]);
    if (!row) return null;
    if (isDue(row, this.#clock.now())) await this.#tick(account);
    const [latest] = await this.database.read(
      `SELECT patch FROM account JOIN journal ON journal.account = account.id AND journal.seq = account.credits_seq
       WHERE account.id = $1`,
      [account],
    );
    return latest ? (patchFrom(latest).credits ?? null) : null;
  }

  async purchase(account: string, id: string): Promise<Purchase | null> {
    const [row] = await this.database.read(
      "SELECT kind, id, open, links, body FROM record WHERE account = $1 AND kind = 'purchase' AND id = $2",
      [account, id],
    );
    const record = row && recordFrom(row);
    return record?.kind === 'purchase' ? shownPurchase(record) : null;
  }

  async accountOfPurchase(id: string): Promise<string | null> {
    // The first term is the index's own, without which SQLite would read all records.
    const [row] = await this.database.read(
      "SELECT account FROM record WHERE kind IN ('purchase', 'payment') AND kind = 'purchase' AND id = $1",
      [id],
    );
    return row ? String(row['account']) : null;
  }

  async runDue(limit: number): Promise<Ms | null> {
    const due = await this.database.read(
      'SELECT id FROM account WHERE due_at IS NOT NULL AND due_at <= $1 ORDER BY due_at LIMIT $2',
      [this.#clock.now(), limit],
    );
    const runs = await Promise.allSettled(due.map((row) => this.#tick(String(row['id']))));
    // One account that fails holds back no other; its failure is the caller's to see.
    const failed = runs.find((run) => run.status === 'rejected');
    if (failed) throw failed.reason;
    const [next] = await this.database.read('SELECT min(due_at) AS at FROM account WHERE due_at IS NOT NULL');
    return next?.['at'] == null ? null : Number(next['at']);
  }

  close(): Promise<void> {
    return this.#storage.close();
  }

  #tick(account: string): Promise<Outcome> {
    return this.settle({ account, actor: SYSTEM, command: { kind: 'tick' } });
  }
}

function isDue(row: Row, now: Ms): boolean {
  return row['due_at'] != null && Number(row['due_at']) <= now;
}
