// One transfer in the making.
import type { Micros } from '../../shared/money.ts';
import { isOwn } from './chart.ts';
import type { JsonObject } from './command.ts';
import type { Posting } from './state.ts';

/** Where legs go: own balances move at once, the transfer is kept when it is closed. */
export interface Books {
  move(name: string, micros: Micros): void;
  post(kind: string, postings: Posting[], metadata: JsonObject): string;
}

/** The legs of one transfer. Own balances move at once, so that later legs of it see them. */
export class Legs {
  readonly #books: Books;
  readonly #sums = new Map<string, Micros>();

  constructor(books: Books) {
    this.#books = books;
  }

  add(name: string, micros: Micros): void {
    if (micros === 0n) return;
    this.#sums.set(name, (this.#sums.get(name) ?? 0n) + micros);
    if (isOwn(name)) this.#books.move(name, micros);
  }

  get empty(): boolean {
    return this.#sums.size === 0;
  }

  /** Closes the transfer and answers its id. @throws Error when its legs do not sum to zero (I1): a fault in a rule. */
  post(kind: string, metadata: JsonObject = {}): string {
    const postings: Posting[] = [];
    let sum = 0n;
    for (const [name, micros] of this.#sums) {
      sum += micros;
      if (micros !== 0n) postings.push({ name, micros });
    }
    if (sum !== 0n) throw new Error(`${kind} does not balance`);
    return this.#books.post(kind, postings, metadata);
  }
}
