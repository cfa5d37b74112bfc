import { expect, test } from 'vitest';
import type { SnapshotCredits } from '../../view/snapshot.ts';
import { plainBalance } from './copy-balance.tsx';

const credits = (balance: string) => ({ credits: { balance } as SnapshotCredits }); // only the balance is read

test.each([
  ['106.400113', '106.40'],
  ['-3.201', '-3.21'],
  ['184402117', '184402117.00'],
  ['0.005', '0.00'],
])('a balance of %s is copied as %s', (balance, text) => expect(plainBalance(credits(balance))).toBe(text));

test('a new account has nothing to copy but zero', () =>
  expect(plainBalance({ credits: null })).toBe('0.00'));
