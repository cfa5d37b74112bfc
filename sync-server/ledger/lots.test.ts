import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY } from '../../shared/time.ts';
import { burnOrder, isLive, isUsable } from './lots.ts';
import type { LotBody } from './records.ts';
import { START, TestLedger } from './test-ledger.ts';

const plain: LotBody = {
  no: 1,
  source: 'promo',
  withdrawable: false,
  withdrawable_from: null,
  priority: 50,
  services: null,
  created_at: START,
  expires_at: null,
  frozen: false,
  warned: false,
  size: 10n,
};

const lots: fc.Arbitrary<LotBody> = fc.record({
  no: fc.integer({ min: 1, max: 5 }),
  source: fc.constant('promo'),
  withdrawable: fc.boolean(),
  withdrawable_from: fc.constant(null),
  priority: fc.constantFrom(10, 50, 60),
  services: fc.constantFrom(null, ['vm'], ['ray', 'vm']),
  created_at: fc.integer({ min: START, max: START + 2 }),
  expires_at: fc.option(fc.integer({ min: START, max: START + 2 })),
  frozen: fc.constant(false),
  warned: fc.constant(false),
  size: fc.constant(10n),
});

test('the burn order is total: it never ties two lots and never runs in a circle', () => {
  fc.assert(
    fc.property(lots, lots, lots, (a, b, c) => {
      expect(Math.sign(burnOrder(a, b))).toBe(-Math.sign(burnOrder(b, a)) + 0);
      if (a.no !== b.no) expect(burnOrder(a, b)).not.toBe(0);
      if (burnOrder(a, b) < 0 && burnOrder(b, c) < 0) expect(burnOrder(a, c)).toBeLessThan(0);
    }),
    { numRuns: 1000 },
  );
});

test('each rank of the burn order decides before the next', () => {
  const first: Partial<LotBody>[] = [
    { priority: 10, withdrawable: true },
    { withdrawable: false, services: null },
    { withdrawable: true, services: ['ray', 'vm'] },
    { withdrawable: true, services: ['vm'], expires_at: START + DAY },
  ];
  const second: Partial<LotBody>[] = [
    { priority: 50, withdrawable: false },
    { withdrawable: true, services: ['vm'] },
    { withdrawable: true, services: null, expires_at: START },
    { withdrawable: true, services: ['vm'], expires_at: null, created_at: 0 },
  ];
  for (const [index, part] of first.entries()) {
    expect(burnOrder({ ...plain, ...part }, { ...plain, ...second[index] })).toBeLessThan(0);
  }
  expect(
    burnOrder({ ...plain, services: ['vm'], no: 9 }, { ...plain, services: ['ray', 'vm'] }),
  ).toBeLessThan(0);
  expect(burnOrder({ ...plain, created_at: 1 }, { ...plain, created_at: 2 })).toBeLessThan(0);
  expect(burnOrder({ ...plain, no: 1 }, { ...plain, no: 2 })).toBeLessThan(0);
});

test('expiry is exclusive, a charged-back lot is never live', () => {
  expect(isLive({ ...plain, expires_at: START }, START - 1)).toBe(true);
  expect(isLive({ ...plain, expires_at: START }, START)).toBe(false);
  expect(isLive({ ...plain, frozen: true }, START)).toBe(false);
});

test('restricted credit is good for its services only', () => {
  expect(isUsable({ ...plain, services: ['vm'] }, 'vm')).toBe(true);
  expect(isUsable({ ...plain, services: ['vm'] }, 'ray')).toBe(false);
  expect(isUsable({ ...plain, services: ['vm'] }, null)).toBe(false);
});

test('a charge burns restricted promo, then promo, then what was bought', () => {
  const ledger = new TestLedger();
  ledger.fund('10');
  ledger.grant('g1', '10');
  ledger.grant('g2', '10', { services: ['vm'] });
  expect(ledger.credits()).toMatchObject({ available: '20', restricted: '10', balance: '30' });
  expect(ledger.credits().available_by_service).toMatchObject({ vm: '30', ray: '20' });
  ledger.charge('c', '15');
  expect(ledger.credits()).toMatchObject({ available: '15', restricted: '0', withdrawable: '10' });
  ledger.charge('d', '8', 'ray');
  expect(ledger.credits()).toMatchObject({ available: '7', withdrawable: '7' });
});

test('lots that end are posted away at their own instant, with an entry each', () => {
  const ledger = new TestLedger();
  ledger.grant('g1', '3', { expires_at: START + DAY });
  ledger.grant('g2', '4', { expires_at: START + DAY, source: 'goodwill' });
  expect(ledger.credits()).toMatchObject({ expiring: [{ amount: '7', at: '2026-01-02T00:00:00.000Z' }] });
  expect(ledger.due).toBe(START + DAY);
  ledger.now = START + 5 * DAY;
  expect(ledger.credits()).toMatchObject({ balance: '0', expiring: [], next_change_at: null });
  expect(ledger.history().slice(-2)).toEqual(['expiry -3 completed = 4', 'expiry -4 completed = 0']);
  const late = ledger.rows.at(-1);
  expect(late?.patch.recent?.at).toBe(START + DAY);
  expect(late?.at).toBe(START + 5 * DAY);
  const houses = ledger.transfers.slice(-2).map(({ postings }) => postings.map(({ name }) => name));
  expect(houses).toEqual([
    ['lot:1', 'expense:promo'],
    ['lot:2', 'expense:goodwill'],
  ]);
});
