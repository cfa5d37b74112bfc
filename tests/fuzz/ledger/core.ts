// The real core behind the same words: orders through the engine's batches, against a store of plain maps that loads
// no more than a storage would (open records, what `needs` names, and their links).
import * as z from 'zod';
import {
  AmountError,
  type Micros,
  MAX_BALANCE,
  parseAmount,
  parseAmountOrZero,
  readBalance,
} from '../../../shared/money.ts';
import { check } from '../../../shared/verdict.ts';
import type { Credits, Purchase } from '../../../shared/account.ts';
import { decodeFacts, decodeRecord, encodeBody } from '../../../sync-server/ledger/codec.ts';
import type { Actor, Command, Order, Outcome } from '../../../sync-server/ledger/command.ts';
import { DEFAULT_RULES, type RuleConfig } from '../../../sync-server/ledger/decide.ts';
import {
  prepare,
  readReply,
  settleBatch,
  slotName,
  type StoredKey,
} from '../../../sync-server/ledger/engine.ts';
import type { JournalRow } from '../../../sync-server/ledger/journal.ts';
import type { AccountHead, AccountState, Transfer } from '../../../sync-server/ledger/state.ts';
import { type Act, principalOf, type Step, type Who } from './step.ts';
import { PRICES, START, type Terms } from './terms.ts';

/** An account as rows lie in a database: texts, so that what does not survive JSON shows. */
export interface Stored {
  head: AccountHead;
  facts: string;
  dueAt: number | null;
  balances: Map<string, Micros>;
  records: Map<string, { kind: string; id: string; open: boolean; links: string[]; body: string }>;
  transfers: Transfer[];
  rows: JournalRow[];
  credits: Credits | null;
}

const WALLET = '7xKXtg2CW87d97TXJSDpbD5jBkheTqA83TZRuJosgAsU';

export class Core {
  clock = START;
  readonly accounts = new Map<string, Stored>();
  private readonly keys = new Map<string, StoredKey>();
  /** Ids that the ledger gave to what a script names. */
  private readonly ids = new Map<string, string>();
  private made = 0;
  readonly rules: RuleConfig;

  constructor(terms: Terms, people: readonly Who[]) {
    const { purchaseTtl, cardHold } = terms;
    this.rules = { ...DEFAULT_RULES, purchase_ttl_ms: purchaseTtl, card_hold_ms: cardHold };
    for (const who of people) {
      this.order({
        account: who,
        actor: { principal: 'admin-1', scope: 'admin' },
        command: { kind: 'account.open', name: who },
      });
    }
  }

  /** Does one step; null when only the clock moved. */
  step(step: Step): Outcome | null {
    if ('at' in step) {
      this.clock = START + step.at;
      return null;
    }
    const { who, act, key, tray } = step;
    try {
      const command = this.command(act);
      const actor = actorOf(who, act);
      const keyed = key === undefined ? {} : { key };
      const intent = tray === true && key !== undefined ? { intent: key } : {};
      const outcome = this.order({ account: who, actor, command, ...keyed, ...intent });
      if (outcome.ok && (act.verb === 'buy' || act.verb === 'wd'))
        this.ids.set(act.id, z.string().parse(outcome.answer['id']));
      if (!outcome.ok) return outcome;
      if (act.verb === 'match') this.named(act.payment, outcome);
      if (act.verb === 'settle') return this.withPrice(outcome, act.id);
      return act.verb === 'check' ? this.checked(outcome, who, act) : outcome;
    } catch (error) {
      // As at the edge: an amount that cannot be read never becomes an order.
      if (!(error instanceof AmountError)) throw error;
      return { ok: false, problem: { code: error.code, detail: error.message }, seq: 0, replayed: false };
    }
  }

  /** Settles one order as the engine would for a storage. */
  order(order: Order): Outcome {
    const task = prepare({ order, now: this.clock });
    const wanted = 'fault' in task ? [] : task.needs;
    const states = new Map([[order.account, this.load(order.account, wanted)]]);
    const context = { rules: this.rules, idsFor: () => () => this.id() };
    const { replies, writes, keys } = settleBatch([task], states, this.keys, context);
    for (const { scope, key, fingerprint, outcome } of keys)
      this.keys.set(slotName(scope, key), { fingerprint, outcome });
    for (const write of writes) {
      const stored = this.accounts.get(write.account) ?? emptyAccount(write.head);
      this.accounts.set(write.account, stored);
      stored.head = write.head;
      stored.facts = encodeBody(write.facts);
      stored.dueAt = write.due_at;
      for (const [name, micros] of write.balances) stored.balances.set(name, micros);
      for (const [name, record] of write.records)
        stored.records.set(name, { ...record, body: encodeBody(record.body) });
      stored.transfers.push(...write.transfers);
      stored.rows.push(...write.rows);
      for (const { patch } of write.rows) stored.credits = patch.credits ?? stored.credits;
    }
    const [reply] = replies;
    if (!reply) throw new Error('the engine gave no reply');
    return readReply(reply);
  }

  /** The account with everything that it remembers: for the invariants. */
  whole(account: string): AccountState {
    const state = this.load(account, [...(this.accounts.get(account)?.records.keys() ?? [])]);
    if (!state) throw new Error(`no account ${account}`);
    return state;
  }

  private load(account: string, wanted: readonly string[]): AccountState | null {
    const stored = this.accounts.get(account);
    if (!stored) return null;
    const records: AccountState['records'] = new Map();
    const open = [...stored.records].filter(([, { open }]) => open).map(([name]) => name);
    const waiting = [...open, ...wanted];
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      const row = stored.records.get(name);
      if (!row || records.has(name)) continue;
      records.set(name, decodeRecord(row));
      waiting.push(...row.links);
    }
    const balances = new Map([...stored.balances].filter(([, micros]) => micros !== 0n));
    return { id: account, head: stored.head, facts: decodeFacts(stored.facts), balances, records };
  }

  private id(): string {
    this.made += 1;
    return `00000000-0000-7000-8000-${String(this.made).padStart(12, '0')}`;
  }

  private command(act: Act): Command {
    const known = (name: string) => this.ids.get(name) ?? `no-${name}`;
    switch (act.verb) {
      case 'buy':
        return { kind: 'purchase.start', amount: parseAmount(act.amount), method: act.method };
      case 'settle':
        return {
          kind: 'payment.succeeded',
          purchase_id: known(act.id),
          payment_id: act.payment ?? `pay-${act.id}`,
          provider: 'spherepay',
          amount: act.total === undefined ? this.priceOf(known(act.id)) : parseAmount(act.total, MAX_BALANCE),
        };
      case 'payfail':
        return {
          kind: 'payment.failed',
          purchase_id: known(act.id),
          payment_id: `pay-${act.id}`,
          provider: 'spherepay',
        };
      case 'dispute':
        return { kind: 'purchase.dispute', purchase_id: known(act.id) };
      case 'grant': {
        const { id, source, services, priority, expiresAt } = act;
        return {
          kind: 'grant',
          id,
          amount: parseAmount(act.amount),
          source,
          ...(services ? { services } : {}),
          ...(priority === undefined ? {} : { priority }),
          ...(expiresAt === undefined ? {} : { expires_at: START + expiresAt }),
        };
      }
      case 'auth': {
        const { id, service, onInsufficient, useAllowance } = act;
        return {
          kind: 'hold.authorize',
          id,
          amount: parseAmount(act.amount),
          service,
          ...(onInsufficient === undefined ? {} : { on_insufficient: onInsufficient }),
          ...(useAllowance === undefined ? {} : { use_allowance: useAllowance }),
        };
      }
      case 'capture':
        return { kind: 'hold.capture', id: act.id, amount: parseAmount(act.amount) };
      case 'void':
        return { kind: 'hold.void', id: act.id };
      case 'extend':
        return { kind: 'hold.extend', id: act.id, until: START + act.until };
      case 'charge': {
        const { id, service, force } = act;
        const amount = parseAmount(act.amount);
        return { kind: 'charge', id, amount, service, ...(force === undefined ? {} : { force }) };
      }
      case 'refund':
        return { kind: 'charge.refund', charge_id: act.charge, id: act.id, amount: parseAmount(act.amount) };
      case 'wd':
        return { kind: 'withdrawal.request', amount: parseAmount(act.amount), wallet_address: WALLET };
      case 'approve':
        return { kind: 'withdrawal.approve', id: known(act.id) };
      case 'cancel':
        return { kind: 'withdrawal.cancel', id: known(act.id) };
      case 'reject':
        return { kind: 'withdrawal.reject', id: known(act.id), reason: 'address unclear' };
      case 'send':
        return { kind: 'withdrawal.send', id: known(act.id) };
      case 'paid':
        return { kind: 'withdrawal.paid', id: known(act.id), tx_url: 'https://solscan.io/tx/5h6x' };
      case 'payoutFailed':
        return { kind: 'withdrawal.fail', id: known(act.id) };
      case 'match':
        return { kind: 'suspense.match', suspense_id: this.suspense(act.payment) };
      case 'adjust': {
        const { id, approver, out } = act;
        const amount = parseAmount(act.amount);
        return {
          kind: 'adjustment',
          id,
          amount: out === true ? -amount : amount,
          reason: 'agreed',
          approver,
        };
      }
      case 'use': {
        const { id, model, input, output, at } = act;
        const rate = PRICES[model];
        return { kind: 'usage', id, model, input_tokens: input, output_tokens: output, rate, at: START + at };
      }
      case 'plan':
        return { kind: 'plan.choose', plan: act.plan };
      case 'patch': {
        const { allowance, state } = act;
        return {
          kind: 'account.patch',
          ...(allowance === undefined ? {} : { allowance: parseAmountOrZero(allowance) }),
          ...(state === undefined ? {} : { state }),
        };
      }
      case 'check':
        parseAmountOrZero(act.amount);
        return { kind: 'tick' };
      case 'tick':
        return { kind: 'tick' };
      default:
        return act satisfies never;
    }
  }

  /** The suspense item of a payment, as finance would find it in its list. */
  private suspense(payment: string): string {
    for (const { records } of this.accounts.values()) {
      for (const row of records.values()) {
        const record = row.kind === 'suspense' ? decodeRecord(row) : null;
        if (record?.kind === 'suspense' && record.body.payment === payment) return record.id;
      }
    }
    return 'no-suspense';
  }

  /** What the buyer was told to pay, wherever the purchase is; 1 for a purchase that does not exist. */
  private priceOf(id: string): Micros {
    const purchase = this.purchase(id);
    // A card's total may pass the maximum of one operation by its fee.
    return purchase ? readBalance(purchase.total) : 1n;
  }

  /** A webhook's answer with the purchase's price beside it, as the table asks for both. */
  private withPrice(outcome: Extract<Outcome, { ok: true }>, name: string): Outcome {
    const { total = '', fee = '' } = this.purchase(this.ids.get(name) ?? '') ?? {};
    return { ...outcome, answer: { ...outcome.answer, total, fee } };
  }

  // A match may have made a purchase that no script has named.
  private named(payment: string, { answer }: Extract<Outcome, { ok: true }>): void {
    const made = z.object({ purchase: z.object({ id: z.string() }) }).safeParse(answer);
    if (made.success) this.ids.set(`m-${payment}`, made.data.purchase.id);
  }

  /** The question as `GET /credits/check` answers it: from the credits section that is true now. */
  private checked(
    outcome: Extract<Outcome, { ok: true }>,
    who: Who,
    act: Extract<Act, { verb: 'check' }>,
  ): Outcome {
    const credits = this.accounts.get(who)?.credits;
    if (!credits) throw new Error(`no credits of ${who}`);
    const {
      amount: _asked,
      top_up: _price,
      seq: _row,
      ...answer
    } = check(credits, parseAmountOrZero(act.amount), act.service);
    return { ...outcome, answer };
  }

  /** A purchase as the journals last told it. */
  private purchase(id: string): Purchase | undefined {
    for (const { rows } of this.accounts.values()) {
      const row = rows.findLast(({ patch }) => patch.purchases?.id === id);
      if (row) return row.patch.purchases;
    }
    return undefined;
  }
}

function emptyAccount(head: AccountHead): Stored {
  return {
    head,
    facts: '{}',
    dueAt: null,
    balances: new Map(),
    records: new Map(),
    transfers: [],
    rows: [],
    credits: null,
  };
}

function actorOf(who: Who, act: Act): Actor {
  const principal = principalOf(who, act);
  if (principal === 'system') return { principal, scope: 'system' };
  if (principal === 'service-1') return { principal, scope: 'service' };
  // Also somebody of finance may not approve what was requested in the same name.
  return { principal, scope: principal === who && act.verb !== 'approve' ? 'account' : 'finance' };
}
