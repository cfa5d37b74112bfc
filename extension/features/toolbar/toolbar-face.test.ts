import { expect, test } from 'vitest';
import { localeOfMessages } from '../../locales/test-messages.ts';
import type { BadgeMode } from '../../view/preferences.ts';
import type { Snapshot } from '../../view/snapshot.ts';
import { testCredits, testSnapshot } from '../../view/test-snapshot.ts';
import { toolbarFace as faceOf } from './toolbar-face.ts';

const NOW = Date.parse('2026-11-21T14:02:30Z');
const english = localeOfMessages('en');

const toolbarFace = (of: Snapshot | null, now: number, locale = english, mode: BadgeMode = 'balance') =>
  faceOf(of, now, locale, mode);

function snapshot(balance: string, available: string, more: Partial<Snapshot> = {}): Snapshot {
  return testSnapshot(NOW - 20_000, {
    connection: 'resting',
    stale_at: NOW + 160_000,
    credits: testCredits({ balance, available }),
    recent: [{ n: 1, at: NOW, type: 'purchase', service: 'credits', status: 'completed', amount: '100' }],
    ...more,
  });
}

test('a good balance is blue, with the whole sentence on hover', () => {
  expect(toolbarFace(snapshot('106.4', '94.3'), NOW, english)).toEqual({
    text: '$106',
    color: '#3f4cdb',
    title: 'IO Glance: $106.40 in IO Credits, updated 14:02',
  });
});

test('little left is amber, below zero red', () => {
  expect(toolbarFace(snapshot('4.99', '4.99'), NOW, english).color).toBe('#8a5600');
  expect(toolbarFace(snapshot('-3.2', '-3.2'), NOW, english)).toEqual({
    text: '-$3',
    color: '#c3212e',
    title: 'IO Glance: \u2212$3.20 in IO Credits, below zero, updated 14:02',
  });
});

test('a new account has zero, and nothing is low about it', () => {
  const face = toolbarFace(snapshot('0', '0', { credits: null, recent: [] }), NOW, english);
  expect(face).toMatchObject({ text: '$0', color: '#3f4cdb' });
});

test('a number that is not live is grey and says since when', () => {
  const offline = toolbarFace(snapshot('106.4', '94.3', { connection: 'offline' }), NOW, english);
  expect(offline).toEqual({
    text: '$106',
    color: '#50545d',
    title: 'IO Glance: $106.40 in IO Credits, offline, as of 14:02',
  });
  expect(toolbarFace(snapshot('106.4', '94.3'), NOW + 600_000, english).color).toBe('#50545d');
  expect(toolbarFace(snapshot('1', '1', { connection: 'signed_out' }), NOW, english).title).toContain(
    'sign in again',
  );
});

test('without a number there is none', () => {
  expect(toolbarFace(null, NOW, english).text).toBe('');
  expect(toolbarFace(snapshot('1', '1', { confirmed_at: null, stale_at: null }), NOW, english).text).toBe(
    '?',
  );
});

test('German has its own sentence', () => {
  expect(toolbarFace(snapshot('106.4', '94.3'), NOW, localeOfMessages('de')).title).toBe(
    'IO Glance: 106,40\u00a0$ in IO Credits, Stand 14:02',
  );
});

test('the plan instead of the balance: its share, its colour, its sentence', () => {
  const plan = (used: string) => ({
    title: 'Professional',
    cycle: 'daily',
    allowance: '15',
    used,
    charged: '0',
    end: '2026-11-22T00:00:00.000Z',
    model_count: 0,
    models: [],
  });
  const face = (used: string) =>
    toolbarFace(snapshot('106.4', '94.3', { plan: plan(used) }), NOW, english, 'plan');
  expect(face('6.9')).toEqual({
    text: '46%',
    color: '#3f4cdb',
    title: 'IO Glance: $106.40 in IO Credits, updated 14:02\nProfessional: 46% used',
  });
  expect(face('12').color).toBe('#8a5600');
  expect(face('15').color).toBe('#c3212e');
  expect(toolbarFace(snapshot('106.4', '94.3'), NOW, english, 'plan').text).toBe('');
});

test('the runway instead of the balance, or nothing at all', () => {
  const runway = (left: number | null, confidence: 'exact' | 'gathering' = 'exact') => ({
    runway: { confidence, ends_at: left === null ? null : NOW + left, per_hour: '1.24' },
  });
  const face = (more: Partial<Snapshot>) =>
    toolbarFace(snapshot('106.4', '94.3', more), NOW, english, 'runway');
  expect(face(runway(9.5 * 3_600_000))).toMatchObject({ text: '9h', color: '#3f4cdb' });
  expect(face(runway(9.5 * 3_600_000)).title).toContain('About 9h left');
  expect(face({ ...runway(3_600_000), alerts: ['runway_hours'] }).color).toBe('#8a5600');
  expect(face(runway(null)).text).toBe('999d');
  expect(face(runway(null, 'gathering')).text).toBe('?');
  expect(face({}).text).toBe('');
  expect(toolbarFace(snapshot('106.4', '94.3'), NOW, english, 'nothing')).toMatchObject({
    text: '',
    title: 'IO Glance: $106.40 in IO Credits, updated 14:02',
  });
});
