// One account of the model: its facts, what may be asked of it (rules.md sections 5-10), and what falls due by time.
import type { Service } from '../../../sync-server/ledger/command.ts';
import { Book, isLive, type Leg, type Lot } from './book.ts';
import type { Charge, Hold, Purchase, State, Suspense, Use, Withdrawal } from './model-facts.ts';
import type { Terms } from './terms.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
export const GRACE = 5 * MINUTE;
export const HOLD = 15 * MINUTE;
export const PURCHASE = DAY;
const REFUND_LOT = 30 * DAY;
/** How long before credit ends its owner is told. */
const WARNING = 3 * DAY;
export const SERVICES: readonly Service[] = ['ray', 'k8s', 'caas', 'vm', 'baremetal', 'inference'];

const OPEN_WITHDRAWAL = new Set(['requested', 'in_review', 'approved', 'processing']);
const most = (a: bigint, b: bigint) => (a > b ? a : b);
const least = (a: bigint, b: bigint) => (a < b ? a : b);

export class ModelAccount {
  readonly terms: Terms;
  readonly book = new Book();
  readonly holds = new Map<string, Hold>();
  readonly charges = new Map<string, Charge>();
  readonly purchases = new Map<string, Purchase>();
  readonly withdrawals = new Map<string, Withdrawal>();
  readonly suspense = new Map<string, Suspense>();
  readonly uses = new Map<string, Use>();
  plan = 'standard';
  /** A smaller plan that begins at an instant. */
  next: { plan: string; at: number } | null = null;
  /** End of the period whose pool the book shows as used. */
  until: number | null = null;
  /** Lots whose owner was told that they end soon. */
  readonly told = new Set<string>();
  state: State = 'active';
  suspendedFor: 'unpaid' | 'chargeback' | null = null;
  graceUntil: number | null = null;
  configuredAllowance = 10_000_000n;
  /** How often finance has set something: that is written down even when nothing becomes other by it. */
  patches = 0;
  /** Instant of the last commit: time never runs back for an account. */
  last = 0;
  /** Instant up to which what is due has run. */
  seen = 0;

  constructor(terms: Terms) {
    this.terms = terms;
  }

  /** Live credit usable for a service (or by all of them) less the debt. */
  available(at: number, service: Service | null = null): bigint {
    return this.book.total(this.usable(at, service)) - this.book.debt;
  }

  usable(at: number, service: Service | null, own: ReadonlySet<Lot> = new Set()): Lot[] {
    return this.book
      .live(at, own)
      .filter((lot) => lot.services === null || (service !== null && lot.services.includes(service)));
  }

  /** All that is remembered, as text: equal when nothing was written. */
  facts(): string {
    const maps = [this.holds, this.charges, this.purchases, this.withdrawals, this.suspense, this.uses];
    const things = [...maps.map((map) => [...map.values()]), this.plan, this.next, this.patches];
    const { state, suspendedFor, graceUntil } = this;
    return JSON.stringify(
      [this.book.legs.length, things, state, suspendedFor, graceUntil],
      (_name, value: unknown) => (typeof value === 'bigint' ? String(value) : value),
    );
  }

  get running(): boolean {
    return this.state === 'active' || this.state === 'grace';
  }

  /** 7.1: none unless running, with a settled purchase, net money in, and no withdrawal open. */
  get allowance(): bigint {
    const settled = [...this.purchases.values()].filter((purchase) => purchase.status === 'settled');
    const withdrawals = [...this.withdrawals.values()];
    const paidIn = settled.reduce((sum, { credits }) => sum + credits, 0n);
    const paidOut = withdrawals.reduce((sum, w) => (w.status === 'paid' ? sum + w.amount : sum), 0n);
    const open = withdrawals.some(({ status }) => OPEN_WITHDRAWAL.has(status));
    return this.running && settled.length > 0 && paidIn > paidOut && !open ? this.configuredAllowance : 0n;
  }

  withdrawable(at: number): bigint {
    if (!this.running) return 0n;
    return most(0n, least(this.book.total(this.withdrawableLots(at)), this.available(at)));
  }

  withdrawableLots(at: number): Lot[] {
    return this.book.live(at).filter((lot) => lot.withdrawable && lot.withdrawableFrom <= at);
  }

  /** Moves money of an item to where it came from: its debt first, then the slice taken last (6.2). */
  giveBack(at: number, item: string, amount: bigint, returned: 'released' | 'refunded'): Leg[] {
    const legs: Leg[] = [];
    const ownDebt = least(amount, this.book.owes(item));
    legs.push({ name: 'recv', micros: ownDebt, item });
    let rest = amount - ownDebt;
    const lessened = new Map<string, bigint>();
    for (const { lot, micros } of this.book.slices(item).reverse()) {
      const part = least(rest, micros);
      rest -= part;
      if (part === 0n) continue;
      const undoes = { item, lot: lot.name };
      if (lot.chargedBack) {
        // 6.4: the money went back to the payer already, so this pays what the chargeback left owing.
        const chargeback = `chargeback:${lot.purchase}`;
        const owed = this.book.owes(chargeback) - (lessened.get(chargeback) ?? 0n);
        const paid = least(part, owed);
        lessened.set(chargeback, (lessened.get(chargeback) ?? 0n) + paid);
        legs.push({ name: 'recv', micros: paid, item: chargeback, undoes });
        if (part > paid) legs.push({ name: this.again(at, lot), micros: part - paid, undoes });
      } else if (returned === 'refunded' && !isLive(lot, at)) {
        legs.push({ name: this.again(at, lot), micros: part, undoes });
      } else {
        legs.push({ name: lot.name, micros: part, undoes });
      }
    }
    if (rest !== 0n) throw new Error(`the model cannot give back ${rest} of ${item}`);
    return legs;
  }

  /** A lot in place of one that has ended (rules.md section 4, source `refund`). */
  private again(at: number, lot: Lot): string {
    const { priority, services } = lot;
    const withdrawable = lot.withdrawable && !lot.chargedBack;
    const expiresAt = at + REFUND_LOT;
    const { purchase, withdrawableFrom } = lot;
    return this.book.addLot({
      source: 'refund',
      withdrawable,
      priority,
      services,
      createdAt: at,
      expiresAt,
      purchase,
      withdrawableFrom,
    }).name;
  }

  /** 7.2: `available(s) - amount >= -allowance`, the floor inclusive. */
  fits(at: number, amount: bigint, service: Service, allowance: bigint): boolean {
    return this.available(at, service) - amount >= -allowance;
  }

  authorize(at: number, hold: Hold): void {
    const legs = this.book.take(`hold:${hold.id}`, hold.amount, this.usable(at, hold.service));
    this.book.post([...legs, { name: 'held', micros: hold.amount }]);
    hold.status = 'authorized';
    hold.until = at + HOLD;
  }

  release(at: number, hold: Hold, status: 'void' | 'expired'): void {
    const legs = this.giveBack(at, `hold:${hold.id}`, hold.amount, 'released');
    this.book.post([{ name: 'held', micros: -hold.amount }, ...legs]);
    hold.status = status;
    this.expireLots(at);
  }

  /** 5.3: release everything, burn now with the hold's own slices still eligible, the rest returns. */
  capture(at: number, hold: Hold, amount: bigint): void {
    const own = new Set(
      this.book
        .slices(`hold:${hold.id}`)
        .map(({ lot }) => lot)
        .filter((lot) => !lot.chargedBack),
    );
    const legs = this.giveBack(at, `hold:${hold.id}`, hold.amount, 'released');
    this.book.post([{ name: 'held', micros: -hold.amount }, ...legs]);
    this.book.repay(at);
    this.spend(at, { id: `c:${hold.id}`, amount, service: hold.service, refunded: 0n }, own);
    hold.status = 'captured';
    hold.captured = amount;
    this.expireLots(at);
  }

  spend(at: number, charge: Charge, own: ReadonlySet<Lot> = new Set()): void {
    const legs = this.book.take(`charge:${charge.id}`, charge.amount, this.usable(at, charge.service, own));
    this.book.post([...legs, { name: `revenue:${charge.service}`, micros: charge.amount }]);
    this.charges.set(charge.id, charge);
  }

  /** What a step ends with: debts are repaid, the windows follow, and waiting requests are decided anew. */
  settleDown(at: number): void {
    this.book.repay(at);
    this.followDebt(at);
    for (const hold of this.holds.values()) {
      if (hold.status !== 'pending' || !this.running) continue;
      const allowance = hold.useAllowance ? this.allowance : 0n;
      if (!this.fits(at, hold.amount, hold.service, allowance)) continue;
      this.authorize(at, hold);
      this.followDebt(at);
    }
  }

  /** The account window (section 8). */
  followDebt(at: number): void {
    const owing = this.book.debt > 0n;
    if (this.state === 'active' && owing) {
      this.state = 'grace';
      this.graceUntil = at + GRACE;
    } else if (!owing && (this.state === 'grace' || this.suspendedFor === 'unpaid')) {
      this.state = 'active';
      this.suspendedFor = null;
      this.graceUntil = null;
    }
  }

  expireLots(at: number): boolean {
    const ended = this.book.lots.filter(
      (lot) => lot.expiresAt !== null && lot.expiresAt <= at && this.book.balance(lot.name) > 0n,
    );
    for (const lot of ended) {
      const micros = this.book.balance(lot.name);
      this.book.post([
        { name: lot.name, micros: -micros },
        { name: lot.purchase !== null ? 'income:breakage' : 'expense:promo', micros },
      ]);
    }
    return ended.length > 0;
  }

  /** Runs everything due by `now`, each at its own instant; says whether anything was. */
  runDue(now: number): boolean {
    let ran = false;
    for (;;) {
      const at = Math.min(...this.dueInstants());
      if (at > now) return ran;
      ran = true;
      this.runInstant(at);
    }
  }

  *dueInstants(): Iterable<number> {
    yield Infinity;
    for (const lot of this.book.lots) {
      if (this.book.balance(lot.name) === 0n) continue;
      if (lot.expiresAt !== null) yield lot.expiresAt;
      if (lot.withdrawableFrom > this.seen) yield lot.withdrawableFrom;
    }
    for (const hold of this.holds.values()) {
      // Exactly at the deadline still counts, so it ends one ms later.
      if (hold.status === 'pending' || hold.status === 'authorized') yield hold.until + 1;
    }
    for (const purchase of this.purchases.values()) {
      if (purchase.status === 'pending') yield purchase.createdAt + PURCHASE + 1;
    }
    if (this.state === 'grace' && this.graceUntil !== null) yield this.graceUntil + 1;
    const turn = this.next?.at ?? this.until;
    if (turn !== null) yield turn;
    for (const lot of this.endingSoon()) yield lot.expiresAt - WARNING;
  }

  /** What its owner is to be told of before it ends, unless it lives no longer than the warning. */
  private *endingSoon(): Iterable<{ name: string; expiresAt: number }> {
    for (const { name, expiresAt, createdAt } of this.book.lots) {
      if (expiresAt === null || this.told.has(name) || this.book.balance(name) === 0n) continue;
      if (expiresAt - WARNING > createdAt) yield { name, expiresAt };
    }
  }

  // What time alone ends comes before what money changes, so that nothing outlives its deadline.
  private runInstant(at: number): void {
    this.seen = Math.max(this.seen, at);
    if ((this.next?.at ?? this.until ?? Infinity) <= at) {
      this.plan = this.next?.plan ?? this.plan;
      this.next = null;
      this.until = null;
    }
    for (const lot of this.endingSoon()) if (lot.expiresAt - WARNING <= at) this.told.add(lot.name);
    this.expireLots(at);
    for (const purchase of this.purchases.values()) {
      if (purchase.status === 'pending' && at > purchase.createdAt + PURCHASE) purchase.status = 'expired';
    }
    for (const hold of this.holds.values()) {
      if (hold.status === 'pending' && at > hold.until) hold.status = 'failed';
    }
    if (this.state === 'grace' && this.graceUntil !== null && at > this.graceUntil) {
      this.state = 'suspended';
      this.suspendedFor = 'unpaid';
      this.graceUntil = null;
    }
    for (const hold of this.holds.values()) {
      if (hold.status !== 'authorized' || at <= hold.until) continue;
      this.release(at, hold, 'expired');
      this.settleDown(at);
    }
  }
}
