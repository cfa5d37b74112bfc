import { expect, test } from 'vitest';
import type { SnapshotPlan } from '../../view/snapshot.ts';
import { planShare } from './plan-share.ts';

const END = Date.parse('2026-11-22T00:00:00.000Z');
const PLAN: SnapshotPlan = {
  title: 'Professional',
  cycle: 'daily',
  allowance: '15',
  used: '6.9',
  charged: '0',
  end: '2026-11-22T00:00:00.000Z',
  model_count: 4,
  models: [
    { model: 'a', cost: '4.05' },
    { model: 'b', cost: '1.95' },
  ],
};

test('the parts and the others make the whole', () => {
  const share = planShare(PLAN, END - 1);
  expect(share.percent).toBeCloseTo(46);
  expect(share.parts.map(({ percent }) => Math.round(percent))).toEqual([27, 13]);
  expect(share.others).toBeCloseTo(6);
  expect(share.renewed).toBe(false);
});

test('what went beyond the pool counts, over 100', () => {
  const share = planShare({ ...PLAN, allowance: '150', used: '150', charged: '18' }, END - 1);
  expect(share.percent).toBeCloseTo(112);
  expect(share.over).toBe(18_000_000n);
});

test('after the reset the old figures say nothing any more', () => {
  expect(planShare(PLAN, END)).toMatchObject({ percent: 0, parts: [], others: 0, renewed: true, over: 0n });
});

test('a plan without a pool has no percentage', () => {
  expect(planShare({ ...PLAN, allowance: '0' }, END - 1).percent).toBeNull();
});
