// The model: naive accounts behind the words of the decision table, with idempotency and a clock.
import type { Service } from '../../../sync-server/ledger/command.ts';
import { ModelAccount, SERVICES } from './model-account.ts';
import { commands } from './model-commands.ts';
import type { State } from './model-facts.ts';
import { amountFault, Refused } from './model-guard.ts';
import { type Act, PEOPLE, principalOf, type Step, stepText, type Who } from './step.ts';
import { type Terms, USUAL_TERMS } from './terms.ts';

/** What an op answered: the facts that the table compares, as texts. */
export type Said = { ok: true; facts: Record<string, string | boolean>; replayed: boolean } | Refusal;
type Refusal = { ok: false; code: string; replayed: boolean };

/** Everything a person could read about an account, in micros. */
export interface View {
  available: bigint;
  held: bigint;
  reserved: bigint;
  debt: bigint;
  restricted: bigint;
  frozen: bigint;
  withdrawable: bigint;
  total: bigint;
  allowance: bigint;
  state: State;
  graceUntil: number | null;
  byService: Map<Service, bigint>;
}

// 12.2: these were never executed, so the key stays free.
const NOT_STORED = new Set([
  'invalid_amount',
  'amount_precision',
  'amount_too_large',
  'amount_below_minimum',
  'invalid_request',
  'forbidden',
  'account_suspended',
  'account_closed',
]);

interface Stored {
  body: string;
  said: Said;
}

export class Model {
  clock = 0;
  readonly accounts: Readonly<Record<Who, ModelAccount>>;
  /** Which purchase a provider's payment paid (I13). */
  private readonly payments = new Map<string, string>();
  private readonly byKey = new Map<string, Stored>();
  private readonly byId = new Map<string, Stored>();

  constructor(terms: Terms = USUAL_TERMS) {
    const account = () => new ModelAccount(terms);
    this.accounts = { u: account(), v: account(), mallory: account() };
  }

  /** Does one step; null when only the clock moved. */
  step(step: Step): Said | null {
    if ('at' in step) {
      this.clock = step.at;
      return null;
    }
    const { who, act, key, tray } = step;
    const account = this.accounts[who];
    const at = Math.max(this.clock, account.last);
    const unreadable = amountFault(act);
    if (unreadable !== null) return refused(unreadable);
    const body = stepText({ who, act });
    const keyed = key === undefined ? null : `${principalOf(who, act)} ${key}`;
    const kept = keyed === null ? undefined : this.byKey.get(keyed);
    if (kept) return kept.body === body ? replay(kept.said) : refused('idempotency_key_reuse');
    const id = callerId(act);
    const known = id === null ? undefined : this.byId.get(`${who} ${id}`);
    if (known) return known.body === body ? replay(known.said) : refused('duplicate_id');

    if (account.runDue(at)) account.last = at;
    account.seen = at;
    const before = account.facts();
    const said = this.execute(account, at, act);
    // What changes nothing commits nothing; the refusal of a proposal is an entry of the journal, and final.
    if (tray === true || account.facts() !== before) account.last = at;
    if (said.ok || tray === true || !NOT_STORED.has(said.code)) {
      if (keyed !== null) this.byKey.set(keyed, { body, said });
      if (id !== null) this.byId.set(`${who} ${id}`, { body, said });
    }
    return said;
  }

  private execute(account: ModelAccount, at: number, act: Act): Said {
    try {
      const facts = commands(account, at, this.payments, act);
      if (act.verb !== 'check') account.settleDown(at);
      return { ok: true, facts, replayed: false };
    } catch (error) {
      if (error instanceof Refused) return refused(error.code);
      throw error;
    }
  }

  view(who: Who): View {
    const account = this.accounts[who];
    const { book } = account;
    // As the book says it: true at the instant when the account was last looked at.
    const at = account.seen;
    const lots = book.live(at);
    const held = book.balance('held');
    const reserved = book.balance('reserved');
    return {
      available: account.available(at),
      held,
      reserved,
      debt: book.debt,
      restricted: book.total(lots.filter((lot) => lot.services !== null)),
      frozen: book.total(book.lots.filter((lot) => lot.chargedBack)),
      withdrawable: account.withdrawable(at),
      total: book.total(book.lots) + held + reserved - book.debt,
      allowance: account.allowance,
      state: account.state,
      graceUntil: account.graceUntil,
      byService: new Map(SERVICES.map((service) => [service, account.available(at, service)])),
    };
  }

  /** Sum over all accounts' legs on house accounts whose name starts so. */
  house(prefix: string): bigint {
    return PEOPLE.reduce(
      (sum, who) => sum + this.accounts[who].book.sum((leg) => leg.name.startsWith(prefix)),
      0n,
    );
  }
}

function refused(code: string): Refusal {
  return { ok: false, code, replayed: false };
}

function replay(said: Said): Said {
  return { ...said, replayed: true };
}

/** The id a caller gave, with its kind: unique per account and kind (contract.md). */
function callerId(act: Act): string | null {
  const { verb } = act;
  if (verb === 'grant' || verb === 'auth' || verb === 'charge' || verb === 'refund')
    return `${verb} ${act.id}`;
  return verb === 'use' || verb === 'adjust' ? `${verb} ${act.id}` : null;
}
