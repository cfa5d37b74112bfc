import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../../shared/time.ts';
import { SOURCE_STATES } from '../../../shared/sources.ts';
import { pauseAfter } from './pace.ts';

const after = { state: 'connected', liveliness: 'idle', failures: 0, retryAfter: null } as const;

test.each([
  ['something comes up', { ...after, liveliness: 'changing' }, 15 * SECOND],
  ['something runs', { ...after, liveliness: 'running' }, MINUTE],
  ['nothing runs', after, 10 * MINUTE],
  ['it failed once', { ...after, state: 'unreachable', failures: 1 }, 30 * SECOND],
  ['it failed four times', { ...after, state: 'unreachable', failures: 4 }, 4 * MINUTE],
  ['it failed all day', { ...after, state: 'unreachable', failures: 1_000 }, 30 * MINUTE],
  [
    'io.net asks for ten minutes',
    { ...after, state: 'limited', failures: 1, retryAfter: 10 * MINUTE },
    11 * MINUTE,
  ],
  ['the key is refused', { ...after, state: 'key_refused', failures: 3 }, 6 * HOUR],
] as const)('%s', (_, last, pause) => {
  expect(pauseAfter(last, 0.5)).toBe(pause);
});

test('two accounts do not stay in step, and nobody is asked before he wants to be', () => {
  const last = fc.record({
    state: fc.constantFrom(...SOURCE_STATES.filter((state) => state !== 'connecting')),
    liveliness: fc.constantFrom('changing', 'running', 'idle'),
    failures: fc.nat(2_000),
    retryAfter: fc.option(fc.nat(24 * HOUR)),
  });
  fc.assert(
    fc.property(last, fc.double({ min: 0, max: 0.999, noNaN: true }), (asked, random) => {
      const pause = pauseAfter(asked, random);
      expect(pause).toBeGreaterThanOrEqual(12 * SECOND);
      expect(pause).toBeLessThanOrEqual(29 * HOUR);
      if (asked.state === 'limited') expect(pause).toBeGreaterThanOrEqual(asked.retryAfter ?? 0);
      expect(pauseAfter(asked, 0)).toBeLessThan(pauseAfter(asked, 0.999));
    }),
  );
});
