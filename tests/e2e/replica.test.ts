// The replica in real browsers on a real server: proposals that wait, travel once and are answered on every device.
import { cpSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { BACK_MS, Devices, newId, settled } from '../tools/harness/device.ts';
import { databases } from '../tools/harness/documents.ts';
import { type ServerProcess, startServerProcess } from '../tools/harness/server.ts';
import { until } from '../tools/harness/until.ts';

let server: ServerProcess;
let devices: Devices;

beforeAll(async () => {
  server = await startServerProcess();
  devices = new Devices(server);
});
afterEach(async () => {
  await devices.dispose();
  if (!server.running) await server.start();
});
afterAll(() => server?.dispose());

test('made offline, proposals survive browser restarts, settle once, and show on the other device', async () => {
  const account = await devices.funded('100');
  let laptop = await devices.signedIn(account);
  const desk = await devices.signedIn(account);
  await server.kill();
  await laptop.propose('30');
  laptop = await devices.restart(laptop);
  await laptop.propose('20');
  laptop = await devices.restart(laptop);
  const waiting = await laptop.shows(({ waiting: count }) => count === 2);
  expect(waiting.credits?.available).toBe('100');
  expect(waiting.pending.map(({ state }) => state)).toEqual(['waiting', 'waiting']);

  await server.start();
  await laptop.shows(settled('50'), BACK_MS);
  await desk.shows(settled('50'), BACK_MS);
  expect(await devices.available(account)).toBe('50');
});

test('the same proposal from two devices counts once; two for more than there is: one is refused, and says why', async () => {
  const account = await devices.funded('100');
  const [laptop, desk] = [await devices.signedIn(account), await devices.signedIn(account)];
  const id = newId();
  await Promise.all([laptop.propose('40', id), desk.propose('40', id)]);
  await Promise.all([laptop.shows(settled('60')), desk.shows(settled('60'))]);

  const [one, other] = await Promise.all([laptop.propose('50'), desk.propose('50')]);
  const seen = await Promise.all([laptop.shows(settled('10')), desk.shows(settled('10'))]);
  const refusals = seen.flatMap(({ pending }) => pending);
  expect(refusals).toEqual([expect.objectContaining({ state: 'answered', code: 'insufficient_credits' })]);
  const [refused] = refusals;
  expect([one, other]).toContain(refused?.id);
  const holder = refused?.id === one ? laptop : desk;
  await holder.ask('dismiss', refused?.id);
  await holder.shows(({ pending }) => pending.length === 0);
});

test('a copied profile proposes the same again, and it counts once', async () => {
  const account = await devices.funded('100');
  const laptop = await devices.signedIn(account);
  await server.kill();
  await laptop.propose('25');
  await laptop.close();
  const copy = devices.profile();
  cpSync(laptop.profile.dir, copy.dir, { recursive: true });
  await server.start();
  const [original, clone] = [await devices.start(laptop.profile), await devices.start(copy)];
  await Promise.all([original.shows(settled('75'), BACK_MS), clone.shows(settled('75'), BACK_MS)]);
  expect(await devices.available(account)).toBe('75');
});

const Told = z.object({
  credits: z.optional(z.object({ available: z.string() })),
  withdrawals: z.optional(z.nullable(z.array(z.unknown()))),
  pending: z.optional(z.array(z.unknown())),
});

test('a page follows whole sections on a port, and reads the history behind them', async () => {
  const account = await devices.funded('100');
  const laptop = await devices.signedIn(account);
  await laptop.page.evaluate(() => {
    const port = chrome.runtime.connect({ name: 'sections' });
    port.onMessage.addListener((values) => {
      document.body.dataset['told'] = JSON.stringify({
        ...JSON.parse(document.body.dataset['told'] ?? '{}'),
        ...values,
      });
    });
    port.postMessage(['credits', 'withdrawals', 'pending']);
  });
  const told = async () =>
    Told.parse(JSON.parse((await laptop.page.evaluate(() => document.body.dataset['told'])) ?? '{}'));
  await until('the sections are told', async () => (await told()).credits?.available === '100');
  await laptop.propose('25');
  await until('the change is told', async () => {
    const { credits, withdrawals, pending } = await told();
    return credits?.available === '75' && withdrawals?.length === 1 && pending?.length === 0;
  });
  const history = await laptop.ask('page', 0);
  expect(history).toMatchObject({
    ok: true,
    page: {
      k: 0,
      sealed: false,
      entries: [
        { n: 1, type: 'purchase', amount: '100' },
        { n: 2, type: 'withdrawal' },
      ],
    },
  });
});

test('signing out with proposals waiting says how many, and keeps them until it is told', async () => {
  const account = await devices.funded('100');
  const laptop = await devices.signedIn(account);
  await server.kill();
  await laptop.propose('25');
  expect(await laptop.ask('sign_out')).toEqual({ waiting: 1 });
  expect((await laptop.snapshot())?.waiting).toBe(1);
  expect(await laptop.ask('sign_out', true)).toEqual({ waiting: 0 });
  expect(await laptop.snapshot()).toBeUndefined();
  expect(await databases(laptop.page)).toEqual(['io-glance']);
  expect(await laptop.ask('wipe')).toEqual({ waiting: 0 });
  expect(await databases(laptop.page)).toEqual([]);
  const left = await laptop.page.evaluate(async () => [
    await chrome.storage.local.get(),
    await chrome.storage.session.get(),
    await chrome.alarms.getAll(),
    await chrome.action.getBadgeText({}),
  ]);
  expect(left).toEqual([{}, {}, [], '']);
});
