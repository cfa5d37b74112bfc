import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatAmount, MAX_AMOUNT } from '../../../shared/money.ts';
import { dollarSide, readTyped, typedText } from './typed-amount.ts';

const least = 1_000_000n;
const read = (text: string, more = {}) => readTyped(text, { least, ...more });

test.each([
  ['', 'empty'],
  ['  ', 'empty'],
  ['abc', 'invalid'],
  ['0', 'invalid'],
  ['-5', 'invalid'],
  ['1,000.5', 'invalid'],
  ['1,000,000', 'invalid'],
  ['1e3', 'invalid'],
  ['0.99', 'too_small'],
  ['1.0000001', 'precision'],
  ['1000000.01', 'too_large'],
])('%j is %s', (text, problem) => {
  expect(read(text)).toEqual({ problem });
});

test('a decimal comma, a currency sign and a number on its way are read', () => {
  expect(read('12,50')).toEqual({ micros: 12_500_000n });
  expect(read('$50')).toEqual({ micros: 50_000_000n });
  expect(read('50,5 $')).toEqual({ micros: 50_500_000n });
  expect(read('12.')).toEqual({ micros: 12_000_000n });
});

test('cards take whole cents; a limit is a limit to the last micro', () => {
  expect(read('5.005', { cents: true })).toEqual({ problem: 'cents' });
  expect(read('5.005')).toEqual({ micros: 5_005_000n });
  expect(read('64.300001', { most: 64_300_000n })).toEqual({ problem: 'over' });
  expect(read('64.3', { most: 64_300_000n })).toEqual({ micros: 64_300_000n });
});

test('every amount that the ledger writes is read back', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: least, max: MAX_AMOUNT }), (micros) => {
      expect(read(formatAmount(micros))).toEqual({ micros });
      for (const language of ['en', 'de']) expect(read(typedText(micros, language))).toEqual({ micros });
    }),
  );
});

test('an amount is put into a field as its language types it', () => {
  expect(typedText(64_300_000n, 'en')).toBe('64.30');
  expect(typedText(1_234_500_001n, 'de')).toBe('1234,500001');
  expect(dollarSide('en')).toEqual({ prefix: '$' });
  expect(dollarSide('de')).toEqual({ suffix: '$' });
});
