// What the differential run found in the core, each as the short script that showed it.
import { expect, test } from 'vitest';
import { Core } from './core.ts';
import { type Act, PEOPLE } from './step.ts';
import { USUAL_TERMS } from './terms.ts';

/** Plays acts of `u` and answers the last outcome: `ok` or its code. */
function last(...acts: Act[]): string {
  const core = new Core(USUAL_TERMS, PEOPLE);
  const outcomes = acts.map((act) => core.step({ who: 'u', act }));
  const outcome = outcomes.at(-1);
  return !outcome || outcome.ok ? 'ok' : outcome.problem.code;
}

const card = (amount: string): Act => ({ verb: 'buy', id: 'p', amount, method: 'card' });
const settle = (total?: string): Act => ({
  verb: 'settle',
  id: 'p',
  ...(total === undefined ? {} : { total }),
});

test('the largest purchase by card settles, though its total passes the largest amount (M3, M4)', () => {
  const fits: Act = { verb: 'charge', id: 'c', amount: '1000000', service: 'vm' };
  expect(last(card('1000000'), settle(), fits)).toBe('ok');
});

test('money that would buy more than one operation may move waits for finance, who cannot match it either', () => {
  expect(last(card('1'), settle('2000000'), { verb: 'match', payment: 'pay-p' })).toBe('amount_too_large');
});

test('an account below zero has exhausted its allowance, also where credit for one service is left (7.2)', () => {
  const outcome = last(
    { verb: 'grant', id: 'g', amount: '12', source: 'promo', services: ['vm'] },
    { verb: 'charge', id: 'c1', amount: '8.8', service: 'ray', force: true },
    { verb: 'charge', id: 'c2', amount: '100', service: 'vm' },
  );
  expect(outcome).toBe('allowance_exhausted');
});

test('no caller answers for the charge that a capture made', () => {
  const outcome = last(
    card('20'),
    settle(),
    { verb: 'auth', id: 'h', amount: '10', service: 'vm' },
    { verb: 'capture', id: 'h', amount: '10' },
    { verb: 'charge', id: 'c:h', amount: '10', service: 'vm' },
  );
  expect(outcome).toBe('invalid_request');
});
