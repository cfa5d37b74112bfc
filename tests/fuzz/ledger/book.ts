// The model's books of one account: an append-only list of legs; every number is a fold over it. Written from
// rules.md alone, slow and plain on purpose, so that it can disagree with the ledger.
import type { GrantSource, Service } from '../../../sync-server/ledger/command.ts';

export interface Lot {
  name: string;
  withdrawable: boolean;
  priority: number;
  services: Service[] | null;
  createdAt: number;
  expiresAt: number | null;
  chargedBack: boolean;
  /** Instant from which withdrawable credit can really be withdrawn (section 10, card hold). */
  withdrawableFrom: number;
  source: GrantSource | 'purchase' | 'refund';
  /** The purchase whose money it is; null for free credit. */
  purchase: string | null;
}

/** One signed amount on one account of the chart. `item` is the charge, hold ... that it belongs to. */
export interface Leg {
  name: string;
  micros: bigint;
  item?: string;
  /** Given back: whose slice of which lot this leg undoes, wherever the money goes now. */
  undoes?: { item: string; lot: string };
}

export interface Slice {
  lot: Lot;
  micros: bigint;
}

const least = (a: bigint, b: bigint) => (a < b ? a : b);

export class Book {
  readonly legs: Leg[] = [];
  readonly lots: Lot[] = [];

  /** Posts legs that must sum to zero. */
  post(legs: Leg[]): void {
    const sum = legs.reduce((total, leg) => total + leg.micros, 0n);
    if (sum !== 0n) throw new Error(`the model posts ${sum} from nowhere`);
    this.legs.push(...legs.filter((leg) => leg.micros !== 0n));
  }

  sum(test: (leg: Leg) => boolean): bigint {
    return this.legs.reduce((total, leg) => (test(leg) ? total + leg.micros : total), 0n);
  }

  balance(name: string): bigint {
    return this.sum((leg) => leg.name === name);
  }

  get debt(): bigint {
    return -this.balance('recv');
  }

  /** What one item still owes. */
  owes(item: string): bigint {
    return -this.sum((leg) => leg.name === 'recv' && leg.item === item);
  }

  /** Items that owe, oldest debt first. */
  debtors(): string[] {
    const items = this.legs.flatMap((leg) =>
      leg.name === 'recv' && leg.item !== undefined ? [leg.item] : [],
    );
    return [...new Set(items)].filter((item) => this.owes(item) > 0n);
  }

  /** What an item has taken from lots and not given back, in the order it was taken. */
  slices(item: string): Slice[] {
    const slices: Slice[] = [];
    for (const leg of this.legs) {
      if (leg.undoes?.item === item) {
        const { lot } = leg.undoes;
        const last = slices.findLast((slice) => slice.lot.name === lot && slice.micros > 0n);
        if (!last || last.micros < leg.micros) throw new Error('the model gives back more than was taken');
        last.micros -= leg.micros;
      } else if (leg.item === item && leg.micros < 0n) {
        const lot = this.lots.find((lot) => lot.name === leg.name);
        if (lot) slices.push({ lot, micros: -leg.micros });
      }
    }
    return slices.filter((slice) => slice.micros > 0n);
  }

  addLot(lot: Omit<Lot, 'name' | 'chargedBack'>): Lot {
    const made = { ...lot, name: `lot:${this.lots.length + 1}`, chargedBack: false };
    this.lots.push(made);
    return made;
  }

  /** Live lots with something in them, in burn order (rules.md section 4). */
  live(at: number, alsoExpired: ReadonlySet<Lot> = new Set()): Lot[] {
    const usable = this.lots.filter(
      (lot) => (isLive(lot, at) || alsoExpired.has(lot)) && this.balance(lot.name) > 0n,
    );
    return usable.sort((a, b) => {
      for (const rank of RANKS) {
        const difference = rank(a) - rank(b);
        // Two lots without expiry compare Infinity with Infinity: no difference.
        if (difference !== 0 && !Number.isNaN(difference)) return difference;
      }
      return this.lots.indexOf(a) - this.lots.indexOf(b);
    });
  }

  total(lots: readonly Lot[]): bigint {
    return lots.reduce((total, lot) => total + this.balance(lot.name), 0n);
  }

  /** Legs that take `amount` for an item from these lots in order, the rest as debt of the item. */
  take(item: string, amount: bigint, lots: readonly Lot[]): Leg[] {
    const legs: Leg[] = [];
    let rest = amount;
    for (const lot of lots) {
      const part = least(rest, this.balance(lot.name));
      legs.push({ name: lot.name, micros: -part, item });
      rest -= part;
    }
    return [...legs, { name: 'recv', micros: -rest, item }];
  }

  /** Repays debt from live unrestricted credit, oldest item first; it becomes the funding of that item (7.4). */
  repay(at: number): void {
    for (const item of this.debtors()) {
      for (const lot of this.live(at).filter((lot) => lot.services === null)) {
        const part = least(this.owes(item), this.balance(lot.name));
        this.post([
          { name: lot.name, micros: -part, item },
          { name: 'recv', micros: part, item },
        ]);
      }
    }
  }
}

export function isLive(lot: Lot, at: number): boolean {
  return !lot.chargedBack && (lot.expiresAt === null || at < lot.expiresAt);
}

const RANKS: ((lot: Lot) => number)[] = [
  (lot) => lot.priority,
  (lot) => (lot.withdrawable ? 1 : 0),
  (lot) => (lot.services === null ? 1 : 0),
  (lot) => lot.services?.length ?? 0,
  (lot) => lot.expiresAt ?? Infinity,
  (lot) => lot.createdAt,
];
