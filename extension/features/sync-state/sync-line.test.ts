import { expect, test } from 'vitest';
import { loadGlance } from '../../locales/glance.ts';
import { syncText } from './sync-line.tsx';

test('the line says since when, whatever the state', async () => {
  const english = await loadGlance('en');
  expect(syncText('fresh', '14:02', english)).toBe('Updated 14:02');
  expect(syncText('stale', '14:02', english)).toBe('Offline, as of 14:02');
  expect(syncText('signed_out', '14:02', english)).toBe('Sign in again');
});

test('before the first sync there is no time to say', async () => {
  const english = await loadGlance('en');
  expect(syncText('fresh', null, english)).toBe('Connecting');
  expect(syncText('stale', null, english)).toBe('Offline, nothing received yet');
});
