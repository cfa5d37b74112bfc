import { expect, test } from 'vitest';
import { createAtOnce } from './at-once.ts';

test('one too many is refused, per account, and one that ended twice makes room once', () => {
  const { enter } = createAtOnce(2, 'readings');
  const [first] = [enter('ann'), enter('ann')];
  expect(() => enter('ann')).toThrow('at most 2 readings');
  enter('bob');
  first();
  first();
  enter('ann');
  expect(() => enter('ann')).toThrow('at most 2 readings');
});
