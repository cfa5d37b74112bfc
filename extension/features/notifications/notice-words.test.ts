import { expect, test } from 'vitest';
import { NOTICES, type Notice } from '../../../shared/notices.ts';
import { loadPanel } from '../../locales/panel.ts';
import { refusalWords } from '../panel/refusal.tsx';
import { noticePlace, noticeWords } from './notice-words.ts';

const NOW = Date.parse('2026-11-21T14:00:00Z');
const place = { language: 'en', timezone: 'UTC' };
const notice = (code: string, facts: Notice['facts'] = {}): Notice => ({
  id: 'n1',
  code,
  topic: 'credits',
  priority: 'info',
  created_at: '2026-11-21T13:00:00.000Z',
  seen_at: null,
  subject: null,
  facts,
});

test.each(['en', 'de'])(
  'every notice there is has a sentence in %s, also when a fact is missing',
  async (tag) => {
    const locale = await loadPanel(tag);
    for (const code of Object.keys(NOTICES)) {
      const { title, text } = noticeWords(notice(code), NOW, locale, place);
      expect(title, code).not.toContain(code);
      expect(`${title} ${text}`, code).not.toMatch(/[{}]|undefined|NaN/);
    }
  },
);

test('facts are told as money and in the account’s time', async () => {
  const locale = await loadPanel('en');
  const refund = noticeWords(notice('refund_arrived', { amount: '1.8', name: 'embed' }), NOW, locale, place);
  expect(refund.title).toContain('$1.80');
  const spent = noticeWords(
    notice('plan_exhausted', { resets_at: '2026-11-22T00:00:00.000Z' }),
    NOW,
    locale,
    place,
  );
  expect(spent.text).toContain('Sun 00:00');
});

test('a later server’s notice is named, and leads somewhere', async () => {
  const locale = await loadPanel('en');
  expect(noticeWords(notice('moon_landed'), NOW, locale, place).title).toContain('moon_landed');
  expect(noticePlace({ topic: 'clusters', subject: 'c1' })).toMatchObject({ tab: 'cloud', id: 'c1' });
  expect(noticePlace({ topic: 'moon', subject: null })).toMatchObject({ tab: 'billing' });
});

test('a long name is cut in the middle, so that its end still tells it apart', async () => {
  const locale = await loadPanel('en');
  const name = 'GeForce RTX 3060 - general - io.net - Low Speed - Ray App - 91f2c303';
  const { title } = noticeWords(notice('deployment_failed', { name }), NOW, locale, place);
  expect(title).toBe('GeForce RTX 3060 …91f2c303 failed');
});

test.each([
  ['en', /^\$7\.00 owed/, /only|until IO Finance lifts it\. Contact support$/],
  ['de', /^7,00\s\$ offen/, /bis IO Finance das aufhebt/],
])('a pause in %s says what ends it: paying, or finance after a chargeback', async (tag, unpaid, lasting) => {
  const locale = await loadPanel(tag);
  const at = { language: tag, timezone: 'UTC' };
  const text = (reason: string) =>
    noticeWords(notice('account_suspended', { reason, debt: '7' }), NOW, locale, at).text;
  expect(text('unpaid')).toMatch(unpaid);
  expect(text('chargeback')).toMatch(lasting);
  expect(text('chargeback')).not.toMatch(/7[.,]00/);
  const step = (why?: 'unpaid' | 'chargeback') => refusalWords('account_suspended', locale, why).text;
  expect(step('chargeback')).toMatch(/Support|support/);
  expect(step('unpaid')).not.toMatch(/Support|support/);
  expect(step()).toMatch(/(owed|offen).*[Ss]upport/);
});
