// For tests: a ledger over plain maps that loads no more than a real storage would (open records, what `needs` names,
// and their links), keeps records as text, and checks every invariant after every change.
import * as z from 'zod';
import { type Credits, Purchase } from '../../shared/account.ts';
import { parseAmount, readBalance } from '../../shared/money.ts';
import type { Ms } from '../../shared/time.ts';
import { decodeFacts, decodeRecord, encodeBody } from './codec.ts';
import type { Actor, Command, JsonObject, Order, Outcome, ProblemCode } from './command.ts';
import {
  apply,
  decide,
  DEFAULT_RULES,
  fingerprint,
  isStored,
  keyOf,
  needs,
  type RuleConfig,
} from './decide.ts';
import { checkAccount } from './invariants.ts';
import type { JournalRow } from './journal.ts';
import type { AccountState, Transfer } from './state.ts';

export const START: Ms = Date.parse('2026-01-01T00:00:00.000Z');
export const SYSTEM: Actor = { principal: 'system', scope: 'system' };
export const SERVICE: Actor = { principal: 'vm-service', scope: 'service' };
export const FINANCE: Actor = { principal: 'fin-1', scope: 'finance' };
export const SECOND: Actor = { principal: 'fin-2', scope: 'finance' };
export const USER: Actor = { principal: 'u', scope: 'account' };

export class TestLedger {
  now = START;
  readonly states = new Map<string, AccountState>();
  readonly transfers: Transfer[] = [];
  readonly rows: JournalRow[] = [];
  due: Ms | null = null;
  #rules: RuleConfig;
  readonly #keys = new Map<string, { print: string; outcome: Outcome }>();
  #made = 0;

  /** Opens the accounts `u` and `mallory`; transfers and rows are kept of `u`. */
  constructor(rules: Partial<RuleConfig> = {}) {
    this.#rules = { ...DEFAULT_RULES, ...rules };
    for (const account of ['u', 'mallory']) {
      this.settle(SYSTEM, { kind: 'account.open', name: account }, { account });
    }
  }

  /** As if the server had been started again with other figures. */
  setRules(rules: Partial<RuleConfig>): void {
    this.#rules = { ...this.#rules, ...rules };
  }

  #load(order: Order): AccountState | null {
    const whole = this.states.get(order.account);
    if (!whole) return null;
    const open = [...whole.records.values()].filter((record) => record.open);
    const wanted = [...open.map(({ kind, id }) => `${kind}:${id}`), ...needs(order)];
    const records: AccountState['records'] = new Map();
    for (let key = wanted.pop(); key !== undefined; key = wanted.pop()) {
      const record = this.#transfer(key) ?? whole.records.get(key);
      if (!record || records.has(key)) continue;
      records.set(key, decodeRecord({ ...record, body: encodeBody(record.body) }));
      wanted.push(...record.links);
    }
    return { ...whole, facts: decodeFacts(encodeBody(whole.facts)), records };
  }

  /** A posted transfer as a storage shows it. */
  #transfer(key: string) {
    const found = this.transfers.find(({ id }) => key === `transfer:${id}`);
    if (!found) return undefined;
    const { metadata } = found.meta;
    const { of } = z.object({ of: z.string().nullable().default(null) }).parse(metadata);
    const body = { kind: found.kind, postings: found.postings, of };
    return { kind: 'transfer', id: found.id, open: false, links: of === null ? [] : [of], body };
  }

  settle(
    actor: Actor,
    command: Command,
    { account = 'u', ...more }: { account?: string; key?: string; intent?: string } = {},
  ): Outcome {
    const order: Order = { account, actor, command, ...more };
    const slot = keyOf(order);
    const scope = slot && `${actor.principal} ${slot.by === 'id' ? command.kind : ''} ${slot.key}`;
    const known = scope === null ? undefined : this.#keys.get(scope);
    const print = fingerprint(order);
    if (known?.print === print) return { ...known.outcome, replayed: true };
    const context = { now: this.now, id: () => `id-${(this.#made += 1)}`, rules: this.#rules };
    const { changes, outcome } = decide(this.#load(order), order, context);
    if (changes) {
      const state = apply(this.states.get(account) ?? null, changes);
      this.states.set(account, state);
      if (account === 'u') {
        this.transfers.push(...changes.transfers);
        this.rows.push(...changes.rows);
        this.due = changes.due_at;
        const broken = checkAccount(state, this.transfers, this.#rules);
        if (broken.length > 0) throw new Error(broken.join('\n'));
      }
    }
    if (scope !== null && isStored(outcome)) this.#keys.set(scope, { print, outcome });
    return outcome;
  }

  /** Settles what must pass; answers its answer. */
  ok(actor: Actor, command: Command): JsonObject {
    const outcome = this.settle(actor, command);
    if (!outcome.ok) throw new Error(`${command.kind}: ${outcome.problem.code}`);
    return outcome.answer;
  }

  /** The code of a refusal; null when the order passed. */
  code(actor: Actor, command: Command): ProblemCode | null {
    const outcome = this.settle(actor, command);
    return outcome.ok ? null : outcome.problem.code;
  }

  /** As `ok`, for what the ledger gives an id to; answers the id. */
  made(actor: Actor, command: Command): string {
    return z.string().parse(this.ok(actor, command)['id']);
  }

  start(credits: string, method: 'usdc' | 'card'): string {
    return this.made(USER, { kind: 'purchase.start', amount: parseAmount(credits), method });
  }

  /** Buys credits and pays for them; answers the purchase's id. */
  fund(credits: string, method: 'usdc' | 'card' = 'usdc'): string {
    const id = this.start(credits, method);
    this.pay(id);
    return id;
  }

  pay(id: string, amount = this.purchase(id).total, payment = `pay-${id}`): JsonObject {
    return this.ok(SYSTEM, {
      kind: 'payment.succeeded',
      purchase_id: id,
      payment_id: payment,
      provider: 'spherepay',
      amount: readBalance(amount),
    });
  }

  grant(id: string, credits: string, more: Partial<Extract<Command, { kind: 'grant' }>> = {}): void {
    this.ok(FINANCE, { kind: 'grant', id, amount: parseAmount(credits), source: 'promo', ...more });
  }

  charge(id: string, credits: string, service: 'vm' | 'ray' = 'vm'): JsonObject {
    return this.ok(SERVICE, { kind: 'charge', id, amount: parseAmount(credits), service });
  }

  hold(id: string, credits: string): JsonObject {
    return this.ok(SERVICE, { kind: 'hold.authorize', id, amount: parseAmount(credits), service: 'vm' });
  }

  /** The credits section, true now. */
  credits(): Credits {
    this.settle(SYSTEM, { kind: 'tick' });
    const last = this.rows.findLast(({ patch }) => patch.credits)?.patch.credits;
    if (!last) throw new Error('no credits yet');
    return last;
  }

  purchase(id: string): Purchase {
    const row = this.rows.findLast(({ patch }) => patch.purchases?.id === id);
    if (!row?.patch.purchases) throw new Error(`no purchase ${id}`);
    return Purchase.parse(row.patch.purchases);
  }

  /** The state of `u`. */
  get state(): AccountState {
    const state = this.states.get('u');
    if (!state) throw new Error('no account');
    return state;
  }

  /** Type, amount and status of the entries so far, oldest first. */
  history(): string[] {
    return this.rows.flatMap(({ patch: { recent } }) =>
      recent ? [`${recent.type} ${recent.amount} ${recent.status} = ${recent.balance}`] : [],
    );
  }
}
