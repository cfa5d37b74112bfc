import { beforeEach, expect, test } from 'vitest';
import { browser } from 'wxt/browser';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { localeOfMessages } from '../../locales/test-messages.ts';
import { testSnapshot } from '../../view/test-snapshot.ts';
import { createNotifier, placeOf } from './notifier.ts';

const NOW = Date.parse('2026-11-21T14:00:00Z');
const english = localeOfMessages('en');
const snapshot = testSnapshot(NOW);
const notice = (id: string, ago: number, more: Record<string, unknown> = {}) => ({
  id,
  code: 'refund_arrived',
  created_at: new Date(NOW - ago).toISOString(),
  seen_at: null,
  subject: null,
  facts: { amount: '1.8' },
  ...more,
});
let shown: string[] = [];
const start = () =>
  createNotifier(
    browser.storage,
    (id, { title }) => Promise.resolve(shown.push(`${title} ${placeOf(id)}`)),
    english,
  );

beforeEach(() => {
  fakeBrowser.reset();
  shown = [];
});

test('each thing is told once, also by a worker that starts again', async () => {
  await start().publish([notice('old', 5_000)], snapshot, ['refunds'], NOW);
  expect(shown).toEqual([]);
  const fresh = [notice('old', 5_000), notice('new', -5)];
  const worker = start();
  await Promise.all([1, 2, 3].map(() => worker.publish(fresh, snapshot, ['refunds'], NOW)));
  expect(shown).toEqual(['Refund of $1.80 #notifications']);
  const again = start();
  await again.publish(fresh, snapshot, ['refunds'], NOW + 9);
  await again.publish(fresh, snapshot, ['refunds'], NOW + 9);
  expect(shown).toHaveLength(1);
});

test('what another device has seen, and what nobody asked for, is not told', async () => {
  const notifier = start();
  await notifier.publish([], snapshot, ['refunds'], NOW);
  const seen = notice('s', -5, { seen_at: new Date(NOW).toISOString() });
  await notifier.publish([seen], snapshot, ['refunds'], NOW);
  await notifier.publish([notice('n', -5)], snapshot, ['low'], NOW);
  await notifier.publish([notice('n', -5)], snapshot, [], NOW);
  expect(shown).toEqual([]);
});

test('another account begins anew, with nothing of its past', async () => {
  await start().publish([], snapshot, ['refunds'], NOW);
  const other = { ...snapshot, account: { ...snapshot.account, id: 'b' } };
  await start().publish([notice('past', 5_000)], other, ['refunds'], NOW);
  expect(shown).toEqual([]);
});

test('a browser that fails to show one is not asked again, and the next one is told', async () => {
  const calls: string[] = [];
  const notifier = createNotifier(
    browser.storage,
    (id) => {
      calls.push(id);
      return calls.length === 1 ? Promise.reject(new Error('no permission')) : Promise.resolve();
    },
    english,
  );
  await notifier.publish([], snapshot, ['refunds'], NOW);
  await notifier.publish([notice('1', -5)], snapshot, ['refunds'], NOW);
  await notifier.publish([notice('1', -5), notice('2', -6)], snapshot, ['refunds'], NOW);
  expect(calls).toEqual(['1|#notifications', '2|#notifications']);
});

test('switched off and on again, what came in between is history', async () => {
  const notifier = start();
  await notifier.publish([], snapshot, ['refunds'], NOW);
  await notifier.publish([], snapshot, [], NOW);
  await notifier.publish([notice('between', -5_000)], snapshot, ['refunds'], NOW + 10_000);
  await notifier.publish(
    [notice('between', -5_000), notice('after', -20_000)],
    snapshot,
    ['refunds'],
    NOW + 30_000,
  );
  expect(shown).toHaveLength(1);
});

test('what was told stays told, whoever signed in between and whatever was switched off', async () => {
  const plan = {
    title: 'Professional',
    cycle: 'daily',
    allowance: '15',
    used: '13',
    charged: '0',
    end: new Date(NOW + 9e6).toISOString(),
    model_count: 0,
    models: [],
  };
  const a = { ...snapshot, plan };
  const b = { ...a, account: { ...a.account, id: 'b' } };
  const worker = start();
  await worker.publish([], a, ['plan'], NOW);
  expect(shown).toEqual(['86% of the plan used #intelligence']);
  await worker.publish([], b, ['plan'], NOW);
  expect(shown).toHaveLength(2);
  await start().publish([], a, ['plan'], NOW);
  await worker.publish([], a, [], NOW);
  await worker.publish([], a, ['plan'], NOW);
  await start().publish([], b, ['plan'], NOW);
  expect(shown).toHaveLength(2);
  // Another period is news.
  const next = { ...a, plan: { ...plan, end: new Date(NOW + 9e7).toISOString() } };
  await worker.publish([], next, ['plan'], NOW);
  expect(shown).toHaveLength(3);
});
