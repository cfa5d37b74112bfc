import { expect, test } from 'vitest';
import { MINUTE } from '../../shared/time.ts';
import { MAX_STRANGERS } from './limits.ts';
import { createStrangers, type Stranger } from './strangers.ts';

function bench(limited = true) {
  const said: object[] = [];
  let now = 0;
  const log = { warn: (facts: object) => void said.push(facts) };
  const strangers = createStrangers({ now: () => now }, log, limited);
  return {
    said,
    pass: (ms: number) => (now += ms),
    enter: strangers.enter,
    /** So many of one network; those that found a place. */
    crowd: (count: number, network: string | null): Stranger[] =>
      Array.from({ length: count }, () => strangers.enter(network)).filter((one) => one !== null),
  };
}

test('one network has its share, and others go on', () => {
  const { enter, crowd, said, pass } = bench();
  const crowded = crowd(MAX_STRANGERS.of_one_network + 5, '192.0.2.7');
  expect(crowded).toHaveLength(MAX_STRANGERS.of_one_network);
  expect(enter('192.0.2.8')).not.toBeNull();
  expect(said).toEqual([{ network: '192.0.2.7', sockets: MAX_STRANGERS.of_one_network, bytes: 0 }]);
  crowded[0]?.leave();
  crowded[0]?.leave();
  expect(crowd(2, '192.0.2.7')).toHaveLength(1);
  expect(said).toHaveLength(1);
  pass(10 * MINUTE);
  expect(enter('192.0.2.7')).toBeNull();
  expect(said).toHaveLength(2);
});

test('10,000 devices that come back in one instant all find a place, wherever they come from', () => {
  const apart = bench();
  expect(Array.from({ length: 10_000 }, (_, n) => apart.enter(`198.51.${n >> 8}.${n & 255}`))).not.toContain(
    null,
  );
  const behindOwnProxy = bench();
  const storm = behindOwnProxy.crowd(10_000, null);
  expect(storm).toHaveLength(10_000);
  expect(storm.every((one) => one.say(4_096))).toBe(true);
});

test('all together are bounded, and so is what they say', () => {
  const { enter, crowd } = bench();
  const all = crowd(MAX_STRANGERS.in_all + 1, null);
  expect(all).toHaveLength(MAX_STRANGERS.in_all);
  expect(enter('192.0.2.8')).toBeNull();
  const [talker, other] = all;
  expect(talker?.say(MAX_STRANGERS.bytes)).toBe(true);
  expect(other?.say(1)).toBe(false);
  talker?.leave();
  expect(other?.say(MAX_STRANGERS.bytes)).toBe(true);
});

test('without limits everybody is let in', () => {
  const { crowd } = bench(false);
  const all = crowd(MAX_STRANGERS.in_all + 1, '192.0.2.7');
  expect(all).toHaveLength(MAX_STRANGERS.in_all + 1);
  expect(all[0]?.say(MAX_STRANGERS.bytes + 1)).toBe(true);
});
