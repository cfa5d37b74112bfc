import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cardFee, creditsForCardTotal, quote, topUp } from './fees.ts';
import { formatAmount, parseAmount } from './money.ts';

const fee = (credits: string) => formatAmount(cardFee(parseAmount(credits)));

test.each([
  ['100', '3'],
  ['33.33', '1'],
  ['1.5', '0.05'],
  ['1.16', '0.03'],
  ['12345.67', '370.37'],
])('the card fee on %s is %s', (credits, expected) => {
  expect(fee(credits)).toBe(expected);
});

test('crypto has no fee', () => {
  expect(quote(parseAmount('10.000001'), 'usdc')).toEqual({
    credits: 10_000_001n,
    fee: 0n,
    total: 10_000_001n,
  });
});

test('exactly 50.00 by card buys 48.54', () => {
  const bought = creditsForCardTotal(parseAmount('50'));
  expect([formatAmount(bought.credits), formatAmount(bought.fee)]).toEqual(['48.54', '1.46']);
});

test('a card total buys the most that its fee allows, for every fee', () => {
  const cents = fc.bigInt({ min: 0n, max: 100_000_000n });
  fc.assert(
    fc.property(cents, fc.bigInt({ min: 0n, max: 2_000n }), (total, bps) => {
      const { credits, fee, total: paid } = creditsForCardTotal(total * 10_000n, bps);
      expect(credits + fee).toBe(paid);
      expect(credits + cardFee(credits, bps) <= paid).toBe(true);
      const more = credits + 10_000n;
      expect(more + cardFee(more, bps) <= paid).toBe(false);
    }),
  );
});

test('a shortfall is quoted for both kinds of payment, from the minimum purchase up', () => {
  const seven = topUp(parseAmount('7'));
  expect([formatAmount(seven.card.total), formatAmount(seven.crypto.total)]).toEqual(['7.21', '7']);
  const small = topUp(parseAmount('0.25'));
  expect([formatAmount(small.card.credits), formatAmount(small.crypto.credits)]).toEqual(['1', '1']);
  expect(formatAmount(topUp(parseAmount('8.200001')).card.credits)).toBe('8.21');
});
