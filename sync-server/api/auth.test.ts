import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { MINUTE } from '../../shared/time.ts';
import { openRig, type Rig } from './rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await openRig();
});
afterEach(() => rig.close());

test('an API key buys tokens, the tokens open the account, and a refresh renews them', async () => {
  const { apiKey, account: id } = await rig.person();
  const json = { 'content-type': 'application/json' };
  const post = (path: string, body: object) =>
    rig.send('POST', path, { headers: json, body: JSON.stringify(body) });

  const signedIn = await post('/auth/token', { api_key: apiKey, device: { id: 'laptop-1', name: 'Laptop' } });
  expect(signedIn.status).toBe(200);
  expect(signedIn.body).toMatchObject({
    token_type: 'Bearer',
    expires_in: 600,
    account_id: id,
    device_id: 'laptop-1',
    scope: 'account',
  });
  expect((await rig.call(String(signedIn.body.access_token), 'GET', '/credits')).body).toMatchObject({
    balance: '0',
  });

  rig.pass(11 * MINUTE);
  expect((await rig.call(String(signedIn.body.access_token), 'GET', '/credits')).status).toBe(401);
  const renewed = await post('/auth/refresh', { refresh_token: signedIn.body.refresh_token });
  expect((await rig.call(String(renewed.body.access_token), 'GET', '/credits')).status).toBe(200);

  expect((await post('/auth/revoke', { refresh_token: renewed.body.refresh_token })).status).toBe(204);
  expect((await rig.call(String(renewed.body.access_token), 'GET', '/credits')).status).toBe(401);
  expect((await post('/auth/refresh', { refresh_token: renewed.body.refresh_token })).body.code).toBe(
    'unauthenticated',
  );
});

test('a device signs itself out with its access token', async () => {
  const { apiKey } = await rig.person();
  const tokens = await rig.identity.signIn(apiKey, { name: 'Laptop' });
  expect((await rig.call(tokens.accessToken, 'POST', '/auth/revoke')).status).toBe(204);
  expect((await rig.call(tokens.accessToken, 'GET', '/credits')).status).toBe(401);
});

test('an account sees its devices and signs one out; nobody else can', async () => {
  const { apiKey } = await rig.person();
  const laptop = await rig.identity.signIn(apiKey, { name: 'Laptop' });
  rig.pass(MINUTE);
  const phone = await rig.identity.signIn(apiKey, { name: 'Phone' });
  const { body } = await rig.call(phone.accessToken, 'GET', '/sessions');
  expect(body.items).toMatchObject([
    { device_name: 'Phone', current: true },
    {
      device_name: 'Laptop',
      current: false,
      device_id: laptop.device,
      last_seen_at: '2026-06-01T00:00:00.000Z',
    },
  ]);
  const { id } = z.array(z.object({ id: z.string() })).parse(body.items)[1] ?? { id: '' };
  const mallory = await rig.person();
  expect(await rig.call(mallory.apiKey, 'DELETE', `/sessions/${id}`)).toMatchObject({
    status: 404,
    body: { code: 'not_found' },
  });
  expect((await rig.call(phone.accessToken, 'DELETE', `/sessions/${id}`)).status).toBe(204);
  expect((await rig.call(laptop.accessToken, 'GET', '/credits')).status).toBe(401);
  expect((await rig.call(phone.accessToken, 'GET', '/credits')).status).toBe(200);
});
