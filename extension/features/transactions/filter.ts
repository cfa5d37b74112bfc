// Which entries a list shows and an export holds. Pure: the same filter for both.
import type { Entry } from '../../../shared/account.ts';
import type { Ms } from '../../../shared/time.ts';
import { lastDays, startOfNamedDay } from '../../ui/calendar.ts';
import type { Place } from '../../ui/time.ts';

/** Groups of entry types, as IO ID filters them. */
export const TYPE_GROUPS = {
  reloaded: ['purchase', 'bd_grant'],
  spent: ['usage'],
  refunded: ['refund'],
  withdrawals: ['withdrawal'],
  promo: ['incentive', 'expiry'],
  corrections: ['adjustment', 'correction', 'chargeback'],
  refused: ['refused'],
} as const;
export type TypeGroup = keyof typeof TYPE_GROUPS;

/** Platforms, each with the services that belong to it. */
export const PLATFORMS = {
  cloud: ['vm', 'ray', 'k8s', 'caas', 'baremetal'],
  intelligence: ['inference'],
  credits: ['credits'],
} as const;
export type Platform = keyof typeof PLATFORMS;

export const DATES = ['any', 'today', 'week', 'month', 'quarter', 'custom'] as const;
export type DateChoice = (typeof DATES)[number];

export interface EntryFilter {
  text: string;
  date: DateChoice;
  /** Calendar days as "2026-11-21", both inclusive, for `custom`; empty for open ends. */
  from: string;
  until: string;
  type: TypeGroup | '';
  platform: Platform | '';
}

export const NO_FILTER: EntryFilter = { text: '', date: 'any', from: '', until: '', type: '', platform: '' };

/** A filter with its days as instants, so that an entry is compared and not a calendar. */
export interface ReadyFilter {
  words: string;
  types: readonly string[] | null;
  services: readonly string[] | null;
  since: Ms;
  before: Ms;
}

/** How many days of the account a choice holds, today included. */
const DAYS: Partial<Record<DateChoice, number>> = { today: 1, week: 7, month: 30, quarter: 90 };

export function readyFilter(filter: EntryFilter, now: Ms, place: Place): ReadyFilter {
  const { date } = filter;
  const count = DAYS[date];
  const first =
    count !== undefined
      ? lastDays(now, count, place)[0]
      : date === 'custom'
        ? startOfNamedDay(filter.from, place)
        : null;
  return {
    words: filter.text.trim().toLowerCase(),
    types: filter.type === '' ? null : TYPE_GROUPS[filter.type],
    services: filter.platform === '' ? null : PLATFORMS[filter.platform],
    since: first ?? 0,
    before: (date === 'custom' ? startOfNamedDay(filter.until, place, 1) : null) ?? Number.POSITIVE_INFINITY,
  };
}

/** `subject` is what a person reads beside the entry: it is searched too. */
export function matches(entry: Entry, filter: ReadyFilter, subject: string): boolean {
  if (entry.at < filter.since || entry.at >= filter.before) return false;
  if (filter.types !== null && !filter.types.includes(entry.type)) return false;
  if (filter.services !== null && !filter.services.includes(entry.service)) return false;
  if (filter.words === '') return true;
  const { id, type, service, status, amount, ref, code } = entry;
  const text = [id, type, service, status, amount, ref, code, subject].join('\n');
  return text.toLowerCase().includes(filter.words);
}

/** Whether older entries than `oldest` could still match. */
export function mayGoOn(filter: ReadyFilter, oldest: Entry | undefined): boolean {
  return oldest === undefined || oldest.at >= filter.since;
}

export function isIdle(filter: EntryFilter): boolean {
  return filter.text.trim() === '' && filter.date === 'any' && filter.type === '' && filter.platform === '';
}
