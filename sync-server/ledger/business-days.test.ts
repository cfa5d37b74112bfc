import { expect, test } from 'vitest';
import { addBusinessDays } from './business-days.ts';

const day = (text: string) => Date.parse(`${text}T10:30:00.000Z`);

test('weekends do not count, the time of day stays', () => {
  expect(addBusinessDays(day('2026-01-02'), 1)).toBe(day('2026-01-05'));
  expect(addBusinessDays(day('2026-01-03'), 1)).toBe(day('2026-01-05'));
  expect(addBusinessDays(day('2026-01-05'), 3)).toBe(day('2026-01-08'));
  expect(addBusinessDays(day('2026-01-05'), 7)).toBe(day('2026-01-14'));
});
