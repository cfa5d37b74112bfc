import { afterEach, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { MINUTE } from '../../shared/time.ts';
import { openRig, type Rig } from './rig.ts';

const Data = z.object({
  seq: z.number(),
  at: z.iso.datetime(),
  n: z.number(),
  hash: z.string(),
  patch: z.looseObject({}),
});

let rig: Rig;
let apiKey: string;
let account: string;
const stopping = new AbortController();

beforeEach(async () => {
  rig = await openRig();
  const made = await rig.register();
  apiKey = made.apiKey;
  account = made.principal.account ?? '';
});
afterEach(() => rig.close());

const grant = (id: string, to = account) =>
  rig.ledger.settle({
    account: to,
    actor: { principal: 'fin', scope: 'finance' },
    command: { kind: 'grant', id, amount: 1_000_000n, source: 'promo' },
  });

/** Opens the stream; `next` reads on until so many events are there, `rest` until it ends. */
async function listen(query = '', headers: Record<string, string> = {}, bearer = apiKey) {
  const response = await rig.api.request(`/events${query}`, {
    headers: { authorization: `Bearer ${bearer}`, ...headers },
  });
  const reader = response.body?.getReader();
  if (!reader) throw new Error('no body');
  const decoder = new TextDecoder();
  let text = '';
  const events = () =>
    text
      .split('\n\n')
      .filter((block) => block.includes('event: journal'))
      .map((block) => Data.parse(JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? '')));
  return {
    response,
    text: () => text,
    async next(count: number) {
      while (events().length < count) {
        const { done, value } = await reader.read();
        if (done) break;
        text += decoder.decode(value);
      }
      return events();
    },
    async rest() {
      for (let part = await reader.read(); !part.done; part = await reader.read())
        text += decoder.decode(part.value);
      return events();
    },
    close: () => reader.cancel(),
  };
}

test('all rows from the first on, then each as it is committed', async () => {
  await grant('g1');
  const stream = await listen();
  expect(stream.response.headers.get('content-type')).toContain('text/event-stream');
  const before = await stream.next(2);
  expect(before.map(({ seq }) => seq)).toEqual([1, 2]);
  await grant('g2');
  const [, , third] = await stream.next(3);
  expect(third).toMatchObject({
    seq: 3,
    n: 2,
    patch: { recent: { type: 'incentive', ref: 'g2' }, credits: { balance: '2' } },
  });
  expect(stream.text()).toMatch(/^retry: 2000\n\nid: 1\nevent: journal\n/);
  await stream.close();
});

test('after a row, and from the last event that was seen', async () => {
  for (const id of ['a', 'b', 'c', 'd']) await grant(id);
  const after = await listen('?after=2');
  expect((await after.next(3)).map(({ seq }) => seq)).toEqual([3, 4, 5]);
  await after.close();
  const resumed = await listen('?after=0', { 'last-event-id': '4' });
  expect((await resumed.next(1)).map(({ seq }) => seq)).toEqual([5]);
  await resumed.close();
  for (const [query, headers] of [
    ['?after=x', {}],
    ['', { 'last-event-id': '-1' }],
  ] as const) {
    const { status, body } = await rig.call(apiKey, 'GET', `/events${query}`, undefined, headers);
    expect([status, body.code]).toEqual([400, 'invalid_request']);
  }
});

test('a long journal comes whole, in order, and only as fast as it is read', async () => {
  await grant('g');
  const charge = (id: string) =>
    rig.ledger.settle({
      account,
      actor: { principal: 'vm', scope: 'service' },
      command: { kind: 'charge', id, amount: 1n, service: 'vm' },
    });
  await Promise.all(Array.from({ length: 998 }, (_, index) => charge(`c${index}`)));
  let reads = 0;
  const { journal } = rig.ledger;
  rig.ledger.journal = (...args) => {
    reads += 1;
    return journal.apply(rig.ledger, args);
  };
  const stream = await listen();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(reads).toBeLessThanOrEqual(2);
  expect((await stream.next(1000)).map(({ seq }) => seq)).toEqual(
    Array.from({ length: 1000 }, (_, index) => index + 1),
  );
  await stream.close();
});

test('nothing of another account', async () => {
  const other = (await rig.register()).principal.account ?? '';
  const stream = await listen('?after=1');
  await grant('theirs', other);
  await grant('ours');
  const [first] = await stream.next(1);
  expect(first?.patch).toMatchObject({ recent: { ref: 'ours' } });
  await stream.close();
});

test('it ends when the device is signed out, the token is over, the key revoked, or the server stops', async () => {
  const signIn = async () => (await rig.identity.signIn(apiKey, { name: 'Bot' })).accessToken;
  const signedOut = await listen('', {}, await signIn());
  await rig.call(await signIn(), 'GET', '/credits');
  const sessions = await rig.identity.listSessions(account);
  await Promise.all(sessions.map(({ id }) => rig.identity.revokeSession(id, account)));
  await signedOut.rest();

  const expired = await listen('', {}, await signIn());
  rig.pass(11 * MINUTE);
  await expired.rest();

  const byKey = await listen();
  const [principal] = await rig.identity.principals.list();
  await rig.identity.revoke(principal?.id ?? '');
  await byKey.rest();
  expect(rig.logged.filter(({ level }) => level === 'error')).toEqual([]);
}, 10_000);

test('a server that stops ends its streams at once, and leaves no listener behind', async () => {
  await rig.close();
  rig = await openRig({ stopping: stopping.signal });
  ({ apiKey } = await rig.register());
  const idle = rig.ledger.events.listenerCount('committed');
  const streams = await Promise.all(Array.from({ length: 16 }, () => listen()));
  const over = await rig.call(apiKey, 'GET', '/events');
  expect([over.status, over.body.code]).toEqual([429, 'rate_limited']);
  await streams[0]?.close();
  expect(rig.ledger.events.listenerCount('committed')).toBe(idle + 15);
  stopping.abort();
  await Promise.all(streams.slice(1).map((stream) => stream.rest()));
  expect(rig.ledger.events.listenerCount('committed')).toBe(idle);
});

test('asking for the head alone opens no stream', async () => {
  for (let count = 0; count < 20; count += 1) {
    const head = await rig.api.request('/events', {
      method: 'HEAD',
      headers: { authorization: `Bearer ${apiKey}` },
    });
    expect(head.status).toBe(200);
    expect(head.body).toBeNull();
  }
  const stream = await listen();
  expect(stream.response.status).toBe(200);
  expect((await stream.next(1))[0]?.seq).toBe(1);
  await stream.close();
});
