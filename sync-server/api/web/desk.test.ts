import { afterEach, beforeEach, expect, test } from 'vitest';
import { MINUTE } from '../../../shared/time.ts';
import { openRig, type Rig } from '../rig.ts';

const ORIGIN = 'http://localhost';
const WALLET = 'So11111111111111111111111111111111111111112';

let rig: Rig;
let owner: string;
let finance: string;

beforeEach(async () => {
  rig = await openRig();
  owner = (await rig.register()).apiKey;
  finance = (await rig.register('finance')).apiKey;
});
afterEach(() => rig.close());

/** A browser as far as this page needs one: it keeps one cookie and sends forms. */
function browser() {
  let cookie = '';
  const keep = (response: Response) => {
    const set = response.headers.get('set-cookie');
    if (set) cookie = /Max-Age=0/.test(set) ? '' : (set.split(';')[0] ?? '');
    return response;
  };
  return {
    cookie: () => cookie,
    async open(path: string) {
      return keep(await rig.api.request(path, { headers: { cookie } }));
    },
    async send(
      path: string,
      fields: Record<string, string>,
      headers: Record<string, string> = { origin: ORIGIN },
    ) {
      return keep(
        await rig.api.request(path, {
          method: 'POST',
          headers: { cookie, ...headers },
          body: new URLSearchParams(fields),
        }),
      );
    },
  };
}
type Browser = ReturnType<typeof browser>;

/** The fields of the form with an action, as the page has them. */
function formOf(page: string, action: string): { path: string; fields: Record<string, string> } {
  const form = page
    .split('<form')
    .slice(1)
    .map((part) => part.split('</form>')[0] ?? '')
    .find((part) => part.includes(`value="${action}"`) || part.includes(action));
  if (!form) throw new Error(`no form for ${action}`);
  const fields = Object.fromEntries(
    [...form.matchAll(/<input\s+type="hidden"\s+name="(\w+)"\s+value="([^"]*)"/g)].map(([, name, value]) => [
      name,
      value,
    ]),
  );
  return { path: /action="([^"]+)"/.exec(form)?.[1] ?? '', fields };
}

async function request(amount: string) {
  const { body } = await rig.call(owner, 'POST', '/credits/purchases', { amount, method: 'usdc' });
  const data = { purchase_id: body.id, payment_id: `pay-${String(body.id)}`, amount };
  await rig.webhook({ type: 'payment.succeeded', data });
  const asked = await rig.call(owner, 'POST', '/credits/withdrawals', { amount, wallet_address: WALLET });
  return String(asked.body.id);
}

async function signedIn(key = finance): Promise<Browser> {
  const page = browser();
  expect((await page.send('/finance/desk/sign-in', { api_key: key })).status).toBe(303);
  return page;
}

async function act(page: Browser, action: string, more: Record<string, string> = {}) {
  const { path, fields } = formOf(await (await page.open('/finance')).text(), action);
  return page.send(path, { ...fields, ...more });
}
const statusOf = async (id: string) =>
  (await rig.call(owner, 'GET', `/credits/withdrawals/${id}`)).body.status;

test('from request to paid, with the ledger’s facts beside it', async () => {
  const id = await request('250');
  const page = await signedIn();
  const text = await (await page.open('/finance')).text();
  for (const fact of ['$250.00', WALLET, 'Withdrawable', 'Bought', 'purchase', '2026-01-12 00:00 UTC', id]) {
    expect(text).toContain(fact);
  }
  expect(text).not.toContain('<script');
  expect((await act(page, 'approve')).status).toBe(303);
  expect(await statusOf(id)).toBe('approved');
  await act(page, 'send');
  const refused = await act(page, 'paid', { tx_url: 'http://x.example' });
  expect(refused.status).toBe(400);
  expect(await refused.text()).toContain('must be an https address');
  await act(page, 'paid', { tx_url: 'https://explorer.example/tx/1' });
  expect(await statusOf(id)).toBe('paid');
  expect(await (await page.open('/finance')).text()).toContain('No withdrawal is waiting here.');
  expect(await (await page.open('/finance?status=paid')).text()).toContain('https://explorer.example/tx/1');
});

test('rejected with a reason; a large one needs two people', async () => {
  const id = await request('1000');
  const [one, two] = [await signedIn(), await signedIn((await rig.register('finance')).apiKey)];
  await act(one, 'approve');
  expect(await statusOf(id)).toBe('in_review');
  const again = await act(one, 'approve');
  expect(again.status).toBe(403);
  expect(await again.text()).toContain('A second principal has to approve');
  await act(two, 'approve');
  expect(await statusOf(id)).toBe('approved');
  await act(two, 'reject', { reason: 'Wallet <b>unknown</b>' });
  expect(await (await one.open('/finance?status=rejected')).text()).toContain(
    'Wallet &lt;b&gt;unknown&lt;/b&gt;',
  );
});

test('a form sent twice acts once', async () => {
  const id = await request('20');
  const page = await signedIn();
  const { path, fields } = formOf(await (await page.open('/finance')).text(), 'approve');
  expect((await page.send(path, fields)).status).toBe(303);
  expect((await page.send(path, fields)).status).toBe(303);
  expect(await statusOf(id)).toBe('approved');
  // The same key for something else is a mistake, never a second act.
  const other = await page.send(path, { ...fields, action: 'send' });
  expect(other.status).toBe(422);
  expect(await statusOf(id)).toBe('approved');
});

test('the cookie is for this host alone, and out of reach of scripts and other sites', async () => {
  const response = await browser().send('/finance/desk/sign-in', { api_key: finance });
  const cookie = response.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(/^__Host-finance=/);
  for (const word of ['HttpOnly', 'Secure', 'SameSite=Strict', 'Path=/']) expect(cookie).toContain(word);
  expect(cookie).not.toContain(finance);
  expect(cookie).not.toContain('Domain');
});

test('nobody but finance sits there', async () => {
  await request('20');
  for (const key of [owner, (await rig.register('admin')).apiKey, 'iog_wrong', '']) {
    const page = browser();
    const answer = await page.send('/finance/desk/sign-in', { api_key: key });
    expect([401, 403]).toContain(answer.status);
    expect(page.cookie()).toBe('');
    expect(await (await page.open('/finance')).text()).not.toContain('$20.00');
  }
  const ownToken = (await rig.identity.signIn(owner, { name: 'Phone' })).accessToken;
  const forged = await rig.api.request('/finance', { headers: { cookie: `__Host-finance=${ownToken}~x~y` } });
  expect(await forged.text()).not.toContain('$20.00');
});

test('no form of another site, of another session, or without a token gets through', async () => {
  const id = await request('20');
  const [page, other] = [await signedIn(), await signedIn()];
  const { path, fields } = formOf(await (await page.open('/finance')).text(), 'approve');
  const foreign = formOf(await (await other.open('/finance')).text(), 'approve');
  for (const headers of [{ origin: 'https://evil.example' }, {}, { 'sec-fetch-site': 'cross-site' }]) {
    expect((await page.send(path, fields, headers)).status).toBe(403);
  }
  expect((await page.send(path, { ...fields, token: foreign.fields['token'] ?? '' })).status).toBe(403);
  expect((await page.send(path, { ...fields, token: '' })).status).toBe(403);
  expect((await browser().send(path, fields)).status).toBe(401);
  expect(await statusOf(id)).toBe('requested');
});

test('signing out ends the session here and on the server; a shift goes on past one access token', async () => {
  await request('20');
  const page = await signedIn();
  const before = page.cookie();
  rig.pass(11 * MINUTE);
  expect(await (await page.open('/finance')).text()).toContain('$20.00');
  expect(page.cookie()).not.toBe(before);
  const { path, fields } = formOf(await (await page.open('/finance')).text(), 'sign-out');
  const kept = page.cookie();
  expect((await page.send(path, fields)).status).toBe(303);
  expect(page.cookie()).toBe('');
  const replayed = await rig.api.request('/finance', { headers: { cookie: kept } });
  expect(await replayed.text()).toContain('Sign in with your own finance key.');
});

test('no other site reads it, and no page frames it', async () => {
  const page = await rig.api.request('/finance', {
    headers: { origin: 'chrome-extension://abcdefghijklmnopabcdefghijklmnop' },
  });
  expect(page.headers.get('access-control-allow-origin')).toBeNull();
  expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  expect(page.headers.get('cache-control')).toBe('no-store');
});

test('what needs attention stands first; money in suspense is matched from there', async () => {
  const id = await request('250');
  const { body } = await rig.call(owner, 'GET', `/credits/withdrawals/${id}`);
  const bought = await rig.call(owner, 'POST', '/credits/purchases', { amount: '7', method: 'usdc' });
  const data = { purchase_id: bought.body.id, payment_id: 'stray' };
  await rig.webhook({ type: 'payment.failed', data });
  await rig.webhook({ type: 'payment.succeeded', data: { ...data, amount: '7' } });
  const page = await signedIn();
  expect(await (await page.open('/finance')).text()).not.toContain('Withdrawal overdue');
  rig.testClock.moveTo(Date.parse(String(body.due_by)) + 1);
  const text = await (await page.open('/finance')).text();
  expect(text).toContain('Withdrawal overdue');
  expect(text).toContain('stray');
  const { path, fields } = formOf(text, '/finance/desk/suspense/');
  expect((await page.send(path, { ...fields, token: 'x' })).status).toBe(403);
  expect((await page.send(path, fields)).status).toBe(303);
  expect((await rig.call(owner, 'GET', '/credits')).body).toMatchObject({ balance: '257' });
  expect(await (await page.open('/finance')).text()).not.toContain('stray');
});
