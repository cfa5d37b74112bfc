import { beforeEach, expect, type Mock, test, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { answerMessages, type Handlers } from './answer.ts';
import { send } from './messages.ts';

const ORIGIN = 'chrome-extension://abc/';
const PAGE = { url: `${ORIGIN}options.html` };

type Reply = { value?: unknown; error?: string } | undefined;
let handlers: { [Name in keyof Handlers]: Mock<Handlers[Name]> };
let deliver: (message: unknown, sender: object) => Promise<Reply>;

beforeEach(() => {
  fakeBrowser.reset();
  const unused = () => vi.fn(() => Promise.reject(new Error('not in this test')));
  handlers = {
    connect: vi.fn<Handlers['connect']>(() => Promise.resolve({ error: 'refused' })),
    sign_out: vi.fn<Handlers['sign_out']>(() => Promise.resolve({ waiting: 2 })),
    wipe: unused(),
    refresh: vi.fn<Handlers['refresh']>(() => Promise.resolve(true)),
    status: unused(),
    propose: vi.fn<Handlers['propose']>(({ id }) => Promise.resolve({ ok: true, id, state: 'waiting' })),
    cancel: unused(),
    dismiss: unused(),
    page: unused(),
    remote: unused(),
    ionet: unused(),
  };
  let listener: ((message: unknown, sender: object, respond: (reply: Reply) => void) => boolean) | undefined;
  vi.spyOn(fakeBrowser.runtime.onMessage, 'addListener').mockImplementation((added) => {
    listener = added as unknown as typeof listener; // the fake's type has promises, the browser callbacks
  });
  answerMessages(ORIGIN, handlers);
  deliver = (message, sender) =>
    new Promise((resolve) => {
      if (!listener?.(message, sender, resolve)) resolve(undefined);
    });
  // As in Chrome, a message travels as JSON: a field that is undefined does not arrive.
  // The fake's type is that of the callback variant, ours is the promise one.
  const travel: (message: unknown) => Promise<unknown> = (message) =>
    deliver(JSON.parse(JSON.stringify(message)), PAGE);
  Object.assign(fakeBrowser.runtime, { sendMessage: vi.fn(travel) });
});

const request = { server: 'https://glance.example', api_key: 'key', device_name: 'Laptop' };
const proposal = { id: '0199c0de-0000-7000-8000-000000000001', kind: 'withdrawal.cancel', body: { id: 'w' } };

test('a page connects, and hears why it did not work', async () => {
  expect(await send('connect', request)).toEqual({ error: 'refused' });
  expect(handlers.connect).toHaveBeenCalledWith(request);
});

test('a page asks and reads the answer; an error of the worker is an error of the page', async () => {
  expect(await send('refresh')).toBe(true);
  expect(await send('sign_out', true)).toEqual({ waiting: 2 });
  expect(handlers.sign_out).toHaveBeenCalledWith(true);
  expect(await send('propose', proposal)).toEqual({ ok: true, id: proposal.id, state: 'waiting' });
  await expect(send('status')).rejects.toThrow('not in this test');
});

test.each([
  ['connect', { ...request, api_key: 'k'.repeat(513) }],
  ['connect', { ...request, server: 7 }],
  ['connect', { server: request.server }],
  ['connect', null],
  ['propose', { ...proposal, id: 'short' }],
  ['propose', { ...proposal, body: 'text' }],
  ['propose', { ...proposal, kind: '' }],
  ['page', { k: 1 }],
  ['page', -1],
  ['page', 1.5],
  ['sign_out', 'yes'],
])('a request of another shape is not acted on: %s %o', async (name, data) => {
  expect(await deliver({ name, data }, PAGE)).toEqual({ error: 'The request is not as its message says.' });
  for (const handler of Object.values(handlers)) expect(handler).not.toHaveBeenCalled();
});

test.each([
  { url: 'https://cloud.io.net/', id: 'abc' },
  { url: 'chrome-extension://abcd/options.html' },
  { url: 'https://evil.example/#chrome-extension://abc/' },
  {},
])('only our own pages may ask: not %o', async (sender) => {
  for (const [name, data] of Object.entries({
    connect: request,
    propose: proposal,
    sign_out: true,
    wipe: true,
  })) {
    const reply = await deliver({ name, data }, sender);
    expect(reply).toEqual({ error: 'Only a page of this extension may ask for that.' });
  }
  for (const handler of Object.values(handlers)) expect(handler).not.toHaveBeenCalled();
});

test.each([{ name: 'grant_credits' }, { name: '__proto__' }, { name: 7 }, null, 'connect'])(
  'what nobody knows is left to others: %o',
  async (message) => expect(await deliver(message, PAGE)).toBeUndefined(),
);
