// Every row of the decision table, and the numeric vectors, against the core alone.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { cardFee, creditsForCardTotal, topUp } from '../../shared/fees.ts';
import {
  AmountError,
  formatAmount,
  parseAmount,
  parseAmountOrZero,
  readBalance,
} from '../../shared/money.ts';
import { check } from '../../shared/verdict.ts';
import type { Actor, Command, Outcome } from './command.ts';
import { metered } from './metering.ts';
import { FINANCE, SERVICE, START, SYSTEM, TestLedger, USER } from './test-ledger.ts';

/** Rows about signatures belong to HTTP. */
const OVER_HTTP = ['G06'];

const Word = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.array(z.unknown()),
  z.record(z.string(), z.unknown()),
]);
const Row = z.object({
  id: z.string(),
  title: z.string(),
  given: z.array(z.array(Word)),
  when: z.array(Word),
  expect: z.record(z.string(), z.unknown()),
});
const file = new URL('../../tests/fixtures/rules.vectors.json', import.meta.url);
const rows = z.array(Row).parse(JSON.parse(readFileSync(file, 'utf8')));

class World extends TestLedger {
  /** Ids that the ledger gave to what a row names. */
  readonly names = new Map<string, string>();

  id(name: string): string {
    return this.names.get(name) ?? name;
  }

  once(actor: Actor, command: Command, key?: string): Done {
    return answered(this.settle(actor, command, key === undefined ? {} : { key: key.padEnd(16, '.') }));
  }
}

const text = (word: unknown) => z.string().parse(word);
const Options = z
  .object({
    expiresAt: z.number(),
    priority: z.number(),
    onInsufficient: z.enum(['pending', 'fail']),
  })
  .partial();

type Done = Record<string, unknown>;

function answered(outcome: Outcome): Done {
  const { replayed } = outcome;
  return outcome.ok ? { ...outcome.answer, replayed } : { err: outcome.problem.code, replayed };
}

/** Payments of one purchase carry one provider's payment id. */
function pay(world: World, name: string, key?: string): Done {
  const { total } = world.purchase(world.id(name));
  const command: Command = {
    kind: 'payment.succeeded',
    purchase_id: world.id(name),
    payment_id: `pay-${name}`,
    provider: 'spherepay',
    amount: readBalance(total),
  };
  const done = world.once(SYSTEM, command, key);
  // A webhook sent again is a duplicate, be it found by its id or by the payment.
  return {
    ...world.purchase(world.id(name)),
    ...done,
    ...(done['replayed'] === true && { duplicate: true }),
  };
}

function start(world: World, name: string, amount: string, method: 'card' | 'usdc'): Done {
  const outcome = world.settle(USER, { kind: 'purchase.start', amount: parseAmount(amount), method });
  if (outcome.ok) world.names.set(name, text(outcome.answer['id']));
  return answered(outcome);
}

function run(world: World, words: readonly unknown[], key?: string): Done {
  const [verb, a, b, c, d] = words;
  const amount = () => parseAmount(b);
  const order = (actor: Actor, command: Command) => world.once(actor, command, key);
  switch (verb) {
    case 'at':
      world.now = START + z.number().parse(a);
      return {};
    case 'buy':
      return start(world, text(a), text(b), c === 'fiat' ? 'card' : 'usdc');
    case 'settle':
      return pay(world, text(a));
    case 'fund':
      start(world, text(a), text(b), 'usdc');
      return pay(world, text(a));
    case 'hook':
      return pay(world, text(d), text(a));
    case 'payfail': {
      const ids = { purchase_id: world.id(text(a)), payment_id: 'x', provider: 'spherepay' };
      return order(SYSTEM, { kind: 'payment.failed', ...ids });
    }
    case 'dispute':
      return order(FINANCE, { kind: 'purchase.dispute', purchase_id: world.id(text(a)) });
    case 'grant': {
      const { expiresAt, priority } = Options.parse(c ?? {});
      return order(FINANCE, {
        kind: 'grant',
        id: text(a),
        amount: amount(),
        source: 'promo',
        ...(expiresAt !== undefined && { expires_at: START + expiresAt }),
        ...(priority !== undefined && { priority }),
      });
    }
    case 'auth': {
      const { onInsufficient } = Options.parse(c ?? {});
      const base = { kind: 'hold.authorize', id: text(a), amount: amount(), service: 'vm' } as const;
      return order(SERVICE, { ...base, ...(onInsufficient && { on_insufficient: onInsufficient }) });
    }
    case 'capture':
      return order(SERVICE, { kind: 'hold.capture', id: text(a), amount: amount() });
    case 'capture_as': {
      const command: Command = { kind: 'hold.capture', id: text(b), amount: parseAmount(c) };
      return answered(world.settle(SERVICE, command, { account: text(a) }));
    }
    case 'void':
      return order(SERVICE, { kind: 'hold.void', id: text(a) });
    case 'charge':
      return order(SERVICE, { kind: 'charge', id: text(a), amount: amount(), service: 'vm' });
    case 'refund':
      return order(SERVICE, { kind: 'charge.refund', charge_id: text(a), id: text(c), amount: amount() });
    case 'wd': {
      const outcome = world.settle(USER, {
        kind: 'withdrawal.request',
        amount: amount(),
        wallet_address: 'So11111111111111111111111111111111111111112',
      });
      if (outcome.ok) world.names.set(text(a), text(outcome.answer['id']));
      return answered(outcome);
    }
    case 'approve': {
      const actor: Actor = b === undefined ? FINANCE : { principal: text(b), scope: 'finance' };
      return order(actor, { kind: 'withdrawal.approve', id: world.id(text(a)) });
    }
    case 'cancel':
      return order(USER, { kind: 'withdrawal.cancel', id: world.id(text(a)) });
    case 'reject':
      return order(FINANCE, { kind: 'withdrawal.reject', id: world.id(text(a)), reason: 'test' });
    case 'send':
      return order(FINANCE, { kind: 'withdrawal.send', id: world.id(text(a)) });
    case 'paid':
      return order(FINANCE, {
        kind: 'withdrawal.paid',
        id: world.id(text(a)),
        tx_url: 'https://x.example/1',
      });
    case 'payoutFailed':
      return order(FINANCE, { kind: 'withdrawal.fail', id: world.id(text(a)) });
    case 'check':
      return { ...check(world.credits(), parseAmountOrZero(a)) };
    case 'once':
    case 'once!':
      return run(world, z.array(z.unknown()).parse(b), text(a));
    default:
      throw new Error(`unknown word ${String(verb)}`);
  }
}

/** Runs one line; an amount that cannot be read is refused at the edge, before any order. */
function attempt(world: World, words: readonly unknown[]): Done {
  try {
    return run(world, words);
  } catch (error) {
    if (error instanceof AmountError) return { err: error.code };
    throw error;
  }
}

/** A list of amounts stands for one attempt with each. */
function variants(words: readonly unknown[]): (readonly unknown[])[] {
  if (words[0] === 'once' || words[0] === 'once!') return [words];
  const list = words.findIndex((word) => Array.isArray(word));
  return list < 0
    ? [words]
    : z
        .array(z.unknown())
        .parse(words[list])
        .map((word) => words.with(list, word));
}

test('the table is whole', () => {
  expect(rows).toHaveLength(79);
  expect(rows.filter(({ id }) => OVER_HTTP.includes(id))).toHaveLength(OVER_HTTP.length);
});

for (const { id, title, given, when, expect: expected } of rows.filter(
  (row) => !OVER_HTTP.includes(row.id),
)) {
  test(`${id} ${title}`, () => {
    for (const words of variants(when)) {
      const world = new World();
      for (const line of given) {
        const done = attempt(world, line);
        if (line[0] !== 'once!') expect(done['err'], JSON.stringify(line)).toBeUndefined();
      }
      world.credits();
      const before = world.state;
      const done = attempt(world, words);
      const { view, ...facts } = expected;
      expect(done).toMatchObject(facts);
      if ('err' in facts) expect(world.state).toEqual(before);
      const now = world.credits();
      if (view) expect({ ...now, total: now.balance }).toMatchObject(view);
    }
  });
}

const HOUR_PRICE = 2_490_000n;

test('N01-N03 an hourly price billed each second', () => {
  const seconds = Array.from({ length: 3600 }, (_, second) => metered(BigInt(second), 1n, HOUR_PRICE, 3600n));
  expect(formatAmount(seconds.reduce((sum, due) => sum + due, 0n))).toBe('2.49');
  expect(seconds.slice(0, 2).map(formatAmount)).toEqual(['0.000691', '0.000692']);
});

test('N04, N05 a price per million tokens, call by call', () => {
  const total = (calls: number, tokens: bigint) =>
    Array.from({ length: calls }, (_, call) =>
      metered(BigInt(call) * tokens, tokens, 150_000n, 1_000_000n),
    ).reduce((sum, due) => sum + due, 0n);
  expect(formatAmount(total(10, 1n))).toBe('0.000001');
  expect(formatAmount(total(1000, 1234n))).toBe('0.1851');
});

test('N06-N08 card prices', () => {
  expect(formatAmount(creditsForCardTotal(parseAmount('50')).credits)).toBe('48.54');
  expect(formatAmount(cardFee(parseAmount('12345.67')))).toBe('370.37');
  expect(formatAmount(topUp(parseAmount('7')).card.total)).toBe('7.21');
});
