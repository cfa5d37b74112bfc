// The main job in a real browser on a real server: sign in, buy, see it live, lose the server, get it back.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call, deliver, fund, paid } from '../tools/harness/api.ts';
import type { Delivery } from '../tools/harness/api.ts';
import { freshProfile, launch, part, shows, signIn } from '../tools/harness/extension.ts';
import type { InstalledExtension, Profile } from '../tools/harness/extension.ts';
import { startServerProcess } from '../tools/harness/server.ts';
import type { Account, ServerProcess } from '../tools/harness/server.ts';
import { until } from '../tools/harness/until.ts';

let server: ServerProcess;
let account: Account;

beforeAll(async () => {
  server = await startServerProcess();
  account = await server.createAccount('Ada');
});
afterAll(() => server?.dispose());

describe('a person with a new browser', () => {
  let profile: Profile;
  let installed: InstalledExtension;

  beforeAll(async () => {
    profile = freshProfile();
    installed = await launch(profile);
  });
  afterAll(async () => {
    await installed?.close();
    profile?.dispose();
  });

  test('signs in, buys credits, and reads them live, offline and live again', async () => {
    const options = await signIn(installed, server.url, account.api_key);
    await shows(options, 'connection', /Connected/);
    await options.close();

    const popup = await installed.openPopup();
    await shows(popup, 'balance', '$0.00');
    await shows(popup, 'sync', /^Updated \d{1,2}:\d{2}/);
    let loads = 0;
    popup.on('load', () => (loads += 1));

    await fund(server, account.api_key, '100');
    await shows(popup, 'balance', '$100.00');
    expect(loads, 'the popup was never reloaded').toBe(0);
    await until('the toolbar shows it too', async () => (await installed.badge()).text === '$100');

    await server.kill();
    await installed.close();
    installed = await launch(profile);
    const offline = await installed.openPopup();
    await shows(offline, 'balance', '$100.00');
    await shows(offline, 'sync', /^Offline, as of \d{1,2}:\d{2}/);

    await server.start();
    await shows(offline, 'sync', /^Updated/);
    await fund(server, account.api_key, '7');
    await shows(offline, 'balance', '$107.00');
    expect(await part(offline, 'sync')).toMatch(/^Updated/);
  });
});

describe('a webhook that must not count', () => {
  let purchase: { id: string; total: string };
  let foreign: string;

  beforeAll(async () => {
    const { body } = await call(server.url, '/credits/purchases', account.api_key, {
      amount: '100',
      method: 'card',
    });
    purchase = { id: String(body['id']), total: String(body['total']) };
    foreign = randomUUID();
  });

  async function seq(): Promise<unknown> {
    return (await call(server.url, '/credits', account.api_key)).body['seq'];
  }

  const cases: [string, number, string, () => Partial<Delivery>][] = [
    [
      'signed with another secret',
      401,
      'webhook_signature_invalid',
      () => ({ secret: `whsec_${btoa('another secret of 24 by')}` }),
    ],
    ['with a signature for another body', 401, 'webhook_signature_invalid', () => ({ signature: 'v1,AAAA' })],
    ['six minutes old', 401, 'webhook_timestamp', () => ({ at: new Date(Date.now() - 360_000) })],
    ['from six minutes ahead', 401, 'webhook_timestamp', () => ({ at: new Date(Date.now() + 360_000) })],
    [
      'with a huge body',
      413,
      'request_too_large',
      () => ({ body: `${paid(purchase.id, purchase.total)}${' '.repeat(300_000)}` }),
    ],
    ['with the amount 1e3', 400, 'invalid_amount', () => ({ body: paid(purchase.id, '1e3') })],
    [
      'with a number as amount',
      400,
      'invalid_amount',
      () => ({ body: paid(purchase.id, '103').replace('"103"', '103') }),
    ],
    ['cut short', 400, 'invalid_request', () => ({ body: paid(purchase.id, purchase.total).slice(0, 60) })],
    ['for an unknown purchase', 404, 'not_found', () => ({ body: paid(foreign, '103') })],
  ];

  test.for(cases)('%s is refused and writes nothing', async ([, status, code, change]) => {
    const before = await seq();
    const delivery = { secret: server.webhookSecret, body: paid(purchase.id, purchase.total), ...change() };
    const answer = await deliver(server.url, delivery);
    expect({ status: answer.status, code: answer.body['code'] }).toEqual({ status, code });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await seq()).toBe(before);
    expect(server.running).toBe(true);
  });

  test('another account cannot see the purchase', async () => {
    const other = await server.createAccount('Eve');
    const answer = await call(server.url, `/credits/purchases/${purchase.id}`, other.api_key);
    expect({ status: answer.status, code: answer.body['code'] }).toEqual({ status: 404, code: 'not_found' });
  });

  test('sent twice, and reported again under another id, it counts once', async () => {
    const before = Number((await call(server.url, '/credits', account.api_key)).body['balance']);
    const body = paid(purchase.id, purchase.total, 'pay_once');
    const first = await deliver(server.url, { id: 'msg_once', secret: server.webhookSecret, body });
    expect(first).toMatchObject({ status: 200, body: { duplicate: false } });
    const after = await seq();
    const again = await deliver(server.url, { id: 'msg_once', secret: server.webhookSecret, body });
    const other = await deliver(server.url, { id: 'msg_other', secret: server.webhookSecret, body });
    expect(again).toMatchObject({ status: 200, body: { duplicate: true } });
    expect(other.status).toBe(200);
    expect(await seq()).toBe(after);
    const credits = await call(server.url, '/credits', account.api_key);
    expect(Number(credits.body['balance']) - before).toBe(100);
  });
});
