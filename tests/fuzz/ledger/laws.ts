// The laws of I15 in random reachable states of the core: two ways to the same place, compared lot by lot.
import { deepStrictEqual, notStrictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import { formatAmount } from '../../../shared/money.ts';
import { Core } from './core.ts';
import { generate } from './generate.ts';
import { type Act, PEOPLE, type Step } from './step.ts';
import { START, termsOf } from './terms.ts';

const seeds = fc.record({ seed: fc.nat(), steps: fc.nat({ max: 50 }) });
const amounts = fc.bigInt({ min: 1n, max: 30_000_000n });

function reach({ seed, steps }: { seed: number; steps: number }): Core {
  const core = new Core(termsOf(seed), PEOPLE);
  for (const step of generate(seed, steps)) core.step(step);
  // What is due by now belongs to neither way.
  core.step({ who: 'u', act: { verb: 'tick' } });
  return core;
}

/** Money and standing of `u`: everything but how often it was told. */
function place(core: Core): unknown {
  const stored = core.accounts.get('u');
  const { seq: _told, ...credits } = stored?.credits ?? { seq: 0 };
  const balances = [...(stored?.balances ?? [])].filter(([, micros]) => micros !== 0n);
  return { credits, balances: Object.fromEntries(balances) };
}

/** Where each of two ways leads from the same state, and what each answered. */
function ways(state: { seed: number; steps: number }, one: Act[], other: Act[]): [unknown, unknown] {
  const [first, second] = [reach(state), reach(state)];
  const outcomes = one.map((act) => first.step({ who: 'u', act }));
  // A law speaks of what was done: when the account refuses, there is nothing to compare.
  fc.pre(outcomes.every((outcome) => outcome?.ok === true && outcome.answer['status'] !== 'pending_payment'));
  const done = other.map((act) => second.step({ who: 'u', act })?.ok);
  return [
    { done: other.map(() => true), place: place(first) },
    { done, place: place(second) },
  ];
}

const sorted = (a: bigint, b: bigint): [small: string, large: string] =>
  a < b ? [formatAmount(a), formatAmount(b)] : [formatAmount(b), formatAmount(a)];
const charge = (amount: string): Act => ({ verb: 'charge', id: 'law', amount, service: 'vm' });
const hold = (amount: string): Act => ({ verb: 'auth', id: 'law', amount, service: 'vm' });

/** The same script with a timer that fires at every due instant; a clock that runs back would let it out-run the other. */
function prompt(core: Core, steps: readonly Step[]): void {
  for (const step of steps) {
    for (const who of 'at' in step ? PEOPLE : []) {
      for (;;) {
        const due = core.accounts.get(who)?.dueAt ?? null;
        if (due === null || !('at' in step) || due > START + step.at) break;
        core.clock = due;
        core.step({ who, act: { verb: 'tick' } });
        notStrictEqual(core.accounts.get(who)?.dueAt, due);
      }
    }
    core.step(step);
  }
}

/** How many cases, and from which seed. */
export interface Params {
  numRuns: number;
  seed?: number;
}

/** Each law in words, with what checks it in random states. @throws with the seed and the smallest case that breaks it */
export const LAWS: readonly { name: string; check: (params: Params) => void }[] = [
  {
    name: 'hold, void = nothing happened',
    check: (params) =>
      fc.assert(
        fc.property(seeds, amounts, (state, amount) => {
          const [first, second] = ways(state, [hold(formatAmount(amount)), { verb: 'void', id: 'law' }], []);
          deepStrictEqual(first, second);
        }),
        params,
      ),
  },
  {
    name: 'hold(H), capture(x) = charge(x)',
    check: (params) =>
      fc.assert(
        fc.property(seeds, amounts, amounts, (state, a, b) => {
          const [small, large] = sorted(a, b);
          const [first, second] = ways(
            state,
            [hold(large), { verb: 'capture', id: 'law', amount: small }],
            [charge(small)],
          );
          deepStrictEqual(first, second);
        }),
        params,
      ),
  },
  {
    name: 'charge(X), refund(Y) = charge(X - Y)',
    check: (params) =>
      fc.assert(
        fc.property(seeds, amounts, amounts, (state, a, b) => {
          const refund: Act = { verb: 'refund', charge: 'law', amount: formatAmount(b), id: 'law' };
          const [first, second] = ways(
            state,
            [charge(formatAmount(a + b)), refund],
            [charge(formatAmount(a))],
          );
          deepStrictEqual(first, second);
        }),
        params,
      ),
  },
  {
    name: 'charge(X), refund(X) = nothing happened',
    check: (params) =>
      fc.assert(
        fc.property(seeds, amounts, (state, amount) => {
          const refund: Act = { verb: 'refund', charge: 'law', amount: formatAmount(amount), id: 'law' };
          const [first, second] = ways(state, [charge(formatAmount(amount)), refund], []);
          deepStrictEqual(first, second);
        }),
        params,
      ),
  },
  {
    name: 'reserve, reject = nothing happened',
    check: (params) =>
      fc.assert(
        fc.property(seeds, amounts, (state, amount) => {
          const request: Act = { verb: 'wd', id: 'law', amount: formatAmount(amount) };
          const [first, second] = ways(state, [request, { verb: 'reject', id: 'law' }], []);
          deepStrictEqual(first, second);
        }),
        params,
      ),
  },
  {
    name: 'a server that was late gives the same result as one that was not (X19)',
    check: (params) =>
      fc.assert(
        fc.property(fc.nat(), (seed) => {
          let now = 0;
          const steps = generate(seed, 60).map((step): Step => {
            if (!('at' in step)) return step;
            now = Math.max(now, step.at);
            return { at: now };
          });
          const [late, punctual] = [new Core(termsOf(seed), PEOPLE), new Core(termsOf(seed), PEOPLE)];
          for (const step of steps) late.step(step);
          prompt(punctual, steps);
          const last: Step = { who: 'u', act: { verb: 'tick' } };
          late.step(last);
          punctual.step(last);
          deepStrictEqual(place(late), place(punctual));
        }),
        params,
      ),
  },
];
