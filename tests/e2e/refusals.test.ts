// Refusals in a real browser: each kind of change that the server may refuse says why, in words, and costs nothing; what
// was right when it was asked for and is not any more says so where it was asked.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newIntentId } from '../../extension/view/propose.ts';
import type { IntentKind } from '../../shared/intents.ts';
import { call, fund } from '../tools/harness/api.ts';
import { goTo, press, reads, sees, write } from '../tools/harness/panel.ts';
import { Person } from '../tools/harness/person.ts';
import { type Account, type ServerProcess, startServerProcess } from '../tools/harness/server.ts';
import { until } from '../tools/harness/until.ts';
import { tapWire, type Wire } from '../tools/harness/wire.ts';

const SOLANA = '7nYyVr1vH3bYw5sG6sQm7r8QkYx2q1ZpT9u4J3dWcNfa';
const APTOS = `0x${'a1'.repeat(32)}`;
const OTHER_APTOS = `0x${'b2'.repeat(32)}`;
const BACK_MS = 60_000;

let server: ServerProcess;
let wire: Wire;
let account: Account;
let service: string;
let finance: string;
let person: Person;
let cluster: string;

const post = async (path: string, key: string, body: unknown, status: number) => {
  const answer = await call(server.url, path, key, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(status);
  return answer.body;
};
const get = async (path: string) => (await call(server.url, path, account.api_key)).body;

beforeAll(async () => {
  server = await startServerProcess();
  wire = await tapWire(server.port);
  account = await server.createAccount('Ada Lovelace');
  service = await server.createIdentity('service');
  finance = await server.createIdentity('finance');
  await fund(server, account.api_key, '100');
  const wish = { name: 'vllm-prod-eu', type: 'container', device: 'L40S', quantity: 1, hours: 10 };
  const made = await post('/deployments', account.api_key, { ...wish, payment_method: 'credits' }, 201);
  cluster = String(made['id']);
  for (const status of ['deploying', 'running'])
    await post(
      `/service/deployments/${cluster}/status`,
      service,
      { status, at: new Date().toISOString() },
      200,
    );
  person = await Person.at(wire.url, account.api_key);
});
afterAll(async () => {
  await person?.dispose();
  await wire?.dispose();
  await server?.dispose();
});

/** What the ledger refuses of each kind, and how that reads. */
const REFUSED: Record<IntentKind, [body: () => Record<string, unknown>, words: RegExp]> = {
  'purchase.start': [() => ({ amount: '0.5', method: 'usdc' }), /Purchase.*below the minimum.*\+\$0\.50/],
  'withdrawal.request': [
    () => ({ amount: '500', wallet_address: SOLANA }),
    /Request withdrawal.*Not enough credits.*-\$500\.00/,
  ],
  'withdrawal.cancel': [() => ({ id: 'none' }), /Cancel withdrawal.*not there any more/],
  'deployment.extend': [
    () => ({ id: cluster, hours: 8_000 }),
    /Extend vllm-prod-eu.*(Not enough credits|allowance is used up)/,
  ],
  'deployment.end': [() => ({ id: 'none' }), /End a cluster.*not there any more/],
  'plan.choose': [() => ({ plan: 'gold' }), /Change plan.*cannot be carried out/],
  'profile.set': [() => ({ timezone: 'Mars/Olympus' }), /Change profile.*cannot be carried out/],
  'wallet.add': [() => ({ chain: 'solana', address: 'no wallet' }), /Add wallet.*cannot be carried out/],
  'wallet.remove': [() => ({ id: 'none' }), /Remove wallet.*not there any more/],
  'wallet.primary': [() => ({ id: 'none' }), /Change primary wallet.*not there any more/],
  'alerts.set': [() => ({ balance: '-20' }), /Change alerts.*cannot be read/],
  'notice.seen': [() => ({ id: 'none' }), /Mark as read.*not there any more/],
  'terms.accept': [() => ({ version: 'never' }), /Accept the terms.*changed meanwhile/],
};

/** Asks as a page does, around what its forms would not let through. */
async function ask(kind: string, body: Record<string, unknown>): Promise<string> {
  const id = newIntentId();
  expect(await person.ask('propose', { id, kind, body })).toMatchObject({ ok: true });
  return `[data-proposal="${id}"]`;
}

test.each(Object.entries(REFUSED))(
  '%s: refused, said in words, and gone once read',
  async (kind, [body, words]) => {
    const before = await get('/credits');
    await goTo(person.panel, '#billing');
    const row = await ask(kind, body());
    const said = await sees(person.panel, `${row} .bad`, /./);
    expect(said).not.toMatch(/Refused:|undefined|NaN/);
    expect(await reads(person.panel, row)).toMatch(words);
    expect(await get('/credits')).toEqual(before);
    await press(person.panel, `${row} small button`);
    await until('it is gone', async () => (await person.panel.$(row)) === null);
  },
);

test('to a wallet that is none nothing is withdrawn', async () => {
  await goTo(person.panel, '#billing');
  const row = await ask('withdrawal.request', { amount: '5', wallet_address: 'no wallet at all' });
  await sees(person.panel, row, /cannot be carried out.*-\$5\.00/);
  expect(await get('/credits')).toMatchObject({ reserved: '0' });
  await press(person.panel, `${row} small button`);
});

test('what was right when it was asked for and is not any more says so where it was asked', async () => {
  const { panel } = person;
  const request = { amount: '20', wallet_address: SOLANA };
  const open = await post('/credits/withdrawals', account.api_key, request, 201);
  await goTo(panel, '#billing');
  await sees(panel, '[data-withdrawal]', /-\$20\.00/);
  wire.cut = true;
  await sees(panel, '[data-part=sync]', /^Offline/, 30_000);

  await press(panel, '[data-part=cancel-withdrawal]');
  await press(panel, '[data-part=cancel-dialog] [data-part=confirm]');
  await sees(panel, '[data-withdrawal]', /Cancelling/);
  await goTo(panel, '#billing/withdraw');
  await write(panel, 'address', SOLANA);
  await write(panel, 'amount', '60');
  await press(panel, '[data-part=request]');
  await sees(panel, '[data-part=toast]', /Kept here, sent when/);
  await goTo(panel, `#cloud/cluster/${cluster}`);
  await press(panel, '[data-part=extend]');
  await write(panel, 'hours', '50');
  await sees(panel, '[data-part=extend-submit]', /Extend for \$32\.00/);
  await press(panel, '[data-part=extend-submit]');
  await sees(panel, '[data-part=extend-form] [data-part=waiting-note]', /Offline/);
  await goTo(panel, '#settings/wallets');
  await write(panel, 'wallet_address', APTOS);
  await press(panel, '[data-part=add-wallet]');
  await sees(panel, '[data-part=wallets] [data-part=waiting-note]', /Offline/);

  await post(`/finance/withdrawals/${String(open['id'])}/approve`, finance, {}, 200);
  const charge = { account_id: account.account_id, id: 'meanwhile', amount: '60', service: 'vm' };
  await post('/service/charges', service, charge, 201);
  await post('/wallets', account.api_key, { chain: 'aptos', address: OTHER_APTOS }, 201);
  const before = await get('/credits');
  wire.cut = false;

  await sees(panel, '[data-part=wallets] [data-part=refusal]', /cannot be carried out/, BACK_MS);
  await sees(panel, `[data-wallet="${OTHER_APTOS}"]`, /Aptos/);
  await goTo(panel, '#overview');
  await sees(panel, '[data-part=banner]', /was not|refused/);
  await goTo(panel, `#cloud/cluster/${cluster}`);
  await sees(panel, '[data-part=extend-form] [data-part=refusal]', /Not enough credits|allowance is used up/);
  await goTo(panel, '#billing');
  await sees(panel, '[data-part=refusal]', /can no longer be cancelled/);
  await sees(panel, '[data-part=pending]', /Request withdrawal.*Not enough credits.*-\$60\.00/);
  expect(await get('/credits')).toEqual(before);
});

test('a closed account: the plan stays, nothing is bought, and the form keeps what was typed', async () => {
  const { panel } = person;
  await goTo(panel, '#intelligence');
  await sees(panel, '[data-plan=standard]', /Current/);
  const answer = await fetch(`${server.url}/finance/accounts/${account.account_id}`, {
    method: 'PATCH',
    headers: {
      authorization: `Bearer ${finance}`,
      'content-type': 'application/json',
      'idempotency-key': newIntentId(),
    },
    body: JSON.stringify({ state: 'closed' }),
  });
  expect(answer.status).toBe(200);
  await press(panel, '[data-plan=professional] [data-part=choose]');
  await press(panel, '[data-part=plan-dialog] [data-part=confirm]');
  await sees(panel, '[data-part=plans] [data-part=refusal]', /account is closed.*Contact support/);
  expect(await get('/plan')).toMatchObject({ plan: 'standard' });

  await goTo(panel, '#billing/purchase');
  await write(panel, 'amount', '25');
  await press(panel, '[data-part=pay]');
  await sees(panel, '[data-part=purchase-form] [data-part=refusal]', /account is closed/);
  expect(await panel.$eval('#amount', (field) => (field as HTMLInputElement).value)).toBe('25');
  expect((await get('/credits/purchases'))['items']).toHaveLength(1);
});
