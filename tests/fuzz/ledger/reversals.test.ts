// Reversals in random reachable states: each is the exact negation of one transfer, at most once, and every invariant
// holds after it and after whatever comes next. The model knows no reversals, so nothing else is compared.
import { expect, test } from 'vitest';
import type { Order } from '../../../sync-server/ledger/command.ts';
import type { Transfer } from '../../../sync-server/ledger/state.ts';
import { unsound } from './audit.ts';
import { Core } from './core.ts';
import { generate } from './generate.ts';
import { random } from './random.ts';
import { PEOPLE } from './step.ts';
import { termsOf } from './terms.ts';

const RUNS = 150;
const STEPS = 50;

function reversal(id: string, transfer: string): Order {
  const command = {
    kind: 'reversal',
    id,
    transfer_id: transfer,
    reason: 'posted in error',
    approver: 'finance-2',
  } as const;
  return { account: 'u', actor: { principal: 'finance-1', scope: 'finance' }, command };
}

/** Sums of two transfers by account: empty when the one negates the other. */
function remains(first: Transfer, second: Transfer | undefined): [string, bigint][] {
  const sums = new Map<string, bigint>();
  for (const { name, micros } of [...first.postings, ...(second?.postings ?? [])]) {
    sums.set(name, (sums.get(name) ?? 0n) + micros);
  }
  return [...sums].filter(([, micros]) => micros !== 0n);
}

/** Reverses some transfers between the steps of a script. Answers how many went through, and what went wrong. */
function run(seed: number): { reversed: number; wrong: unknown[] } {
  const dice = random(seed);
  const core = new Core(termsOf(seed), PEOPLE);
  let reversed = 0;
  const wrong: unknown[] = [];
  for (const [index, step] of generate(seed, STEPS).entries()) {
    core.step(step);
    const transfers = core.accounts.get('u')?.transfers ?? [];
    if (transfers.length > 0 && dice.percent(25)) {
      const target = dice.pick(transfers);
      const before = transfers.length;
      const outcome = core.order(reversal(`x${index}`, target.id));
      if (outcome.ok) {
        reversed += 1;
        const made = transfers.slice(before).find(({ kind }) => kind === 'reversal');
        wrong.push(...remains(target, made));
        const twice = core.order(reversal(`y${index}`, target.id));
        if (twice.ok) wrong.push(`${target.id} was reversed twice`);
      }
    }
    const complaint = unsound(core.store, 'u');
    if (complaint !== null) wrong.push(complaint);
  }
  return { reversed, wrong };
}

test('a reversal negates exactly, once, and breaks nothing', () => {
  let reversed = 0;
  for (let seed = 1; seed <= RUNS; seed += 1) {
    const { reversed: more, wrong } = run(seed);
    reversed += more;
    expect({ seed, wrong }).toEqual({ seed, wrong: [] });
  }
  expect(reversed).toBeGreaterThan(RUNS);
});
