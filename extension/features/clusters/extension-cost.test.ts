import { expect, test } from 'vitest';
import { extensionCost } from './extension-cost.ts';

const vm = { hourly: '2.5', quantity: 2, type: 'vm' };
const credits = { available: '0', available_by_service: { vm: '95', k8s: '0' } };

test('credit for this service alone covers it', () => {
  expect(extensionCost(vm, 19, credits)).toMatchObject({ price: 95_000_000n, missing: 0n });
  expect(extensionCost({ ...vm, type: 'kubernetes' }, 19, credits)).toMatchObject({
    spendable: 0n,
    missing: 95_000_000n,
  });
  // A type of another source, or a service that the server does not name: what is good for all.
  expect(extensionCost({ ...vm, type: 'moon' }, 1, credits).missing).toBe(5_000_000n);
  expect(extensionCost({ ...vm, type: 'baremetal' }, 1, credits).missing).toBe(5_000_000n);
  expect(extensionCost(vm, 1, null).missing).toBe(5_000_000n);
});

test('what is missing is bought at least at the minimum, in whole cents by card', () => {
  const { missing, topUp } = extensionCost({ ...vm, hourly: '2.50005' }, 19, credits);
  expect(missing).toBe(1_900n);
  expect(topUp).toMatchObject({ card: { total: 1_030_000n }, crypto: { total: 1_000_000n } });
});
