// What a device keeps, changed or deleted beneath it: it drops what the server never said, and loses nothing honest.
import { set } from 'idb-keyval';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openKeyedStore } from '../../extension/replica/keyed-store.ts';
import { pagesDatabase } from '../../extension/replica/pages.ts';
import { NO_HASH } from '../../shared/chain.ts';
import { soon } from './lib/device.ts';
import { addEntries } from './lib/history.ts';
import { as, newIntentId } from './lib/replica-device.ts';
import { fund, register, startTestServer, type TestServer } from './lib/server.ts';
import { balanceOf, databasesOf, pageOf, request, signedIn, tamper } from './lib/replica-person.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server[Symbol.asyncDispose]());

test('a forged book heals at the next contact, and stays healed', async () => {
  const person = await register(server, 'Ed');
  await fund(server, person, 14n);
  const laptop = await signedIn(server, person);
  const { book } = databasesOf(laptop);
  const epoch = laptop.session.record?.epoch ?? 0;
  await tamper(laptop, book, (doc) => {
    const credits = doc.getMap('credits').get('value');
    doc.getMap('credits').set('value', { ...Object(credits), balance: '777', available: '777' });
  });
  await laptop.reboot();
  expect(balanceOf(laptop)).toBe('777');
  laptop.look();
  await soon('it is healed', () => laptop.session.record?.epoch === epoch + 1 && balanceOf(laptop) === '14');
  await laptop.reboot();
  expect(balanceOf(laptop)).toBe('14');
});

test('junk in the tray is refused and dropped, and the honest proposals with it settle', async () => {
  const person = await register(server, 'Fi');
  await fund(server, person, 100n);
  const laptop = await signedIn(server, person);
  laptop.online = false;
  await laptop.propose('withdrawal.request', request('10'));
  const { tray } = databasesOf(laptop);
  const epoch = laptop.session.record?.tray_epoch ?? 0;
  await tamper(laptop, tray, (doc) => doc.getMap('evil').set('balance', 1e9));
  await laptop.reboot();
  expect(laptop.session.record?.tray_epoch ?? 0).toBe(epoch);
  laptop.online = true;
  laptop.look();
  await soon('the honest one is answered', () => laptop.view()?.pending.length === 0);
  expect(laptop.session.record?.tray_epoch).toBe(epoch + 1);
  await laptop.propose('withdrawal.request', request('5'));
  await soon('the next one settles', () => balanceOf(laptop) === '85');
  expect(laptop.session.record?.tray_epoch).toBe(epoch + 1);
});

test('a tray that holds proposals nobody made here is dropped before anyone sees them', async () => {
  const person = await register(server, 'Gu');
  await fund(server, person, 100n);
  const laptop = await signedIn(server, person);
  laptop.online = false;
  await laptop.propose('withdrawal.request', request('10'));
  const forged = { id: newIntentId(), kind: 'withdrawal.request', at: 1, body: request('90') };
  await tamper(laptop, databasesOf(laptop).tray, (doc) => doc.getArray('intents').push([forged]));
  await laptop.reboot();
  laptop.online = true;
  laptop.look();
  await soon('the honest one is answered', () => laptop.view()?.pending.length === 0);
  expect(balanceOf(laptop)).toBe('90');
});

test('history comes by pages: proved, kept once sealed, and fetched again when tampered with', async () => {
  const person = await register(server, 'Hy');
  await addEntries(server, person, 520);
  const laptop = await signedIn(server, person);
  const read = (k: number) => as(laptop.factory, () => laptop.replica.page(k));
  const [first, second, third] = await Promise.all([read(0), read(1), read(2)]);
  expect(pageOf(first)).toMatchObject({ k: 0, sealed: true, prev: NO_HASH });
  expect(pageOf(first)?.entries.map(({ n }) => n)).toEqual(Array.from({ length: 500 }, (_, at) => at + 1));
  expect(pageOf(second)).toMatchObject({ k: 1, sealed: false, prev: pageOf(first)?.entries.at(-1)?.hash });
  expect(pageOf(second)?.entries).toHaveLength(20);
  expect(pageOf(third)?.entries).toEqual([]);

  laptop.online = false;
  await laptop.reboot();
  expect(await read(0)).toEqual(first);
  expect(await read(1)).toEqual({ ok: false, error: 'offline' });

  await as(laptop.factory, async () => {
    const kept = openKeyedStore(pagesDatabase(person.account));
    const page = pageOf(first);
    const forged = page?.entries.map((entry) => (entry.n === 7 ? { ...entry, amount: '1000' } : entry));
    await set(0, { ...page, entries: forged }, kept.use);
  });
  expect(await read(0)).toEqual({ ok: false, error: 'offline' });
  laptop.online = true;
  expect(await read(0)).toEqual(first);

  await as(laptop.factory, () => laptop.replica.signOut(false));
  await soon('nothing is left', async () => (await laptop.factory.databases()).length === 1);
});

test('a database that is deleted beneath the worker costs nothing', async () => {
  const person = await register(server, 'Mo');
  await fund(server, person, 100n);
  const laptop = await signedIn(server, person);
  laptop.look();
  const { book, tray } = databasesOf(laptop);
  const remove = (name: string) =>
    as(
      laptop.factory,
      () =>
        new Promise((resolve) => {
          indexedDB.deleteDatabase(name).onsuccess = resolve;
        }),
    );
  await remove(book);
  await remove(tray);
  await laptop.propose('withdrawal.request', request('10'));
  await soon(
    'it settles all the same',
    () => laptop.view()?.pending.length === 0 && balanceOf(laptop) === '90',
  );
  const names = (await laptop.factory.databases()).map(({ name }) => name);
  expect(names).not.toContain(book);
  expect(names).toContain(databasesOf(laptop).book);
  laptop.online = false;
  await laptop.propose('withdrawal.request', request('5'));
  await remove(databasesOf(laptop).tray);
  await laptop.reboot();
  expect(balanceOf(laptop)).toBe('90');
  laptop.online = true;
  laptop.look();
  await soon('what waited settles', () => laptop.view()?.pending.length === 0 && balanceOf(laptop) === '85');
});
