import { expect, test } from 'vitest';
import { formatAmount, parseAmount } from '../../shared/money.ts';
import { DAY, HOUR, MINUTE, toRfc3339 } from '../../shared/time.ts';
import { SERVICE, START, USER } from './test-ledger.ts';
import { codes, funded, notices, running, says, shown, wish } from './test-deployments.ts';

test('held when it is asked for, captured when it runs, completed when its booked time ends', () => {
  const ledger = funded();
  const made = ledger.ok(USER, wish());
  expect(made).toMatchObject({
    id: 'd1',
    status: 'deployment requested',
    held: '15',
    paid: '0',
    hold: { status: 'authorized', amount: '15' },
  });
  expect(ledger.credits()).toMatchObject({ available: '85', held: '15', balance: '100' });
  says(ledger, 'deploying');
  expect(shown(ledger)).toMatchObject({ status: 'deploying', held: '15', started_at: null });
  ledger.now = START + 20 * MINUTE;
  expect(says(ledger, 'running')).toMatchObject({
    status: 'running',
    paid: '15',
    held: '0',
    refundable: '10',
  });
  expect(ledger.credits()).toMatchObject({ available: '85', held: '0', balance: '85' });
  expect(ledger.history().at(-1)).toBe('usage -15 completed = 85');
  expect(ledger.rows.at(-1)?.patch.recent).toMatchObject({ service: 'vm', ref: 'd1' });
  expect(ledger.due).toBe(START + 20 * MINUTE + 3 * HOUR);
  ledger.now = START + DAY;
  ledger.credits();
  expect(shown(ledger)).toMatchObject({
    status: 'completed',
    ended_at: toRfc3339(START + 20 * MINUTE + 3 * HOUR),
    served: '15',
    served_ms: 3 * HOUR,
    refunded: '0',
    refundable: '0',
  });
  expect(ledger.credits().available).toBe('85');
  expect(codes(ledger).at(-1)).toBe('deployment_ended');
});

test.each([
  // Domain.md 2: three hours prepaid, ended at 1.2 hours, 1.8 hours come back.
  ['vm', 1.2 * HOUR, '9'],
  ['vm', 0.5 * HOUR, '10'],
  ['vm', HOUR, '10'],
  ['container', 0.5 * HOUR, '12.5'],
  ['baremetal', 0, '15'],
  // One millisecond costs 5 / 3,600,000 credits: floored to the micro.
  ['ray', 1, '14.999999'],
] as const)('%s ended after %d ms: %s come back', (type, after, back) => {
  const ledger = running({ type });
  ledger.now = START + after;
  const said = ledger.ok(USER, { kind: 'deployment.end', id: 'd1' });
  expect(said).toMatchObject({ status: 'termination requested', refunded: back, refundable: '0' });
  expect(ledger.credits().available).toBe(formatAmount(85_000_000n + parseAmount(back)));
  expect(notices(ledger).at(-1)).toMatchObject({
    code: 'refund_arrived',
    subject: 'd1',
    facts: { amount: back, name: 'vllm-prod-eu' },
  });
  const rows = ledger.rows.length;
  expect(ledger.ok(USER, { kind: 'deployment.end', id: 'd1' })).toMatchObject({ refunded: back });
  expect(ledger.rows).toHaveLength(rows);
  ledger.now += MINUTE;
  says(ledger, 'destroyed');
  expect(shown(ledger)).toMatchObject({ status: 'destroyed', ended_at: toRfc3339(START + after) });
});

test('a stop that nobody confirms ends by itself after an hour', () => {
  const ledger = running();
  ledger.now = START + 2 * HOUR;
  ledger.ok(USER, { kind: 'deployment.end', id: 'd1' });
  expect(ledger.due).toBe(START + 3 * HOUR);
  ledger.now = START + 3 * HOUR;
  ledger.credits();
  expect(shown(ledger)).toMatchObject({
    status: 'terminated',
    served_ms: 2 * HOUR,
    ended_at: toRfc3339(START + 2 * HOUR),
  });
  expect(ledger.due).toBeNull();
});

test('without enough credits it waits five minutes, and a top-up starts it', () => {
  const ledger = funded('1');
  const said = ledger.ok(USER, wish());
  expect(said).toMatchObject({
    status: 'unpaid',
    deadline: toRfc3339(START + 5 * MINUTE),
    shortfall: '14',
    hold: { status: 'pending_payment', top_up: { crypto: { total: '14' } } },
  });
  expect(notices(ledger).at(-1)).toMatchObject({ code: 'deployment_unpaid', facts: { shortfall: '14' } });
  expect(ledger.code(SERVICE, { kind: 'deployment.status', id: 'd1', status: 'running', at: START })).toBe(
    'hold_not_open',
  );
  ledger.now = START + 5 * MINUTE;
  ledger.fund('14');
  expect(shown(ledger)).toMatchObject({
    status: 'deployment requested',
    held: '15',
    deadline: null,
    shortfall: null,
  });
});

test('not topped up in time it fails; told to fail at once it never is', () => {
  const ledger = funded('1');
  ledger.ok(USER, wish());
  ledger.now = START + 5 * MINUTE + 1;
  expect(ledger.credits()).toMatchObject({ available: '1', held: '0' });
  expect(shown(ledger)).toMatchObject({ status: 'failed', reason: 'grace_expired' });
  expect(notices(ledger).at(-1)).toMatchObject({
    code: 'deployment_failed',
    facts: { reason: 'grace_expired' },
  });
  expect(ledger.code(USER, wish({ id: 'd2', on_insufficient: 'fail' }))).toBe('insufficient_credits');
});

test('cancelled before it runs, everything is free again', () => {
  for (const credits of ['100', '1']) {
    const ledger = funded(credits);
    ledger.ok(USER, wish());
    expect(ledger.ok(USER, { kind: 'deployment.end', id: 'd1' })).toMatchObject({
      status: 'failed',
      reason: 'cancelled',
      hold: { status: 'void' },
    });
    expect(ledger.credits()).toMatchObject({ available: credits, held: '0' });
    expect(codes(ledger)).not.toContain('deployment_failed');
  }
});

test('a provider that never comes loses the hold; one that is at work keeps it for a day', () => {
  const silent = funded();
  silent.ok(USER, wish());
  silent.now = START + 15 * MINUTE + 1;
  expect(silent.credits()).toMatchObject({ available: '100', held: '0' });
  expect(shown(silent)).toMatchObject({ status: 'failed', reason: 'hold_expired' });
  const slow = funded();
  slow.ok(USER, wish());
  says(slow, 'deploying');
  slow.now = START + DAY;
  expect(says(slow, 'running')).toMatchObject({ paid: '15', started_at: toRfc3339(START + DAY) });
});

test('unknown words are kept as they come, late and repeated ones change nothing', () => {
  const ledger = running();
  says(ledger, 'hibernating');
  expect(shown(ledger)).toMatchObject({ status: 'hibernating', paid: '15' });
  says(ledger, 'running');
  const rows = ledger.rows.length;
  says(ledger, 'running');
  expect(ledger.rows).toHaveLength(rows);
  ledger.now = START + HOUR;
  says(ledger, 'terminated');
  expect(shown(ledger)).toMatchObject({ status: 'terminated', refunded: '10' });
  says(ledger, 'running');
  expect(shown(ledger).status).toBe('terminated');
  says(ledger, 'destroyed');
  expect(shown(ledger)).toMatchObject({ status: 'destroyed', refunded: '10' });
  expect(ledger.code(SERVICE, { kind: 'deployment.status', id: 'd1', status: 'unpaid', at: START })).toBe(
    'invalid_request',
  );
});

test('the provider’s instant counts, within what can be true', () => {
  const ledger = funded();
  ledger.ok(USER, wish());
  ledger.now = START + 10 * MINUTE;
  ledger.ok(SERVICE, { kind: 'deployment.status', id: 'd1', status: 'running', at: START + 4 * MINUTE });
  expect(shown(ledger)).toMatchObject({
    started_at: toRfc3339(START + 4 * MINUTE),
    ends_at: toRfc3339(START + 4 * MINUTE + 3 * HOUR),
    served_ms: 6 * MINUTE,
  });
  ledger.ok(SERVICE, { kind: 'deployment.status', id: 'd1', status: 'terminated', at: START + DAY });
  expect(shown(ledger).ended_at).toBe(toRfc3339(START + 10 * MINUTE));
});

test('the same request is one deployment, another one under its id is refused', () => {
  const ledger = funded();
  const first = ledger.ok(USER, wish());
  expect(ledger.settle(USER, wish(), { key: 'another-key-of-16' })).toMatchObject({
    ok: true,
    answer: first,
  });
  expect(ledger.code(USER, wish({ hours: 4 }))).toBe('duplicate_id');
  expect(ledger.code(USER, wish({ id: 'd3', hours: 0 }))).toBe('invalid_request');
  expect(ledger.code(USER, wish({ id: 'd3', quantity: 1.5 }))).toBe('invalid_request');
  expect(ledger.code(USER, wish({ id: 'd3', name: '' }))).toBe('invalid_request');
  expect(ledger.code(USER, wish({ id: 'd3', hourly: 999_999_000_000n }))).toBe('amount_too_large');
  expect(ledger.credits().held).toBe('15');
});

test('a notice is seen once, for all devices', () => {
  const ledger = running();
  ledger.ok(USER, { kind: 'deployment.end', id: 'd1' });
  const id = notices(ledger).at(-1)?.id ?? '';
  ledger.now = START + HOUR;
  expect(ledger.ok(USER, { kind: 'notice.seen', id })).toMatchObject({
    id,
    seen_at: toRfc3339(START + HOUR),
  });
  const rows = ledger.rows.length;
  ledger.now = START + 2 * HOUR;
  expect(ledger.ok(USER, { kind: 'notice.seen', id })).toMatchObject({ seen_at: toRfc3339(START + HOUR) });
  expect(ledger.rows).toHaveLength(rows);
  expect(ledger.code(USER, { kind: 'notice.seen', id: 'nope' })).toBe('not_found');
});

test('a hundred deployments may be open at once, no more', () => {
  const ledger = funded('2000');
  for (let n = 0; n < 100; n += 1) ledger.ok(USER, wish({ id: `d${n}` }));
  expect(ledger.code(USER, wish({ id: 'more' }))).toBe('rate_limited');
  ledger.ok(USER, { kind: 'deployment.end', id: 'd0' });
  ledger.ok(USER, wish({ id: 'more' }));
});
