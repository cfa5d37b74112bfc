// The rule book's cases of many hands at once (section 16: X2 to X7, X12, X14, X18), truly at once: over HTTP on SQLite,
// and on PostgreSQL through two servers in turn.
import { setImmediate } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Answer, newKey, openRig, type Rig } from '../../sync-server/api/rig.ts';
import { audit } from '../../sync-server/ledger/storage/audit.ts';
import { type Cluster, startPostgres } from '../tools/postgres.ts';

const WALLET = 'So11111111111111111111111111111111111111112';
const GRACE_MS = 300_000;
/** Turns of the event loop, more than a payment takes to be handed to the ledger. */
const STAGGER = 12;

const many = <T>(count: number, one: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => one(index)));

function counted(answers: { status: number }[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startPostgres();
});
afterAll(() => cluster?.stop());

describe.each(['sqlite', 'postgres'] as const)('on %s', (engine) => {
  let servers: Rig[];
  let turn = 0;
  let ann: { apiKey: string; account: string };
  let service: string;
  let finance: string;

  /** The next server in turn. */
  function server(): Rig {
    turn += 1;
    const next = servers[turn % servers.length];
    if (!next) throw new Error('no server');
    return next;
  }

  beforeEach(async () => {
    if (engine === 'sqlite') servers = [await openRig()];
    else {
      const databaseUrl = await cluster.createDatabase();
      const first = await openRig({}, { databaseUrl });
      servers = [first, await openRig({}, { databaseUrl })];
    }
    const { apiKey, principal } = await server().register();
    ann = { apiKey, account: principal.account ?? '' };
    service = (await server().register('service')).apiKey;
    finance = (await server().register('finance')).apiKey;
  });
  afterEach(async () => {
    // Whoever won: what is stored is sound.
    const findings = await Promise.all(servers.map((each) => audit(each.ledger)));
    await Promise.all(servers.map((each) => each.close()));
    if (findings.flat().length > 0) throw new Error(findings.flat().join('\n'));
  });

  const post = (path: string, more: object = {}): Promise<Answer> =>
    server().call(service, 'POST', `/service${path}`, { account_id: ann.account, ...more });
  const charge = (id: string, amount: string) => post('/charges', { id, amount, service: 'vm' });
  const hold = (id: string, amount: string, on_insufficient = 'fail') =>
    post('/holds', { id, amount, service: 'vm', on_insufficient });
  const capture = (id: string, amount: string) => post(`/holds/${id}/capture`, { amount });
  const withdraw = (amount: string) =>
    server().call(ann.apiKey, 'POST', '/credits/withdrawals', { amount, wallet_address: WALLET });
  const credits = async () => (await server().call(ann.apiKey, 'GET', '/credits')).body;
  const grant = (amount: string) =>
    server().call(finance, 'POST', '/finance/grants', {
      account_id: ann.account,
      id: newKey(),
      amount,
      source: 'promo',
    });

  async function buy(amount: string): Promise<{ purchase_id: string; payment_id: string; amount: string }> {
    const { body } = await server().call(ann.apiKey, 'POST', '/credits/purchases', {
      amount,
      method: 'usdc',
    });
    return { purchase_id: String(body.id), payment_id: newKey(), amount };
  }
  const succeeded = (data: object, id?: string) =>
    server().webhook({ type: 'payment.succeeded', data }, id === undefined ? {} : { id });
  const failed = (data: object) => server().webhook({ type: 'payment.failed', data });
  const fund = async (amount: string) => succeeded(await buy(amount));

  test('X2, X3: many spends, each with its own key: as many as fit, and no more', async () => {
    await grant('50');
    expect(counted(await many(100, (index) => charge(`c${index}`, '1')))).toEqual({ 201: 50, 402: 50 });
    expect(await credits()).toMatchObject({ available: '0', debt: '0' });
  });

  test('X4, X5: many holds, then all captured: never below the floor, and a refused one not at all', async () => {
    await grant('50');
    expect(counted(await many(100, (index) => hold(`h${index}`, '1')))).toEqual({ 201: 50, 402: 50 });
    const captured = await many(100, (index) => capture(`h${index}`, '1'));
    expect(counted(captured)).toEqual({ 200: 50, 404: 50 });
    const refused = captured.filter(({ status }) => status === 404);
    expect(new Set(refused.map(({ body }) => body.code))).toEqual(new Set(['hold_not_found']));
    expect(await credits()).toMatchObject({ available: '0', held: '0', debt: '0', balance: '0' });
  });

  test('X6: a settled payment told again, under its own and other ids, and as failed: one credit', async () => {
    const data = await buy('100');
    await succeeded(data, 'msg-1');
    const answers = await many(30, (index) => {
      if (index % 3 === 0) return succeeded(data, 'msg-1');
      return index % 3 === 1 ? succeeded(data) : failed(data);
    });
    expect(counted(answers)).toEqual({ 200: 30 });
    expect(await credits()).toMatchObject({ available: '100', balance: '100' });
  });

  test('X6: paid and failed in the same instant: credited once, or kept aside whole', async () => {
    for (let round = 0; round < 10; round += 1) {
      const before = Number((await credits()).balance);
      const data = await buy('10');
      const told = await Promise.all([failed(data), succeeded(data), failed(data), succeeded(data)]);
      expect(counted(told)).toEqual({ 200: 4 });
      const paid = [told[1]?.body.status, told[3]?.body.status];
      const gained = Number((await credits()).balance) - before;
      expect({ paid, gained }).toEqual(
        paid[0] === 'settled'
          ? { paid: ['settled', 'settled'], gained: 10 }
          : { paid: ['suspense', 'suspense'], gained: 0 },
      );
    }
  });

  test('X7: one payment that many workers settle within milliseconds is one credit', async () => {
    const data = await buy('100');
    expect(counted(await many(20, () => succeeded(data)))).toEqual({ 200: 20 });
    expect(await credits()).toMatchObject({ available: '100' });
  });

  test('X12: refunds never exceed their charge together; of a refund there is none', async () => {
    await fund('100');
    await charge('c', '50');
    const refund = (id: string, of = 'c') => post(`/charges/${of}/refunds`, { id, amount: '10' });
    expect(counted(await many(12, (index) => refund(`r${index}`)))).toEqual({ 201: 5, 409: 7 });
    expect(await refund('x', 'r0')).toMatchObject({ status: 404, body: { code: 'charge_not_found' } });
    expect(await credits()).toMatchObject({ available: '100', withdrawable: '100' });
  });

  test('X14: withdrawals, charges and a hold for the same money: whoever commits first wins', async () => {
    await fund('100');
    const answers = await Promise.all([
      charge('c0', '60'),
      withdraw('60'),
      charge('c1', '60'),
      withdraw('60'),
      hold('h', '60'),
    ]);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    const { balance, available, reserved, held, debt } = await credits();
    expect({ debt, available }).toEqual({ debt: '0', available: '40' });
    expect(Number(available) + Number(reserved) + Number(held)).toBe(Number(balance));
  });

  test('X14: what is held cannot be withdrawn, what is reserved cannot be held', async () => {
    await fund('100');
    expect(await hold('h', '70')).toMatchObject({ status: 201 });
    const [refused, reserved] = [await withdraw('31'), await withdraw('30')];
    expect(refused).toMatchObject({ status: 402, body: { code: 'insufficient_credits' } });
    expect(reserved).toMatchObject({ status: 201 });
    expect(counted(await many(5, (index) => hold(`more${index}`, '0.000001')))).toEqual({ 402: 5 });
    expect(await credits()).toMatchObject({ available: '0', held: '70', reserved: '30' });
  });

  test('X18: the top-up and the end of its window at once: the hold is paid, or the credits stay, nothing else', async () => {
    const [first] = servers;
    const last = servers.at(-1);
    if (!first || !last) throw new Error('no server');
    const seen = new Set<unknown>();
    for (let round = 0; round <= STAGGER; round += 1) {
      const before = Number((await credits()).available);
      const id = `w${round}`;
      expect(await hold(id, String(before + 25), 'pending')).toMatchObject({ status: 202 });
      const data = await buy('25');
      const end = first.testClock.now() + GRACE_MS;
      for (const each of servers) each.testClock.moveTo(end);
      const read = () => last.call(service, 'GET', `/service/holds/${id}?account_id=${ann.account}`);
      const pay = () => first.webhook({ type: 'payment.succeeded', data });
      const late = async () => {
        last.testClock.moveTo(end + 1);
        return read();
      };
      // The window ends before the payment, at each of its steps, and after it; of two servers, by the other one's clock.
      if (round === 0) await late();
      const paying = pay();
      if (round === STAGGER) await paying;
      for (let step = 1; step < round; step += 1) await setImmediate();
      await Promise.all([paying, late()]);
      first.testClock.moveTo(end + 1);
      const { status } = (await read()).body;
      const { available, held } = await credits();
      expect({ status, available: Number(available), held: Number(held) }).toEqual(
        status === 'authorized'
          ? { status, available: 0, held: before + 25 }
          : { status: 'failed', available: before + 25, held: 0 },
      );
      seen.add(status);
      if (status === 'authorized') await post(`/holds/${id}/void`);
    }
    expect(seen).toEqual(new Set(['failed', 'authorized']));
  });
});
