// Seeded scripts for two users and a stranger. It asks the model where the edges are (exact credit, floors, deadlines,
// open things) and steps on and around them; the script that comes out is plain data.
import { formatAmount } from '../../../shared/money.ts';
import { Model } from './model.ts';
import { HOLD, type ModelAccount, SERVICES } from './model-account.ts';
import { type Random, random } from './random.ts';
import { type Act, principalOf, type Step, type Who } from './step.ts';
import { type Terms, termsOf } from './terms.ts';
import { BEFORE, KEYED, NAMED_BY_SERVER, verbs } from './weights.ts';

const DAY = 86_400_000;
// Texts that are no amount, and the ends of the allowed range (X10, M2, M3).
const NASTY = ['0', '-1', '1e3', '0x10', ' 1', '01', '1,000', '0.0000001', '1000000.000001', '1000000', '1'];
// What a provider may say it got, whatever was asked for (M5).
const TOTALS = ['50', '0.02', '1.03', '99.999999', '12.34', '0.009999', '1030000', '1030000.01', '2000000'];
const USUAL = ['0.000001', '1', '2.5', '5', '10', '12', '20', '40', '100', '33.33', '0.1'];

/** A script of `count` steps, to be played under `terms`. */
export function generate(seed: number, count: number, terms: Terms = termsOf(seed)): Step[] {
  const writer = new Writer(random(seed), terms);
  return Array.from({ length: count }, () => writer.next());
}

class Writer {
  private readonly model: Model;
  private readonly steps: Step[] = [];
  private made = 0;
  private readonly dice: Random;

  constructor(dice: Random, terms: Terms) {
    this.dice = dice;
    this.model = new Model(terms);
  }

  next(): Step {
    const step = this.dice.percent(16) ? { at: this.instant() } : this.asked();
    this.model.step(step);
    this.steps.push(step);
    return step;
  }

  private instant(): number {
    const { clock, accounts } = this.model;
    const dice = this.dice;
    const due = [accounts.u, accounts.v]
      .flatMap((account) => [...account.dueInstants()])
      .filter(Number.isFinite);
    const jump = dice.weighted([
      [60, 'due'],
      [20, 'little'],
      [6, 'hours'],
      [2, 'month'],
      [4, 'back'],
    ] as const);
    if (jump === 'due' && due.length > 0) return Math.max(clock, dice.pick(due) + dice.below(4) - 2);
    if (jump === 'hours') return clock + dice.below(DAY);
    if (jump === 'month') return clock + 30 * DAY + dice.below(3) - 1;
    // A wall clock may run back (X20); an account's time does not.
    if (jump === 'back') return Math.max(0, clock - dice.below(10 * 60_000));
    return clock + dice.below(60_000);
  }

  private asked(): Step {
    const dice = this.dice;
    const asked = this.steps.flatMap((step) => ('at' in step ? [] : [step]));
    // The same call again, with its id and its key; now and then by somebody else or with another amount.
    if (asked.length > 0 && dice.percent(6)) return this.again(dice.pick(asked));
    const who = dice.weighted<Who>([
      [62, 'u'],
      [32, 'v'],
      [6, 'mallory'],
    ]);
    const owner = who === 'mallory' && dice.percent(70) ? 'u' : who;
    const act = this.act(this.model.accounts[owner]);
    const twisted = dice.percent(4) ? this.twist(act, asked) : act;
    if (!KEYED.has(act.verb) || !dice.percent(12)) return { who, act: twisted };
    const keys = asked.flatMap(({ key }) => (key === undefined ? [] : [key]));
    if (principalOf(who, twisted) === who && dice.percent(50)) {
      return { who, act: twisted, key: this.fresh('intent-').padEnd(16, '-'), tray: true };
    }
    // A key that another call has used already: only for calls that get no id from the server.
    const used = keys.length > 0 && dice.percent(20) && !NAMED_BY_SERVER.has(act.verb);
    const key = used ? dice.pick(keys) : this.fresh('key-');
    return { who, act: twisted, key: key.padEnd(16, '-') };
  }

  // Without a key the server gives a new id, so the script needs a new name for it.
  private again(step: Extract<Step, { who: Who }>): Step {
    const { act } = step;
    const renamed = act.verb === 'buy' ? { ...act, id: this.fresh('p') } : { ...act };
    if (renamed.verb === 'wd') renamed.id = this.fresh('w');
    return step.key === undefined ? { ...step, act: renamed } : step;
  }

  /** An id that is taken already. */
  private twist(act: Act, asked: readonly { act: Act }[]): Act {
    const taken = asked.map(({ act }) => act).filter(({ verb }) => verb === act.verb);
    const other = taken.length > 0 ? this.dice.pick(taken) : act;
    if (!('id' in act) || !('id' in other) || NAMED_BY_SERVER.has(act.verb)) return act;
    return { ...act, id: other.id };
  }

  private act(account: ModelAccount): Act {
    const dice = this.dice;
    const service = dice.percent(70) ? 'vm' : dice.pick(SERVICES);
    const holds = [...account.holds.values()];
    const verb = dice.weighted(verbs(account));
    switch (verb) {
      case 'buy':
        return {
          verb,
          id: this.fresh('p'),
          amount: this.price(),
          method: dice.pick(['card', 'usdc', 'io_coin']),
        };
      case 'settle':
        return this.settlement(account);
      case 'payfail':
        return { verb, id: this.open(account.purchases, 'pending', 'p') };
      case 'dispute':
        return { verb, id: this.open(account.purchases, 'settled', 'p') };
      case 'grant':
        return this.gift();
      case 'auth':
        return { verb, id: this.fresh('h'), amount: this.spend(account), service, ...this.holdOptions() };
      case 'capture': {
        const id = this.open(account.holds, 'authorized', 'h');
        return { verb, id, amount: this.about(account.holds.get(id)?.amount ?? 1_000_000n) };
      }
      case 'void':
        return { verb, id: this.open(account.holds, dice.percent(70) ? 'authorized' : 'pending', 'h') };
      case 'extend': {
        const id = this.open(account.holds, 'authorized', 'h');
        const until = account.holds.get(id)?.until ?? 0;
        return { verb, id, until: Math.max(until, this.model.clock) + dice.below(HOLD) };
      }
      case 'charge': {
        const id = holds.length > 0 && dice.percent(1) ? `c:${dice.pick(holds).id}` : this.fresh('c');
        const force = dice.percent(4) ? { force: true } : {};
        return { verb, id, amount: this.spend(account), service, ...force };
      }
      case 'refund': {
        const charges = [...account.charges.values()];
        const charge =
          charges.length > 0 ? dice.pick(charges) : { id: 'c0', amount: 1_000_000n, refunded: 0n };
        return {
          verb,
          charge: charge.id,
          amount: this.about(charge.amount - charge.refunded),
          id: this.fresh('r'),
        };
      }
      case 'wd':
        return { verb, id: this.fresh('w'), amount: this.about(account.withdrawable(this.model.clock)) };
      case 'approve': {
        const by = dice.weighted([
          [12, 'finance-1'],
          [8, 'finance-2'],
          [1, 'self'],
        ] as const);
        return { verb, id: this.open(account.withdrawals, dice.pick(['requested', 'in_review']), 'w'), by };
      }
      case 'cancel':
      case 'reject':
      case 'send':
      case 'paid':
      case 'payoutFailed':
        // Also where it must be refused: a payout that is on its way cannot be rejected.
        return {
          verb,
          id: this.open(
            account.withdrawals,
            dice.percent(80) ? BEFORE[verb] : dice.pick(['approved', 'processing']),
            'w',
          ),
        };
      case 'match':
        return { verb, payment: this.open(account.suspense, 'waiting', 'pay-') };
      case 'adjust': {
        const approver = dice.percent(90) ? 'finance-2' : 'finance-1';
        const out = dice.percent(50) ? { out: true as const } : {};
        return { verb, id: this.fresh('a'), amount: this.spend(account), approver, ...out };
      }
      case 'use':
        return this.inference();
      case 'plan':
        return { verb, plan: dice.pick(['standard', 'professional', 'developer', 'developer', 'free']) };
      case 'patch':
        return dice.percent(70)
          ? { verb, state: dice.percent(85) ? 'active' : 'closed' }
          : { verb, allowance: dice.pick(['0', '0.000001', '5', '10', '25']) };
      case 'check':
        return { verb, amount: this.spend(account), ...(dice.percent(40) ? { service } : {}) };
      case 'tick':
        return { verb };
      default:
        return verb satisfies never;
    }
  }

  private settlement(account: ModelAccount): Act {
    const dice = this.dice;
    const id = this.open(account.purchases, 'pending', 'p');
    const total = dice.percent(10) ? { total: dice.pick(TOTALS) } : {};
    // A payment that paid something else of the same account, or one more for what is paid already.
    const others = [...account.purchases.keys()].map((other) => `pay-${other}`);
    const payment = dice.percent(6) ? { payment: dice.pick([...others, this.fresh('pay-x')]) } : {};
    return { verb: 'settle', id, ...total, ...payment };
  }

  private gift(): Act {
    const dice = this.dice;
    const expiry = [60_000, 300_000, 600_000, HOLD, DAY, 30 * DAY];
    return {
      verb: 'grant',
      id: this.fresh('g'),
      amount: dice.pick(USUAL),
      source: dice.pick(['promo', 'promo', 'goodwill', 'bd_grant']),
      ...(dice.percent(60) ? { expiresAt: this.model.clock + dice.pick(expiry) } : {}),
      ...(dice.percent(30) ? { services: dice.pick([['vm'], ['vm', 'ray'], ['inference']]) } : {}),
      ...(dice.percent(25) ? { priority: dice.pick([0, 10, 50, 60, 100]) } : {}),
    };
  }

  private inference(): Act {
    const dice = this.dice;
    const tokens = () => dice.pick([0, 1, 1, 7, 1234, 50_000, dice.below(2_000_000)]);
    // Reported at once, late, and at the ends of what is still taken.
    const ago = dice.pick([0, 0, 1, -60_000, -60_001, 7 * DAY, 7 * DAY + 1, dice.below(7 * DAY)]);
    return {
      verb: 'use',
      id: this.fresh('n'),
      model: dice.pick(['small', 'odd', 'large']),
      input: tokens(),
      output: tokens(),
      at: this.model.clock - ago,
    };
  }

  private holdOptions(): { onInsufficient?: 'pending' | 'fail'; useAllowance?: boolean } {
    const dice = this.dice;
    return {
      ...(dice.percent(30) ? { onInsufficient: dice.pick(['pending', 'fail']) } : {}),
      ...(dice.percent(20) ? { useAllowance: dice.percent(30) } : {}),
    };
  }

  private price(): string {
    if (this.dice.percent(8)) return this.dice.pick([...NASTY, '0.99', '10.001']);
    return this.dice.pick([
      '1',
      '5',
      '5',
      '10',
      '20',
      '20',
      '100',
      '33.33',
      '1.5',
      '1.16',
      '999.99',
      '1000',
      '2500',
    ]);
  }

  /** An amount to spend: usual, or at the edge of what there is. */
  private spend(account: ModelAccount): string {
    const at = this.model.clock;
    const edges = [
      account.available(at),
      account.available(at, 'vm'),
      account.available(at) + account.allowance,
    ];
    return this.about(this.dice.pick(edges));
  }

  /** At an edge, one micro beside it, or anything. */
  private about(edge: bigint): string {
    const dice = this.dice;
    if (dice.percent(3)) return dice.pick(NASTY);
    if (dice.percent(35) || edge <= 0n) return dice.pick(USUAL);
    const part = (edge * BigInt(1 + dice.below(99))) / 100n;
    const amount = dice.pick([edge, edge, edge + 1n, edge - 1n, part, part, part]);
    return formatAmount(amount > 0n ? amount : 1n);
  }

  /** Mostly one in that state, else any, else one that does not exist. */
  private open(things: ReadonlyMap<string, { status: string }>, status: string, prefix: string): string {
    const ids = [...things.keys()];
    const right = ids.filter((id) => things.get(id)?.status === status);
    if (right.length > 0 && this.dice.percent(90)) return this.dice.pick(right);
    return ids.length > 0 && this.dice.percent(90) ? this.dice.pick(ids) : `${prefix}0`;
  }

  private fresh(prefix: string): string {
    this.made += 1;
    return `${prefix}${this.made}`;
  }
}
