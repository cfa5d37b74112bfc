import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  AmountError,
  ceilToCent,
  floorToCent,
  formatAmount,
  MAX_AMOUNT,
  MAX_BALANCE,
  parseAmount,
  parseAmountOrZero,
  readBalance,
} from './money.ts';

const codeOf = (input: unknown) => {
  try {
    parseAmount(input);
    return 'ok';
  } catch (error) {
    return error instanceof AmountError ? error.code : 'not an AmountError';
  }
};

test('a decimal text becomes micros', () => {
  expect(parseAmount('12.50')).toBe(12_500_000n);
  expect(parseAmount('0.000001')).toBe(1n);
  expect(parseAmount('1000000')).toBe(MAX_AMOUNT);
  expect(parseAmountOrZero('0')).toBe(0n);
  expect(parseAmount('1030000', MAX_BALANCE)).toBe(1_030_000_000_000n);
});

test.each([
  -1,
  0.1,
  0,
  null,
  undefined,
  true,
  {},
  [],
  ['1'],
  '0',
  '0.0',
  '-1',
  '+1',
  'NaN',
  'Infinity',
  '1e3',
  '0x10',
  ' 1',
  '1 ',
  '1 000',
  '1,000',
  '007',
  '１',
  '1.',
  '.5',
  '',
  '__proto__',
  `1${'0'.repeat(30)}`,
  '9'.repeat(100_000),
])('%o is no amount', (input) => {
  expect(codeOf(input)).toBe('invalid_amount');
});

test.each(['0.0000001', '1.2345678', '0.30000000000000004'])('%s is too precise', (input) => {
  expect(codeOf(input)).toBe('amount_precision');
});

test.each(['1000000.000001', '9223372036854.775808', '9999999999999'])('%s is too large', (input) => {
  expect(codeOf(input)).toBe('amount_too_large');
});

test('formatting and reading agree for every balance', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), (micros) => {
      expect(readBalance(formatAmount(micros))).toBe(micros);
    }),
  );
});

test('the text is canonical', () => {
  expect([0n, 12_500_000n, -3_200_000n, 1n, 100_000_000n].map(formatAmount)).toEqual([
    '0',
    '12.5',
    '-3.2',
    '0.000001',
    '100',
  ]);
});

test('balances round down to cents, prices up', () => {
  expect(floorToCent(19_999n)).toBe(10_000n);
  expect(floorToCent(-1n)).toBe(-10_000n);
  expect(ceilToCent(10_001n)).toBe(20_000n);
  expect(ceilToCent(10_000n)).toBe(10_000n);
});
