import { expect, test } from 'vitest';
import type { Entry } from '../../../shared/account.ts';
import { DAY, HOUR } from '../../../shared/time.ts';
import { type EntryFilter, isIdle, matches, mayGoOn, NO_FILTER, readyFilter } from './filter.ts';

const NOW = Date.parse('2026-11-21T14:00:00.000Z');
const berlin = { language: 'en', timezone: 'Europe/Berlin' };
const entry = (more: Partial<Entry>): Entry => ({
  n: 1,
  id: '0199-abc',
  at: NOW,
  service: 'vm',
  type: 'usage',
  amount: '-8.96',
  balance: '106.4',
  status: 'completed',
  ...more,
});
const passes = (filter: Partial<EntryFilter>, more: Partial<Entry>, subject = '') =>
  matches(entry(more), readyFilter({ ...NO_FILTER, ...filter }, NOW, berlin), subject);

test('types and platforms are the groups of IO ID', () => {
  expect(passes({ type: 'reloaded' }, { type: 'bd_grant' })).toBe(true);
  expect(passes({ type: 'reloaded' }, { type: 'usage' })).toBe(false);
  expect(passes({ platform: 'cloud' }, { service: 'k8s' })).toBe(true);
  expect(passes({ platform: 'intelligence' }, { service: 'vm' })).toBe(false);
});

test('days are those of the account: "today" begins at its midnight', () => {
  const midnight = Date.parse('2026-11-20T23:00:00.000Z'); // 00:00 in Berlin
  expect(passes({ date: 'today' }, { at: midnight })).toBe(true);
  expect(passes({ date: 'today' }, { at: midnight - 1 })).toBe(false);
  expect(passes({ date: 'week' }, { at: midnight - 6 * DAY })).toBe(true);
  expect(passes({ date: 'week' }, { at: midnight - 6 * DAY - 1 })).toBe(false);
});

test.each([
  { date: 'week', now: '2026-03-30T22:30:00Z', since: '2026-03-24T23:00:00.000Z' },
  { date: 'week', now: '2026-10-26T22:30:00Z', since: '2026-10-19T22:00:00.000Z' },
  { date: 'month', now: '2026-10-26T22:30:00Z', since: '2026-09-26T22:00:00.000Z' },
  { date: 'quarter', now: '2026-10-26T22:30:00Z', since: '2026-07-28T22:00:00.000Z' },
] as const)('a $date before $now is counted in days, not in hours', ({ date, now, since }) => {
  const ready = readyFilter({ ...NO_FILTER, date }, Date.parse(now), berlin);
  expect(new Date(ready.since).toISOString()).toBe(since);
});

test('a timezone that this browser does not know breaks no filter', () => {
  const nowhere = { language: 'en', timezone: 'Mars/Phobos' };
  const range = { ...NO_FILTER, date: 'custom', from: '2026-01-01', until: '2026-01-01' } as const;
  const { since, before } = readyFilter(range, NOW, nowhere);
  expect(before - since).toBe(DAY);
});

test('a range holds both of its days, also over a change of the clocks, and may be open', () => {
  const range = { date: 'custom', from: '2026-10-25', until: '2026-10-25' } as const;
  const start = Date.parse('2026-10-24T22:00:00.000Z');
  expect(passes(range, { at: start })).toBe(true);
  expect(passes(range, { at: start - 1 })).toBe(false);
  expect(passes(range, { at: start + 25 * HOUR - 1 })).toBe(true);
  expect(passes(range, { at: start + 25 * HOUR })).toBe(false);
  expect(passes({ date: 'custom', from: '', until: 'x' }, { at: 1 })).toBe(true);
});

test('text finds ids, amounts and the subject that a person reads', () => {
  expect(passes({ text: '8.96' }, {})).toBe(true);
  expect(passes({ text: ' VLLM ' }, {}, 'vllm-prod-eu')).toBe(true);
  expect(passes({ text: 'qwen' }, {}, 'vllm-prod-eu')).toBe(false);
});

test('a search ends where nothing older can match', () => {
  const week = readyFilter({ ...NO_FILTER, date: 'week' }, NOW, berlin);
  expect(mayGoOn(week, entry({}))).toBe(true);
  expect(mayGoOn(week, entry({ at: NOW - 30 * DAY }))).toBe(false);
  expect(isIdle(NO_FILTER)).toBe(true);
  expect(isIdle({ ...NO_FILTER, type: 'promo' })).toBe(false);
});
