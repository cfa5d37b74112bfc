import { expect, test } from 'vitest';
import { createPace, PROPOSALS } from './pace.ts';

const STEP = 100;

/** A pace on a clock that moves only while somebody waits. */
function paced(limited = true) {
  let now = 0;
  const pace = createPace({ now: () => now }, limited, async (ms) => {
    now += ms;
  });
  return { pace, now: () => now, pass: (ms: number) => (now += ms) };
}

test('a backlog passes at once, then a steady stream; another account has its own', async () => {
  const { pace, now } = paced();
  for (let count = 0; count < PROPOSALS.burst; count += STEP) await pace.wait('ann', STEP);
  expect(now()).toBe(0);
  for (let count = 0; count < 10 * PROPOSALS.per_second; count += STEP) await pace.wait('ann', STEP);
  expect(now()).toBe(10_000);
  await pace.wait('bob', PROPOSALS.burst);
  expect(now()).toBe(10_000);
});

test('a sweep forgets nobody who could come again for more', async () => {
  const { pace, now, pass } = paced();
  await pace.wait('ann', PROPOSALS.burst);
  pace.sweep();
  await pace.wait('ann', STEP);
  expect(now()).toBe(1_000);
  pass((PROPOSALS.burst / PROPOSALS.per_second) * 1_000 + 1);
  pace.sweep();
  const before = now();
  await pace.wait('ann', PROPOSALS.burst);
  expect(now()).toBe(before);
});

test('without limits nobody waits', async () => {
  const { pace, now } = paced(false);
  await pace.wait('ann', 10 * PROPOSALS.burst);
  expect(now()).toBe(0);
});
