// A notice as a sentence and a second line, from its code and facts; a code that only a newer server knows is named.
import { type Notice } from '../../../shared/notices.ts';
import { readBalance } from '../../../shared/money.ts';
import { isPanelKey, type PanelLocale } from '../../locales/panel.ts';
import { formatBalance } from '../../ui/money.ts';
import { shortId, splitName } from '../../ui/names.ts';
import { formatAhead } from '../../ui/days.ts';
import { type Place } from '../../ui/time.ts';
import { type Route, to } from '../panel/route.ts';

const AMOUNT = /^-?\d{1,13}(\.\d{1,6})?$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T/;
/** Characters of a long name before its cut. */
const SHOWN = 17;
/** Facts that are amounts: a runway of "3" hours is none. */
const AMOUNTS = new Set([
  'amount',
  'debt',
  'shortfall',
  'available',
  'spent',
  'threshold',
  'balance',
  'limit',
]);

/** The facts as words: money, times in the account's zone, everything else as it is. */
function wordsOf({ facts, subject }: Notice, now: number, { language }: PanelLocale, place: Place) {
  const words: Record<string, string> = { subject: subject === null ? '' : shortId(subject) };
  for (const [name, value] of Object.entries(facts)) {
    const text = String(value);
    if (typeof value === 'string' && AMOUNTS.has(name) && AMOUNT.test(text))
      words[name] = formatBalance(readBalance(text), language);
    else if (INSTANT.test(text)) words[name] = formatAhead(Date.parse(text), now, place);
    else words[name] = name === 'name' ? shortName(text) : text;
  }
  return words;
}

/** Within a sentence a long name is cut in the middle: its end tells clusters apart. */
function shortName(name: string): string {
  const { head, tail } = splitName(name);
  return tail === '' ? name : `${head.slice(0, SHOWN)}…${tail}`;
}

export function noticeWords(
  notice: Notice,
  now: number,
  locale: PanelLocale,
  place: Place,
): { title: string; text: string } {
  const { t } = locale;
  const title = `notice.${notice.code}`;
  const special = `${title}.${notice.facts['reason']}`;
  const text = isPanelKey(special) ? special : `${title}.text`;
  const words = wordsOf(notice, now, locale, place);
  const fill = (key: string) => (isPanelKey(key) ? t(key, words).replace(/\{\w+\}/g, '–') : '');
  return {
    title: isPanelKey(title) ? fill(title) : t('notice.unknown', { code: notice.code }),
    text: fill(text),
  };
}

/** Where a notice leads. */
export function noticePlace({ topic, subject }: Pick<Notice, 'topic' | 'subject'>): Route {
  switch (topic) {
    case 'clusters':
      return subject === null ? to('cloud') : to('cloud', 'cluster', subject);
    case 'plan':
      return to('intelligence');
    case 'alerts':
      return to('settings', 'alerts');
    case 'terms':
      return to('terms');
    default:
      return to('billing');
  }
}
