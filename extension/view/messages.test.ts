import { beforeEach, expect, type Mock, test, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import type { Handlers } from './messages.ts';

const ORIGIN = 'chrome-extension://abc/';
const PAGE = { url: `${ORIGIN}options.html` };

type Answer = { res?: unknown; err?: { message?: string } } | undefined;
let handlers: { [Name in keyof Handlers]: Mock<Handlers[Name]> };
let deliver: (message: object, sender: object) => Promise<Answer>;

beforeEach(async () => {
  fakeBrowser.reset();
  vi.resetModules();
  handlers = {
    connect: vi.fn<Handlers['connect']>(() => Promise.resolve('refused' as const)),
    sign_out: vi.fn<Handlers['sign_out']>(() => Promise.resolve()),
    refresh: vi.fn<Handlers['refresh']>(() => Promise.resolve(true)),
    status: vi.fn<Handlers['status']>(() =>
      Promise.resolve({ server: null, device_name: null, signed_in: false }),
    ),
  };
  let listener: ((message: object, sender: object, respond: (answer: Answer) => void) => boolean) | undefined;
  vi.spyOn(fakeBrowser.runtime.onMessage, 'addListener').mockImplementation((added) => {
    listener = added as unknown as typeof listener; // the fake's type has promises, the browser callbacks
  });
  const fresh = await import('./messages.ts');
  fresh.answerMessages(ORIGIN, handlers);
  deliver = (message, sender) =>
    new Promise((resolve) => {
      if (!listener?.({ timestamp: 1, ...message }, sender, resolve)) resolve(undefined);
    });
});

const request = { server: 'https://glance.example', api_key: 'key', device_name: 'Laptop' };

test('a page connects, and hears why it did not work', async () => {
  expect(await deliver({ type: 'connect', data: request }, PAGE)).toEqual({ res: { error: 'refused' } });
  expect(handlers.connect).toHaveBeenCalledWith(request);
});

test.each([
  [{ ...request, api_key: 'k'.repeat(513) }],
  [{ ...request, server: 7 }],
  [{ server: request.server }],
  [null],
])('a request of another shape is not acted on: %o', async (data) => {
  expect(await deliver({ type: 'connect', data }, PAGE)).toEqual({ res: { error: 'invalid_request' } });
  expect(handlers.connect).not.toHaveBeenCalled();
});

test.each([
  { url: 'https://cloud.io.net/', id: 'abc' },
  { url: 'chrome-extension://abcd/options.html' },
  { url: 'https://evil.example/#chrome-extension://abc/' },
  {},
])('only our own pages may ask: not %o', async (sender) => {
  for (const type of ['connect', 'sign_out', 'refresh', 'status']) {
    const answer = await deliver({ type, data: request }, sender);
    expect(answer?.res).toBeUndefined();
    expect(answer?.err?.message).toContain('Only a page of this extension');
  }
  for (const handler of Object.values(handlers)) expect(handler).not.toHaveBeenCalled();
});

test('what nobody knows is left to others', async () => {
  expect(await deliver({ type: 'grant_credits' }, PAGE)).toBeUndefined();
});
