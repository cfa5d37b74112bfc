// What the records of one account remember, taken in one after the other: closed ones must be in order by themselves
// and leave only sums, open ones are kept for the invariants that look at them together.
import type { Micros } from '../../shared/money.ts';
import { decodeRecord } from '../ledger/codec.ts';
import type { AccountRecord } from '../ledger/state.ts';
import { countAt, type Row, textAt, Unreadable } from './source.ts';

/** Kinds that the invariants over an account look at. */
const LOOKED_AT = new Set(['lot', 'charge', 'hold', 'withdrawal', 'chargeback']);

export class Recorded {
  /** Open records, and closed ones that are not as quiet as they should be; keyed `kind:id`. */
  readonly kept = new Map<string, AccountRecord>();
  /** What the house must have moved for these records, by its account (I14). */
  readonly house = new Map<string, Micros>();
  /** Credits ever bought, as purchases say. */
  bought: Micros = 0n;

  /**
   * Takes columns account, kind, id, open, links, body.
   * @param rest what the postings leave in the lot of that name
   * @throws Unreadable for a row that no ledger wrote
   */
  add(row: Row, rest: (lot: string) => Micros): void {
    const kind = textAt(row, 1);
    const id = textAt(row, 2);
    const open = countAt(row, 3) === 1;
    const body = objectIn(textAt(row, 5));
    if (kind === 'charge')
      this.#move(`revenue:${textOf(body, 'service')}`, of(body, 'amount') - of(body, 'refunded'));
    else if (kind === 'purchase') this.#purchase(body);
    else if (kind === 'suspense' && open) {
      this.#move(`asset:psp:${textOf(body, 'provider')}`, -of(body, 'amount'));
      this.#move('suspense:payments', of(body, 'amount'));
    } else if (kind === 'withdrawal' && body['status'] === 'paid') {
      this.#move('asset:treasury:', of(body, 'amount'));
    }
    if (!LOOKED_AT.has(kind) || (!open && isQuiet(kind, id, body, rest))) return;
    const links: unknown = JSON.parse(textAt(row, 4));
    if (!Array.isArray(links)) throw new Unreadable('links are no list');
    const stored = { kind, id, open, links: links.map(String), body: textAt(row, 5) };
    this.kept.set(`${kind}:${id}`, decodeRecord(stored));
  }

  #purchase(body: Body): void {
    if (body['lot'] === null) return;
    const credits = of(body, 'credits');
    this.bought += credits;
    const psp = `asset:psp:${textOf(body, 'provider')}`;
    this.#move(psp, -of(body, 'total'));
    this.#move('payable:psp_fee', of(body, 'fee'));
    if (body['status'] === 'charged_back') this.#move(psp, credits);
  }

  #move(name: string, micros: Micros): void {
    this.house.set(name, (this.house.get(name) ?? 0n) + micros);
  }
}

type Body = Record<string, unknown>;

/** A closed record that holds nothing and owes nothing: it takes part in no sum over the account any more. */
function isQuiet(kind: string, id: string, body: Body, rest: (lot: string) => Micros): boolean {
  switch (kind) {
    case 'lot':
      return rest(`lot:${id}`) === 0n;
    case 'charge':
      return of(body, 'debt') === 0n && slices(body) + of(body, 'refunded') === of(body, 'amount');
    case 'hold':
      return funding(body) === 0n && body['status'] !== 'authorized' && body['status'] !== 'pending_payment';
    case 'withdrawal':
      return (
        funding(body) === 0n && ['paid', 'cancelled', 'rejected', 'failed'].includes(textOf(body, 'status'))
      );
    case 'chargeback':
      return of(body, 'debt') === 0n;
    default:
      return true;
  }
}

function funding(body: Body): Micros {
  return slices(body) + of(body, 'debt');
}

function slices(body: Body): Micros {
  const list = body['slices'];
  if (!Array.isArray(list)) throw new Unreadable('slices are no list');
  let sum = 0n;
  for (const slice of list) sum += of(slice, 'micros');
  return sum;
}

function objectIn(text: string): Body {
  const body: unknown = JSON.parse(text);
  // An object, as just seen; each field is judged where it is read.
  if (typeof body === 'object' && body !== null) return body as Body;
  throw new Unreadable('a body is no object');
}

function of(body: Body, name: string): Micros {
  const value = body[name];
  if (typeof value === 'object' && value !== null && 'micros' in value && typeof value.micros === 'string') {
    return BigInt(value.micros);
  }
  throw new Unreadable(`${name} is no amount`);
}

function textOf(body: Body, name: string): string {
  const value = body[name];
  if (typeof value !== 'string') throw new Unreadable(`${name} is no text`);
  return value;
}
