import { expect, test } from 'vitest';
import { parseRfc3339, toRfc3339 } from './time.ts';

test('instants go out with milliseconds and come back the same', () => {
  expect(toRfc3339(1_767_225_600_000)).toBe('2026-01-01T00:00:00.000Z');
  expect(parseRfc3339('2026-01-01T00:00:00.000Z')).toBe(1_767_225_600_000);
  expect(parseRfc3339('2026-01-01T01:00:00+01:00')).toBe(1_767_225_600_000);
});

test.each(['', '2026-01-01', '2026-13-01T00:00:00Z', '2026-01-01T00:00:00', 'now', '1767225600000'])(
  '%j is no instant',
  (text) => {
    expect(parseRfc3339(text)).toBeNull();
  },
);
