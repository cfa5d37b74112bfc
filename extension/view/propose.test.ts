import { beforeEach, expect, test, vi } from 'vitest';
import { browser } from 'wxt/browser';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { newIntentId, propose } from './propose.ts';

beforeEach(() => fakeBrowser.reset());
const sent = () => vi.spyOn(browser.runtime, 'sendMessage');

test('a proposal goes out under an id of its own', async () => {
  const message = sent().mockResolvedValue({ value: { ok: true, id: 'x', state: 'waiting' } } as never);
  await propose('plan.choose', { plan: 'pro' });
  await propose('plan.choose', { plan: 'pro' });
  const ids = message.mock.calls.map(
    (call: unknown[]) => JSON.stringify(call[0]).match(/[0-9a-f-]{36}/)?.[0],
  );
  expect(new Set(ids).size).toBe(2);
  expect(message.mock.calls[0]?.[0]).toMatchObject({
    name: 'propose',
    data: { kind: 'plan.choose', body: { plan: 'pro' } },
  });
});

test('a worker that died on the way is asked again, under the same id', async () => {
  const id = newIntentId();
  const message = sent()
    .mockRejectedValueOnce(new Error('The message port closed before a response was received.'))
    .mockResolvedValueOnce({ value: { ok: true, id, state: 'waiting' } } as never);
  expect(await propose('withdrawal.cancel', { id: 'w' }, id)).toEqual({ ok: true, id, state: 'waiting' });
  expect(message).toHaveBeenCalledTimes(2);
  expect(message.mock.calls[0]).toEqual(message.mock.calls[1]);
});

test('one that never answers is an error, not a silence', async () => {
  sent().mockResolvedValue(undefined);
  await expect(propose('withdrawal.cancel', { id: 'w' })).rejects.toThrow('did not answer');
});

test('ids are UUIDv7: they sort by time', () => {
  const ids = [1, 2, 3].map(() => newIntentId());
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
