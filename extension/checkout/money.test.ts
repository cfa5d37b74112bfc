import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as ui from '../ui/money.ts';
import { formatBalance, formatPrice } from './money.ts';

test('every amount is written as the other surfaces write it, in both languages', () => {
  const micros = fc.oneof(
    fc.bigInt({ min: -20_000n, max: 20_000n }),
    fc.bigInt({ min: -10_000_000_000_000n, max: 10_000_000_000_000n }),
  );
  fc.assert(
    fc.property(micros, fc.constantFrom('en', 'de'), (amount, language) => {
      expect(formatBalance(amount, language)).toBe(ui.formatBalance(amount, language));
      expect(formatPrice(amount, language)).toBe(ui.formatPrice(amount, language));
    }),
  );
});
