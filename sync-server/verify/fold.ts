// Money as the postings alone tell it: every transfer folded, nothing cached believed (I1, I2, M3).
import { MAX_BALANCE, type Micros } from '../../shared/money.ts';
import { Unreadable } from './source.ts';

const HOUSE =
  /^(?:asset:(?:psp|treasury):|revenue:|expense:|payable:psp_fee$|suspense:payments$|income:breakage$)/;

export interface Leg {
  name: string;
  micros: Micros;
}

export function isOwn(name: string): boolean {
  return name.startsWith('lot:') || name === 'held' || name === 'reserved' || name === 'recv';
}

/** Postings as the queries bring them: one `<micros> <name>` a line, null for a transfer without any. */
export function readLegs(text: string | null): Leg[] {
  if (text === null) return [];
  return text.split('\n').map((line) => {
    const space = line.indexOf(' ');
    if (space < 1) throw new Unreadable('a posting cannot be read');
    return { micros: BigInt(line.slice(0, space)), name: line.slice(space + 1) };
  });
}

/** The balances of one account and its share of the house's, as they grow transfer by transfer. */
export class Fold {
  /** Own balances that are not zero. */
  readonly own = new Map<string, Micros>();
  readonly house = new Map<string, Micros>();
  /** "Posted" of rules.md section 2. */
  posted: Micros = 0n;
  /** Own accounts that are beyond their bound now. */
  #beyond = new Set<string>();

  /** Folds one transfer. Answers by how much it moved the posted total, and what is wrong with it by itself. */
  add(legs: readonly Leg[]): { moved: Micros; fault: string | null } {
    let sum = 0n;
    let moved = 0n;
    let fault: string | null = null;
    for (const { name, micros } of legs) {
      sum += micros;
      if (isOwn(name)) {
        moved += micros;
        const after = (this.own.get(name) ?? 0n) + micros;
        if (after === 0n) this.own.delete(name);
        else this.own.set(name, after);
        if (isBeyond(name, after)) this.#beyond.add(name);
        else if (this.#beyond.size > 0) this.#beyond.delete(name);
      } else {
        this.house.set(name, (this.house.get(name) ?? 0n) + micros);
        if (!HOUSE.test(name)) fault = `posts to ${name}, which is no account`;
      }
    }
    this.posted += moved;
    if (sum !== 0n) fault = `is off by ${sum} micros`;
    else if (legs.length === 0) fault = 'has no postings';
    return { moved, fault };
  }

  /** An own account that is beyond its bound; asked where no transfer is half told. Each is told once. */
  beyond(): string | null {
    const [name] = this.#beyond;
    if (name === undefined) return null;
    this.#beyond.clear();
    return `${name} is ${this.own.get(name)} micros`;
  }
}

function isBeyond(name: string, micros: Micros): boolean {
  if (name === 'recv' ? micros > 0n : micros < 0n) return true;
  return micros > MAX_BALANCE || micros < -MAX_BALANCE;
}
