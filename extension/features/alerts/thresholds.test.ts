import { expect, test } from 'vitest';
import { OFF, readThresholds, SUGGESTED, typedOf } from './thresholds.ts';

test('what is suggested can be sent as it stands', () => {
  expect(readThresholds(SUGGESTED)).toEqual({
    thresholds: { balance: '10', runway_hours: 12, plan_share: 80, spend_per_day: '25' },
  });
  expect(readThresholds(OFF)).toEqual({
    thresholds: { balance: null, runway_hours: null, plan_share: null, spend_per_day: null },
  });
});

test('what the book says reads back to itself', () => {
  const thresholds = { balance: '0', runway_hours: 1.5, plan_share: 100, spend_per_day: '0.000001' };
  expect(readThresholds(typedOf(thresholds))).toEqual({ thresholds });
});

test.each([
  ['balance', '-1'],
  ['balance', ''],
  ['runway_hours', '0'],
  ['runway_hours', '9000'],
  ['plan_share', '80.5'],
  ['plan_share', '0'],
  ['plan_share', '1001'],
  ['spend_per_day', '0'],
  ['spend_per_day', '1e3'],
] as const)('%s of %j is not sent', (kind, text) => {
  expect(readThresholds({ ...OFF, [kind]: text })).toEqual({ wrong: [kind] });
});
