import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAmount } from '../../shared/money.ts';
import {
  formatBalance,
  formatExact,
  formatMovement,
  formatPrice,
  formatToolbar,
  splitBalance,
} from './money.ts';

const micros = (text: string) => (text.startsWith('-') ? -parseAmount(text.slice(1)) : parseAmount(text));

test.each([
  ['106.4', '$106.40'],
  ['0.01', '$0.01'],
  ['0.009999', '<$0.01'],
  ['-0.004', '\u2212<$0.01'],
  ['-3.2', '\u2212$3.20'],
  ['-3.201', '\u2212$3.21'],
])('a balance of %s reads %s', (text, shown) => {
  expect(formatBalance(micros(text), 'en')).toBe(shown);
});

test('a price to pay is rounded up to cents', () => {
  expect(formatPrice(micros('8.240001'), 'en')).toBe('$8.25');
  expect(formatPrice(micros('8.24'), 'en')).toBe('$8.24');
  expect(formatPrice(micros('0.000001'), 'en')).toBe('$0.01');
  expect(formatPrice(0n, 'en')).toBe('$0.00');
});

test('nothing is $0.00, and a large balance keeps its groups and loses what is under a cent', () => {
  expect(formatBalance(0n, 'en')).toBe('$0.00');
  expect(formatBalance(999_999_999_999_999n, 'en')).toBe('$999,999,999.99');
});

test('a movement carries its sign', () => {
  expect(formatMovement(micros('1.8'), 'en')).toBe('+$1.80');
  expect(formatMovement(micros('-8.96'), 'en')).toBe('\u2212$8.96');
  expect(formatMovement(0n, 'en')).toBe('$0.00');
  expect(formatMovement(1n, 'en')).toBe('+<$0.01');
});

test('German puts the sign in front and the currency behind', () => {
  expect(formatBalance(micros('-1234.5'), 'de')).toBe('\u22121.234,50\u00a0$');
});

test('the decimals come apart from the rest', () => {
  expect(splitBalance(micros('106.4'), 'en')).toEqual({ whole: '$106', cents: '.40', after: '' });
  expect(splitBalance(micros('106.4'), 'de')).toEqual({ whole: '106', cents: ',40', after: '\u00a0$' });
});

test('the exact figure keeps six decimals', () => {
  expect(formatExact(micros('-106.400113'), 'en')).toBe('\u2212$106.400113');
  expect(formatExact(micros('106.4'), 'en')).toBe('$106.40');
});

test.each([
  ['42.99', '$42'],
  ['106.4', '$106'],
  ['999.999', '$999'],
  ['1000', '1k'],
  ['1234', '1.2k'],
  ['12345', '12k'],
  ['123456', '123k'],
  ['1000000', '1M'],
  ['0.5', '<$1'],
  ['-0.5', '<$0'],
  ['-3.2', '-$3'],
  ['-45', '-$45'],
  ['-450', '-450'],
  ['-1234', '-1k'],
  ['-45678', '-45k'],
  ['-450000', '-.4M'],
  ['-1000000', '-1M'],
])('the toolbar says %s as %s', (text, shown) => {
  expect(formatToolbar(micros(text))).toBe(shown);
});

test('the toolbar never needs more than four characters, and never says more than is there', () => {
  const units: Record<string, number> = { k: 1e3, M: 1e6, B: 1e9 };
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), (amount) => {
      const text = formatToolbar(amount);
      expect(text.length).toBeLessThanOrEqual(4);
      const [, digits, unit] = /([\d.]+)([kMB]?)$/.exec(text) ?? [];
      const said = Number(digits) * (units[unit ?? ''] ?? 1);
      const real = Math.abs(Number(amount)) / 1e6;
      if (!text.startsWith('<')) expect(said).toBeLessThanOrEqual(real);
    }),
  );
});

test('a balance is never shown as more than it is', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 10_000n, max: 10n ** 15n }), (amount) => {
      const shown = formatBalance(amount, 'en').replace(/[$,]/g, '').replace('.', '');
      expect(BigInt(shown)).toBe(amount / 10_000n);
    }),
  );
});
