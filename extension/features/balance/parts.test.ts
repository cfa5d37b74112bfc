import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatAmount, type Micros } from '../../../shared/money.ts';
import type { SnapshotCredits } from '../../view/snapshot.ts';
import { testCredits } from '../../view/test-snapshot.ts';
import { balanceParts } from './parts.ts';

function credits(
  available: Micros,
  held: Micros,
  reserved: Micros,
  restricted: Micros,
  frozen: Micros,
): SnapshotCredits {
  return testCredits({
    balance: formatAmount(available + held + reserved + restricted + frozen),
    available: formatAmount(available),
    held: formatAmount(held),
    reserved: formatAmount(reserved),
    restricted: formatAmount(restricted),
    frozen: formatAmount(frozen),
  });
}

test('the lines above the total add up to it, and no line is an idle zero', () => {
  const amount = fc.bigInt({ min: 0n, max: 10n ** 12n });
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(10n ** 7n), max: 10n ** 12n }),
      amount,
      amount,
      amount,
      amount,
      (...parts) => {
        const lines = balanceParts(credits(...parts));
        const total = lines.findIndex(({ kind }) => kind === 'sum');
        const above = lines.slice(0, total);
        expect(above.reduce((sum, { micros }) => sum + micros, 0n)).toBe(lines[total]?.micros);
        expect(above.slice(1).every(({ micros }) => micros !== 0n)).toBe(true);
      },
    ),
  );
});
