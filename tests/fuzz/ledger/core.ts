// The real core behind the words of a script.
import * as z from 'zod';
import { Purchase } from '../../../shared/account.ts';
import { AmountError, parseAmountOrZero, readBalance } from '../../../shared/money.ts';
import { check } from '../../../shared/verdict.ts';
import { decodeRecord } from '../../../sync-server/ledger/codec.ts';
import type { Order, Outcome } from '../../../sync-server/ledger/command.ts';
import { DEFAULT_RULES, type RuleConfig } from '../../../sync-server/ledger/decide.ts';
import { actorOf, commandOf, type Names } from './core-command.ts';
import type { Act, Step, Who } from './step.ts';
import { type Asked, Store, type Stored } from './store.ts';
import { START, type Terms } from './terms.ts';

export class Core {
  clock = START;
  readonly store: Store;
  /** All that was asked so far, to be played again in other batches. */
  readonly asked: Asked[] = [];
  readonly outcomes: Outcome[] = [];
  /** Ids that the ledger gave to what a script names. */
  private readonly ids = new Map<string, string>();
  readonly names: Names = {
    known: (name) => this.ids.get(name) ?? `no-${name}`,
    price: (name) => {
      const purchase = this.purchase(this.ids.get(name) ?? '');
      // A purchase that does not exist has no price, and its payment is refused whatever it is.
      return purchase ? readBalance(purchase.total) : 1n;
    },
    suspense: (payment) => this.suspense(payment),
  };

  constructor(terms: Terms, people: readonly Who[]) {
    this.store = new Store(rulesOf(terms));
    for (const who of people) {
      this.order({
        account: who,
        actor: { principal: 'admin-1', scope: 'admin' },
        command: { kind: 'account.open', name: who },
      });
    }
  }

  get accounts(): ReadonlyMap<string, Stored> {
    return this.store.accounts;
  }

  /** Does one step; null when only the clock moved. */
  step(step: Step): Outcome | null {
    if ('at' in step) {
      this.clock = START + step.at;
      return null;
    }
    const { who, act, key, tray } = step;
    try {
      const command = commandOf(act, this.names);
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

  /** Settles one order in a batch of its own. */
  order(order: Order): Outcome {
    const asked = { order, now: this.clock };
    this.asked.push(asked);
    const [outcome] = this.store.settle([asked]);
    if (!outcome) throw new Error('the engine gave no reply');
    this.outcomes.push(outcome);
    return outcome;
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
      if (row) return Purchase.parse(row.patch.purchases);
    }
    return undefined;
  }
}

/** The rules of a ledger that an operator has set to these terms. */
export function rulesOf({ purchaseTtl, cardHold }: Terms): RuleConfig {
  return { ...DEFAULT_RULES, purchase_ttl_ms: purchaseTtl, card_hold_ms: cardHold };
}
