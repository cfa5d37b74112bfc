// The side panel: money and machines, from the click to the ledger and back on a second device.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call, deliver, fund, paid } from '../tools/harness/api.ts';
import { goTo, press, reads, sees, write } from '../tools/harness/panel.ts';
import { Person } from '../tools/harness/person.ts';
import { type Account, type ServerProcess, startServerProcess } from '../tools/harness/server.ts';
import { until } from '../tools/harness/until.ts';

const SOLANA = '7nYyVr1vH3bYw5sG6sQm7r8QkYx2q1ZpT9u4J3dWcNfa';

let server: ServerProcess;
let account: Account;
let service: string;
let laptop: Person;
let desk: Person;

beforeAll(async () => {
  server = await startServerProcess();
  account = await server.createAccount('Ada Lovelace');
  service = await server.createIdentity('service');
  await fund(server, account.api_key, '200');
  laptop = await Person.at(server.url, account.api_key);
  desk = await Person.at(server.url, account.api_key);
});
afterAll(async () => {
  await Promise.all([laptop, desk].map((person) => person?.dispose()));
  await server?.dispose();
});

const get = async (path: string) => (await call(server.url, path, account.api_key)).body;
const both = (place: string) => Promise.all([goTo(laptop.panel, place), goTo(desk.panel, place)]);

test('Overview says the balance, what is held, and the last transaction, on the real side panel', async () => {
  await sees(laptop.panel, '[data-part=balance]', /^\$200\.00$/);
  await sees(laptop.panel, '[data-part=recent]', /Purchase.*\+\$200\.00/);
  expect(await sees(laptop.panel, '[data-part=getting-started]', /2 of 7 done/)).toContain(
    'Deploy your first cluster',
  );
});

test('purchase: the fee is known before, wrong amounts are not sent, input is kept, and credits arrive', async () => {
  await goTo(laptop.panel, '#billing/purchase');
  await write(laptop.panel, 'amount', '0.5');
  await sees(laptop.panel, '#amount-error', /At least \$1\.00/);
  expect(await reads(laptop.panel, '[data-part=pay][aria-disabled=true]')).toBe('Correct the amount');
  await write(laptop.panel, 'amount', '');
  await sees(laptop.panel, '[data-part=pay][aria-disabled=true]', /^Enter an amount$/);
  await press(laptop.panel, 'input[value=card]');
  await write(laptop.panel, 'amount', '25.005');
  await sees(laptop.panel, '#amount-error', /whole cents/);
  await write(laptop.panel, 'amount', '25');
  await sees(laptop.panel, 'form[data-part=purchase-form]', /Payment provider fee \$0\.75 You pay \$25\.75/);

  await laptop.panel.reload();
  await sees(laptop.panel, '[data-part=pay]', /^Pay \$25\.75 by card$/);
  expect(await laptop.panel.$eval('#amount', (field) => (field as HTMLInputElement).value)).toBe('25');

  await press(laptop.panel, '[data-part=pay]');
  await sees(laptop.panel, '[data-part=purchase-started]', /\$25\.75 to pay/);
  await goTo(desk.panel, '#billing');
  await sees(desk.panel, '[data-part=pending]', /Purchase.*waiting for payment.*\+\$25\.00 Open payment/);
  const href = await desk.panel.$eval('[data-part=open-payment]', (link) => link.getAttribute('href'));
  expect(href).toMatch(new RegExp(`^${server.url}/pay/`));

  const id = href?.split('/').at(-1) ?? '';
  const body = paid(id, '25.75');
  expect((await deliver(server.url, { secret: server.webhookSecret, body })).status).toBe(200);
  await sees(laptop.panel, '[data-part=purchase-started]', /\$25\.00 arrived/);
  await sees(desk.panel, '[data-part=balance]', /^\$225\.00$/);
  await press(laptop.panel, '[data-part=done]');
});

test('withdrawal: not more than can be withdrawn, requested on one device, cancelled on the other', async () => {
  await goTo(laptop.panel, '#billing/withdraw');
  await write(laptop.panel, 'amount', '225.01');
  await sees(laptop.panel, '#amount-error', /Only \$225\.00 can be withdrawn/);
  await sees(laptop.panel, '[data-part=request][aria-disabled=true]', /^Correct the amount$/);
  await write(laptop.panel, 'address', 'not an address');
  await sees(laptop.panel, '#address-error', /neither a Solana nor an Aptos/);
  await write(laptop.panel, 'amount', '20');
  await sees(laptop.panel, '[data-part=request][aria-disabled=true]', /^Correct the address$/);
  await write(laptop.panel, 'address', '');
  await sees(laptop.panel, '[data-part=request][aria-disabled=true]', /^Enter a wallet address$/);
  await write(laptop.panel, 'address', SOLANA);
  await sees(laptop.panel, '#address-hint', /A Solana address/);
  await press(laptop.panel, '[data-part=request]');
  await sees(laptop.panel, '[data-part=toast]', /Withdrawal of \$20\.00 requested/);
  expect(await get('/credits')).toMatchObject({ reserved: '20', available: '205' });

  await goTo(desk.panel, '#billing');
  await sees(desk.panel, '[data-withdrawal]', /Withdrawal to 7nYy…cNfa.*Requested.*-\$20\.00/);
  await press(desk.panel, '[data-part=cancel-withdrawal]');
  await press(desk.panel, '[data-part=cancel-dialog] [data-part=confirm]');
  await until('it is cancelled', async () => (await get('/credits'))['reserved'] === '0');
  await goTo(laptop.panel, '#billing');
  await until('nothing is pending', async () => (await reads(laptop.panel, '[data-part=pending]')) === '');
});

test('a proposal made offline shows as waiting, settles on return; a refusal says why', async () => {
  await server.kill();
  await sees(laptop.panel, '[data-part=sync]', /^Offline/, 30_000);
  for (const amount of ['30', '200']) {
    await goTo(laptop.panel, '#billing/withdraw');
    await write(laptop.panel, 'address', SOLANA);
    await write(laptop.panel, 'amount', amount);
    await press(laptop.panel, '[data-part=request]');
    await sees(laptop.panel, '[data-part=toast]', /Kept here, sent when/);
    await sees(laptop.panel, '[data-part=pending]', new RegExp(`Waiting to send.*-\\$${amount}\\.00`));
  }
  await sees(
    laptop.panel,
    '[data-part=pending]',
    /Waiting to send.*-\$30\.00.*-\$200\.00|-\$200\.00.*-\$30\.00/,
  );
  await server.start();
  await sees(laptop.panel, '[data-part=banner]', /The withdrawal was not requested/, 40_000);
  expect(await get('/credits')).toMatchObject({ reserved: '30' });
  await press(laptop.panel, '[data-part=banner] [data-part=dismiss]');
  await until(
    'it was read',
    async () => !(await reads(laptop.panel, '[data-part=banner]')).includes('withdrawal'),
  );
  await sees(desk.panel, '[data-withdrawal]', /-\$30\.00/);
  await press(desk.panel, '[data-part=cancel-withdrawal]');
  await press(desk.panel, '[data-part=cancel-dialog] [data-part=confirm]');
  await until('it is cancelled', async () => (await get('/credits'))['reserved'] === '0');
});

test('plans: compared, chosen, and the current one marked on both devices', async () => {
  await both('#intelligence');
  await sees(desk.panel, '[data-plan=standard]', /Standard.*Current/);
  await press(laptop.panel, '[data-plan=professional] [data-part=choose]');
  await press(laptop.panel, '[data-part=plan-dialog] [data-part=confirm]');
  await sees(desk.panel, '[data-plan=professional]', /\$15\.00 a month.*Current/);
  expect(await get('/plan')).toMatchObject({ plan: 'professional' });
});

test('a deployment is extended and ended; what comes back is said before and arrives', async () => {
  const wish = { name: 'vllm-prod-eu', type: 'container', device: 'L40S', quantity: 1, hours: 10 };
  const made = await call(server.url, '/deployments', account.api_key, {
    ...wish,
    payment_method: 'credits',
  });
  expect(made.status).toBe(201);
  const id = String(made.body['id']);
  const say = async (status: string) => {
    const body = { status, at: new Date().toISOString() };
    const { status: code } = await call(server.url, `/service/deployments/${id}/status`, service, body);
    expect(code).toBe(200);
  };
  await say('deploying');
  await both(`#cloud/cluster/${id}`);
  await sees(desk.panel, `[data-cluster="${id}"]`, /vllm-prod-eu Deploying.*L40S ×1.*\$6\.40 held/);
  await say('running');
  await sees(laptop.panel, '[data-part=cluster-detail]', /Paid \$6\.40.*ends in (9 h 59 min|10 h)/);

  await press(laptop.panel, '[data-part=extend]');
  await write(laptop.panel, 'hours', '8000');
  await sees(laptop.panel, '[data-part=extend-top-up]', /^Top up \$4,9\d\d\.\d\d$/);
  await sees(laptop.panel, '[data-part=extend-short]', /^Pay \$5,\d{3}\.\d\d by card or request more$/);
  await write(laptop.panel, 'hours', '9999');
  await sees(laptop.panel, '#hours-error', /Whole hours/);
  await write(laptop.panel, 'hours', '5');
  await sees(laptop.panel, '[data-part=extend-submit]', /Extend for \$3\.20/);
  await press(laptop.panel, '[data-part=extend-submit]');
  await sees(desk.panel, '[data-part=cluster-detail]', /Paid \$9\.60.*ends in (14 h 59 min|15 h)/);

  await press(desk.panel, '[data-part=end]');
  await sees(desk.panel, '[data-part=end-dialog]', /About \$9\.5\d of unused time comes back/);
  await press(desk.panel, '[data-part=end-dialog] [data-part=confirm]');
  await say('terminated').catch(() => {});
  await sees(laptop.panel, `[data-cluster="${id}"]`, /Terminat|Completed|Destroyed/);
  await goTo(laptop.panel, '#notifications');
  await sees(laptop.panel, '[data-part=notices]', /Refund of \$9\.5\d arrived/);
});

test('notices are read on one device and are read on the other', async () => {
  await goTo(desk.panel, '#notifications');
  await desk.panel.waitForSelector('[data-new]');
  await press(laptop.panel, '[data-part=see-all]');
  await until('none is new on the other device', async () => (await desk.panel.$('[data-new]')) === null);
  await desk.panel.keyboard.press('Escape');
  await until('the drawer closes', async () => (await desk.panel.$('dialog[open]')) === null);
  expect(JSON.stringify(await get('/notifications'))).not.toContain('"seen_at":null');
});
