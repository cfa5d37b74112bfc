import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitTabs } from './fit-tabs.ts';

const TABS = [
  { id: 'overview', width: 70 },
  { id: 'cloud', width: 62 },
  { id: 'intelligence', width: 100 },
  { id: 'billing', width: 116 },
  { id: 'settings', width: 64 },
  { id: 'terms', width: 146 },
];

test('all tabs stand in their order when there is room', () => {
  expect(fitTabs(TABS, 'terms', 558, 32)).toEqual(TABS.map(({ id }) => id));
});

test('whole tabs only, the rest goes into the menu', () => {
  expect(fitTabs(TABS, 'overview', 400, 32)).toEqual(['overview', 'cloud', 'intelligence', 'billing']);
  expect(fitTabs(TABS, 'overview', 379, 32)).toEqual(['overview', 'cloud', 'intelligence']);
});

test('an active tab that does not fit takes the last place', () => {
  expect(fitTabs(TABS, 'settings', 400, 32)).toEqual(['overview', 'cloud', 'intelligence', 'settings']);
  expect(fitTabs(TABS, 'terms', 320, 32)).toEqual(['overview', 'cloud', 'terms']);
  expect(fitTabs(TABS, 'terms', 100, 32)).toEqual(['terms']);
});

test('what is drawn fits, holds the active one, and keeps the order', () => {
  const tabs = fc.array(fc.integer({ min: 30, max: 160 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(tabs, fc.nat(), fc.integer({ min: 200, max: 700 }), (widths, at, room) => {
      const list = widths.map((width, index) => ({ id: String(index), width }));
      const active = String(at % widths.length);
      const drawn = fitTabs(list, active, room, 32);
      const width = drawn.reduce((sum, id) => sum + (widths[Number(id)] ?? 0), 0);
      expect(width).toBeLessThanOrEqual(drawn.length === widths.length ? room : room - 32);
      expect(drawn).toContain(active);
      expect(drawn.map(Number).toSorted((a, b) => a - b)).toEqual(drawn.map(Number));
    }),
  );
});
