import { expect, test } from 'vitest';
import { DAY, HOUR } from '../../../shared/time.ts';
import { loadGlance } from '../../locales/glance.ts';
import type { SnapshotRunway } from '../../view/snapshot.ts';
import { testCredits } from '../../view/test-snapshot.ts';
import { runwayWords } from './runway-words.ts';

const NOW = 1_000_000;
const english = await loadGlance('en');
const german = await loadGlance('de');
const credits = (available: string) => testCredits({ balance: available, available });
const runway = (left: number | null, more: Partial<SnapshotRunway> = {}): SnapshotRunway => ({
  confidence: 'exact',
  ends_at: left === null ? null : NOW + left,
  per_hour: '1.24',
  ...more,
});
const words = (available: string, of: SnapshotRunway | null, locale = english) => {
  const { strong, rest } = runwayWords(credits(available), of, false, NOW, locale);
  return `${strong}${rest}`.replaceAll('\u00a0', ' ');
};

test.each([
  [runway(3 * DAY + 4 * HOUR), 'about 3 d 4 h left at $1.24/h'],
  [runway(800 * DAY), 'over 2 years left at $1.24/h'],
  [runway(null), 'over 2 years left at $1.24/h'],
  [runway(null, { confidence: 'gathering' }), 'Gathering data, spending $1.24/h'],
  [runway(null, { per_hour: '0' }), 'Runway shows once a cluster is running'],
  [runway(-5), 'No runway, spending $1.24/h'],
  [null, 'Runway shows once a cluster is running'],
])('%j', (of, text) => expect(words('94.3', of)).toBe(text));

test('without credits there is no runway, whatever was worked out', () => {
  expect(words('-3.2', runway(DAY))).toBe('No runway, spending $1.24/h');
  expect(runwayWords(null, null, false, NOW, english).strong).toBe('');
});

test('German, and the tone of a crossed alert', () => {
  expect(words('94.3', runway(3 * DAY + 4 * HOUR), german)).toBe('noch etwa 3 T 4 Std. bei 1,24 $/Std.');
  expect(runwayWords(credits('1'), runway(HOUR), true, NOW, english).tone).toBe('warn');
});
