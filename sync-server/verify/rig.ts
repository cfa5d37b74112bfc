// For the tests of the verification: a ledger with some life in it on a file of its own, and hands that damage it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DAY, HOUR, MINUTE, type Ms } from '../../shared/time.ts';
import type { Command, Order, Outcome } from '../ledger/command.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type LedgerOptions, openLedger } from '../ledger/open.ts';
import { DEFAULT_RULES } from '../ledger/rules.ts';

const START: Ms = Date.UTC(2026, 0, 1);
const FINANCE = { principal: 'finance-1', scope: 'finance' } as const;
const SECOND = { principal: 'finance-2', scope: 'finance' } as const;
const SERVICE = { principal: 'compute', scope: 'service' } as const;
const SYSTEM = { principal: 'system', scope: 'system' } as const;
const ADMIN = { principal: 'staff', scope: 'admin' } as const;
const CREDIT = 1_000_000n;
const WALLET = '7xKXtg2CW87d97TXJSDpbD5jBkheTqA83TZRuJosgAsU';

/** Gives orders to a ledger whose clock it moves. */
export class Life {
  now: Ms = START;
  #ledger: Ledger;
  #orders = 0;
  #name: string;

  /** @param name tells the keys of one life on a ledger from those of another */
  constructor(ledger: Ledger, name = 'order') {
    this.#ledger = ledger;
    this.#name = name;
  }

  async order(
    account: string,
    actor: Order['actor'],
    command: Command,
    more: Partial<Order> = {},
  ): Promise<Outcome> {
    this.#orders += 1;
    const key = `${this.#name}-${this.#orders}`.padEnd(16, '-');
    return await this.#ledger.settle({ account, actor, command, key, ...more });
  }

  /** As `order`, for what must be answered; answers one text of the answer. */
  async must(account: string, actor: Order['actor'], command: Command, field = 'id'): Promise<string> {
    const outcome = await this.order(account, actor, command);
    if (!outcome.ok) throw new Error(`${command.kind}: ${outcome.problem.code}`);
    const text = outcome.answer[field];
    return typeof text === 'string' ? text : '';
  }

  async open(account: string): Promise<void> {
    await this.must(account, ADMIN, { kind: 'account.open', name: account });
  }

  buy(account: string, amount: bigint, method: 'card' | 'usdc' = 'usdc'): Promise<string> {
    return this.must(account, owner(account), { kind: 'purchase.start', amount, method });
  }

  pay(account: string, purchase_id: string, amount: bigint): Promise<string> {
    const money = { payment_id: `pay-${purchase_id}`, provider: 'sphere', amount };
    return this.must(account, SYSTEM, { kind: 'payment.succeeded', purchase_id, ...money }, 'status');
  }

  async fund(account: string, amount: bigint): Promise<string> {
    const id = await this.buy(account, amount);
    await this.pay(account, id, amount);
    return id;
  }

  charge(account: string, id: string, amount: bigint): Promise<string> {
    return this.must(account, SERVICE, { kind: 'charge', id, amount, service: 'vm' });
  }

  async hold(account: string, id: string, amount: bigint): Promise<string> {
    return await this.must(
      account,
      SERVICE,
      { kind: 'hold.authorize', id, amount, service: 'ray' },
      'status',
    );
  }

  capture(account: string, id: string, amount: bigint): Promise<string> {
    return this.must(account, SERVICE, { kind: 'hold.capture', id, amount }, 'status');
  }

  async finance(account: string, command: Command): Promise<string> {
    return await this.must(account, FINANCE, command);
  }

  /** A charge by anybody, a chargeback, a payout and everything between, on accounts `ann`, `bob` and `cy`. */
  async everything(): Promise<void> {
    for (const account of ['ann', 'bob', 'cy']) await this.open(account);
    await this.#spend('ann');
    await this.#owe('bob');
    await this.#withdraw('cy');
    this.now += 40 * DAY;
    for (const account of ['ann', 'bob', 'cy']) await this.order(account, SYSTEM, { kind: 'tick' });
    await this.charge('ann', 'late', CREDIT);
  }

  async #spend(account: string): Promise<void> {
    const card = await this.buy(account, 100n * CREDIT, 'card');
    await this.pay(account, card, 103n * CREDIT);
    await this.finance(account, {
      kind: 'grant',
      id: 'g1',
      amount: 10n * CREDIT,
      source: 'promo',
      services: ['vm'],
    });
    await this.finance(account, {
      kind: 'grant',
      id: 'g2',
      amount: 20n * CREDIT,
      source: 'goodwill',
      expires_at: this.now + DAY,
    });
    for (let count = 0; count < 20; count += 1) {
      this.now += MINUTE;
      await this.charge(account, `c${count}`, 1_234_567n);
    }
    await this.must(account, SERVICE, {
      kind: 'charge.refund',
      charge_id: 'c3',
      id: 'r1',
      amount: 1_000_000n,
    });
    await this.hold(account, 'h1', 9n * CREDIT);
    await this.must(account, SERVICE, { kind: 'hold.capture', id: 'h1', amount: 8n * CREDIT });
    await this.hold(account, 'h2', 5n * CREDIT);
    await this.must(account, SERVICE, { kind: 'hold.void', id: 'h2' });
    await this.hold(account, 'h3', 4n * CREDIT);
    const adjusted = {
      kind: 'adjustment',
      id: 'a1',
      amount: 3n * CREDIT,
      reason: 'goodwill',
      approver: 'finance-2',
    };
    await this.finance(account, adjusted as Command);
    this.now += HOUR;
    const rate = { input: 3n * CREDIT, output: 9n * CREDIT };
    const tokens = { model: 'm', input_tokens: 1_000_000, output_tokens: 10, rate, at: this.now };
    await this.must(account, SERVICE, { kind: 'usage', id: 'u1', ...tokens });
    // A refused proposal stands in the journal.
    await this.order(
      account,
      owner(account),
      { kind: 'refuse', code: 'invalid_request', detail: '' },
      { intent: 'i1' },
    );
    await this.hold(account, 'open', 2n * CREDIT);
  }

  async #owe(account: string): Promise<void> {
    const first = await this.fund(account, 5n * CREDIT);
    await this.charge(account, 'c1', 12n * CREDIT);
    this.now += MINUTE;
    await this.fund(account, 20n * CREDIT);
    await this.hold(account, 'pending', 500n * CREDIT);
    await this.finance(account, { kind: 'purchase.dispute', purchase_id: first });
    const late = await this.buy(account, 30n * CREDIT);
    this.now += 2 * DAY;
    await this.pay(account, late, 30n * CREDIT);
  }

  async #withdraw(account: string): Promise<void> {
    await this.fund(account, 2_000n * CREDIT);
    const ask = (amount: bigint) =>
      this.must(account, owner(account), { kind: 'withdrawal.request', amount, wallet_address: WALLET });
    const paid = await ask(1_500n * CREDIT);
    await this.finance(account, { kind: 'withdrawal.approve', id: paid });
    await this.must(account, SECOND, { kind: 'withdrawal.approve', id: paid });
    await this.finance(account, { kind: 'withdrawal.send', id: paid });
    await this.finance(account, { kind: 'withdrawal.paid', id: paid, tx_url: 'https://solscan.io/tx/5h6x' });
    const back = await ask(10n * CREDIT);
    await this.finance(account, { kind: 'withdrawal.reject', id: back, reason: 'address unclear' });
    await ask(7n * CREDIT);
  }
}

function owner(account: string): Order['actor'] {
  return { principal: `p-${account}`, scope: 'account' };
}

export interface Place {
  dataDir: string;
  file: string;
  remove(): void;
}

export function tempPlace(): Place {
  const dataDir = mkdtempSync(join(tmpdir(), 'glance-verify-'));
  return {
    dataDir,
    file: join(dataDir, 'glance.sqlite'),
    remove: () => rmSync(dataDir, { recursive: true, force: true }),
  };
}

/** A ledger with a life that has been lived; closed unless `keep` wants to go on with it. */
export async function livedLedger(where: Pick<LedgerOptions, 'dataDir' | 'databaseUrl'>): Promise<void> {
  let life: Life | null = null;
  const clock = { now: () => life?.now ?? START };
  const ledger = await openLedger({ ...where, clock, rules: DEFAULT_RULES });
  try {
    life = new Life(ledger);
    await life.everything();
  } finally {
    await ledger.close();
  }
}

/** Writes past the ledger, its triggers dropped and put back. Answers the number of rows that a change hit. */
export function damage(file: string, sql: string): void {
  const db = new DatabaseSync(file, { enableForeignKeyConstraints: false });
  const triggers = db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").all();
  for (const { name } of triggers) db.exec(`DROP TRIGGER ${String(name)}`);
  db.exec(sql);
  const changed = Number(db.prepare('SELECT total_changes() AS count').get()?.['count']);
  for (const { sql } of triggers) db.exec(String(sql));
  db.close();
  if (changed === 0) throw new Error(`nothing was damaged by ${sql}`);
}
