import { expect, test } from 'vitest';
import { ledgerEvents } from '../ledger/events.ts';
import { createMetrics } from './metrics.ts';

test('commits are counted, skews are told in seconds, a damaged ledger is told once and for all', async () => {
  const events = ledgerEvents();
  const metrics = createMetrics(events);
  expect(await metrics.text()).toMatch(/^glance_ledger_damaged 0$/m);
  events.emit('committed', { account: 'u', seq: 1 });
  metrics.clockSkew('ntp', -2_500);
  events.emit('damaged', { message: 'a page' });
  events.emit('committed', { account: 'u', seq: 2 });
  const text = await metrics.text();
  expect(text).toMatch(/^glance_ledger_damaged 1$/m);
  expect(text).toMatch(/^glance_ledger_commits_total 2$/m);
  expect(text).toMatch(/^glance_clock_skew_seconds\{peer="ntp"\} -2.5$/m);
});
