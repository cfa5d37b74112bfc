// The extension's replica against the real server: proposals travel through the tray, settle once, and are answered.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import * as z from 'zod/mini';
import { openLink } from '../../extension/replica/link.ts';
import { Entry } from '../../shared/account.ts';
import { bookName } from '../../shared/documents.ts';
import { MINUTE } from '../../shared/time.ts';
import { MAX_WAITING_INTENTS } from '../../shared/tray.ts';
import { inTray } from '../crash/sync-judge.ts';
import { until } from '../tools/harness/until.ts';
import { soon } from './lib/device.ts';
import { addEntries } from './lib/history.ts';
import { as, newIntentId } from './lib/replica-device.ts';
import { fund, register, startTestServer, type TestServer } from './lib/server.ts';
import { balanceOf, codes, request, signedIn, WALLET } from './lib/replica-person.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server[Symbol.asyncDispose]());

test('a proposal is settled and answered, and leaves the overlay with its answer', async () => {
  const person = await register(server, 'Ada');
  await fund(server, person, 100n);
  const laptop = await signedIn(server, person);
  laptop.look();
  const id = await laptop.propose('withdrawal.request', { amount: '40', wallet_address: WALLET });
  expect(laptop.view()?.pending).toMatchObject([{ intent: { id, kind: 'withdrawal.request' } }]);
  await soon('it left the overlay', () => laptop.view()?.pending.length === 0);
  expect(balanceOf(laptop)).toBe('60');
  expect(laptop.view()?.book?.section('answers')).toMatchObject([{ intent: id }]);
});

test('made offline, proposals survive restarts and settle once when the server is there', async () => {
  const person = await register(server, 'Bo');
  await fund(server, person, 100n);
  const laptop = await signedIn(server, person);
  laptop.online = false;
  const first = await laptop.propose('withdrawal.request', request('30'));
  await laptop.reboot();
  const second = await laptop.propose('withdrawal.request', request('20'));
  await laptop.reboot();
  expect(laptop.view()?.pending.map(({ intent, state }) => [intent.id, state])).toEqual([
    [first, 'waiting'],
    [second, 'waiting'],
  ]);
  expect(balanceOf(laptop)).toBe('100');
  laptop.online = true;
  await as(laptop.factory, () => laptop.replica.syncOnce());
  await soon('both are answered', () => laptop.view()?.pending.length === 0);
  expect(balanceOf(laptop)).toBe('50');
  expect(
    z
      .array(Entry)
      .parse(laptop.view()?.book?.recent())
      .filter(({ type }) => type === 'withdrawal'),
  ).toHaveLength(2);
});

test('the same proposal from two devices is settled once', async () => {
  const person = await register(server, 'Cy');
  await fund(server, person, 100n);
  const [laptop, desk] = [await signedIn(server, person), await signedIn(server, person)];
  const id = await laptop.propose('withdrawal.request', request('40'));
  await desk.propose('withdrawal.request', request('40'), id);
  laptop.look();
  desk.look();
  await soon('both have their answer', () => !codes(laptop)?.length && !codes(desk)?.length);
  await soon('both show it', () => balanceOf(laptop) === '60' && balanceOf(desk) === '60');
  expect(desk.view()?.book?.section('answers')).toHaveLength(1);
});

test('answered before it ever left, a proposal does not stay in the tray', async () => {
  const person = await register(server, 'Eli');
  await fund(server, person, 100n);
  const [laptop, desk] = [await signedIn(server, person), await signedIn(server, person)];
  laptop.online = false;
  const id = await laptop.propose('withdrawal.request', request('40'));
  expect(await inTray(laptop)).toBe(1);
  await desk.propose('withdrawal.request', request('40'), id);
  await soon('the other device has its answer', () => balanceOf(desk) === '60');
  laptop.online = true;
  laptop.look();
  laptop.replica.nudge();
  await soon('the answer is here', () => laptop.view()?.pending.length === 0);
  await until('the tray is empty', async () => (await inTray(laptop)) === 0);
  await laptop.propose('withdrawal.request', request('10'));
  await soon('the next one goes its way', () => balanceOf(laptop) === '50');
  await until('the tray is empty again', async () => (await inTray(laptop)) === 0);
});

test('two devices ask for more than there is: one is refused, and says why', async () => {
  const person = await register(server, 'Di');
  await fund(server, person, 100n);
  const [laptop, desk] = [await signedIn(server, person), await signedIn(server, person)];
  laptop.look();
  desk.look();
  const [a, b] = await Promise.all([
    laptop.propose('withdrawal.request', request('70')),
    desk.propose('withdrawal.request', request('70')),
  ]);
  await soon('one is refused', () => [codes(laptop), codes(desk)].flat().join() === 'insufficient_credits');
  expect(balanceOf(laptop)).toBe('30');
  const refused = laptop.view()?.pending.length ? { device: laptop, id: a } : { device: desk, id: b };
  await refused.device.reboot();
  expect(codes(refused.device)).toEqual(['insufficient_credits']);
  await as(refused.device.factory, () => refused.device.replica.dismiss(refused.id));
  expect(codes(refused.device)).toEqual([]);
});

test('what was answered while this device was away for long is looked up', async () => {
  const person = await register(server, 'Io');
  await fund(server, person, 100n);
  const [laptop, desk] = [await signedIn(server, person), await signedIn(server, person)];
  laptop.online = false;
  const accepted = await laptop.propose('withdrawal.request', request('10'));
  const refused = await laptop.propose('withdrawal.request', request('1000'));
  for (const [id, amount] of [
    [accepted, '10'],
    [refused, '1000'],
  ] as const) {
    await desk.propose('withdrawal.request', request(amount), id);
  }
  desk.look();
  await soon('the desk has its answers', () => codes(desk)?.join() === 'insufficient_credits');
  // More answers than a book keeps.
  await addEntries(server, person, 70);
  laptop.online = true;
  laptop.look();
  await soon('the laptop has them too', () => codes(laptop)?.join() === 'insufficient_credits');
  expect(laptop.view()?.pending.map(({ intent }) => intent.id)).toEqual([refused]);
});

test('a proposal can be taken back while it never left, and not after', async () => {
  const person = await register(server, 'Jo');
  await fund(server, person, 100n);
  const laptop = await signedIn(server, person);
  laptop.online = false;
  const [kept, gone] = [
    await laptop.propose('withdrawal.request', request('10')),
    await laptop.propose('withdrawal.request', request('20')),
  ];
  const cancel = (id: string) => as(laptop.factory, () => laptop.replica.cancel(id));
  expect(await cancel(gone)).toBe(true);
  expect(await cancel(gone)).toBe(false);
  await laptop.reboot();
  laptop.online = true;
  laptop.look();
  await soon(
    'the other one settles',
    () => laptop.view()?.pending.length === 0 && balanceOf(laptop) === '90',
  );
  expect(await cancel(kept)).toBe(false);
});

test('the connection stays for what waits or runs, and rests when nobody looks and nothing does', async () => {
  const person = await register(server, 'Ka');
  await fund(server, person, 100n);
  const laptop = await signedIn(server, person);
  await soon('it rests', () => laptop.view()?.connection === 'resting');
  await laptop.propose('withdrawal.cancel', { id: 'none' });
  await soon(
    'it connected by itself, and rests again',
    () => laptop.view()?.connection === 'resting' && codes(laptop)?.join() === 'withdrawal_not_found',
  );

  const { ledger } = server.running;
  const actor = { principal: 'compute', scope: 'service' } as const;
  const charge = { kind: 'charge', id: 'c1', amount: 105_000_000n, service: 'vm' } as const;
  await ledger.settle({ account: person.account, actor, command: charge, key: newIntentId() });
  expect(await as(laptop.factory, () => laptop.replica.syncOnce())).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(laptop.view()?.connection, 'a grace window is on').toBe('live');
  await fund(server, person, 50n);
  await soon('it is over, and it rests', () => laptop.view()?.connection === 'resting');
  expect(balanceOf(laptop)).toBe('45');
});

test('a token is renewed over the living connection, which outlives the first one', async () => {
  const person = await register(server, 'Li');
  const { identity } = server.running;
  const first = await identity.signIn(person.apiKey, { name: 'laptop' });
  let bearer = first.accessToken;
  const ends: string[] = [];
  let synced = false;
  const link = openLink({
    url: server.sync,
    book: { name: bookName(person.account), doc: new Y.Doc() },
    token: () => Promise.resolve(bearer),
    WebSocket,
    onSynced: () => (synced = true),
    onContact: () => {},
    onEnd: (why) => ends.push(why),
  });
  await soon('it is in step', () => synced);
  server.advance(9 * MINUTE);
  bearer = (await identity.refresh(first.refreshToken)).accessToken;
  const verified = vi.spyOn(identity, 'verify');
  link.renew();
  await soon('the server has the new one', () => {
    const at = verified.mock.calls.findIndex(([told]) => told === bearer);
    return verified.mock.settledResults[at]?.type === 'fulfilled';
  });
  server.advance(5 * MINUTE);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(ends).toEqual([]);
  server.advance(6 * MINUTE);
  await soon('without another one it ends', () => ends.join() === 'denied');
});

test('a full tray takes no more, says so, and empties when the server is there', async () => {
  const person = await register(server, 'Ny');
  await fund(server, person, 100n);
  const laptop = await signedIn(server, person);
  laptop.online = false;
  for (let made = 0; made < MAX_WAITING_INTENTS; made += 1) {
    await laptop.propose('withdrawal.cancel', { id: `none-${made}` });
  }
  await expect(laptop.propose('withdrawal.cancel', { id: 'none' })).rejects.toThrow('full');
  await laptop.reboot();
  expect(laptop.view()?.pending).toHaveLength(MAX_WAITING_INTENTS);
  laptop.online = true;
  laptop.look();
  await soon('all are answered', () => codes(laptop)?.every((code) => code === 'withdrawal_not_found'));
  // Only the last refusals are worth reading.
  expect(codes(laptop)).toHaveLength(20);
  await laptop.propose('withdrawal.request', request('10'));
  await soon('there is room again', () => balanceOf(laptop) === '90');
});
