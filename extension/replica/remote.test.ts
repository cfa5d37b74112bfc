import { expect, test } from 'vitest';
import { createRemote, REMOTE_CALLS } from './remote.ts';
import { NoTokenError, type Session } from './session.ts';

const session = (token: () => Promise<string>) =>
  ({ record: { server: 'https://glance.example' }, accessToken: token }) as unknown as Session; // what the call needs of it
const signedIn = session(async () => 'token-1');

function server(status: number, body: unknown) {
  const asked: { url: string; init: RequestInit | undefined }[] = [];
  const call: typeof fetch = async (url, init) => {
    asked.push({ url: url instanceof Request ? url.url : String(url), init });
    return new Response(status === 204 ? null : JSON.stringify(body), { status });
  };
  return { asked, call };
}

test('a call goes to this device’s server with its token; what changes something has a key of its own', async () => {
  const { asked, call } = server(200, { items: [] });
  const remote = createRemote({ fetch: call, session: signedIn, id: () => 'key-0123456789ab' });
  expect(await remote('GET /plans')).toEqual({ ok: true, body: { items: [] } });
  await remote('DELETE /sessions/s1');
  expect(asked.map(({ url }) => url)).toEqual([
    'https://glance.example/plans',
    'https://glance.example/sessions/s1',
  ]);
  expect(asked[0]?.init?.headers).toEqual({ authorization: 'Bearer token-1' });
  expect(asked[1]?.init?.headers).toMatchObject({ 'idempotency-key': 'key-0123456789ab' });
});

test.each([
  'POST /credits/purchases',
  'GET /plans/../credits',
  'DELETE /sessions/a/b',
  'GET https://evil.example',
])('the token never leaves for %s', async (wanted) => {
  const { asked, call } = server(200, {});
  const remote = createRemote({ fetch: call, session: signedIn, id: () => 'k' });
  expect(await remote(wanted)).toEqual({ ok: false, error: 'refused' });
  expect(asked).toEqual([]);
  expect(REMOTE_CALLS.test(wanted)).toBe(false);
});

test('no, not now and signed out are told apart', async () => {
  const ask = (call: typeof fetch, own = signedIn) =>
    createRemote({ fetch: call, session: own, id: () => 'k' })('GET /sessions');
  expect(await ask(server(404, {}).call)).toEqual({ ok: false, error: 'refused' });
  expect(await ask(server(503, {}).call)).toEqual({ ok: false, error: 'offline' });
  expect(await ask(() => Promise.reject(new TypeError('no network')))).toEqual({
    ok: false,
    error: 'offline',
  });
  const out = session(() => Promise.reject(new NoTokenError('signed_out')));
  expect(await ask(server(200, {}).call, out)).toEqual({ ok: false, error: 'signed_out' });
});
