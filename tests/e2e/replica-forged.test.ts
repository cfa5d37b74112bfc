// What the owner of a machine forges in the replica heals at the next contact, and costs no honest proposal.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { BACK_MS, Devices, settled } from '../tools/harness/device.ts';
import { databases, tamper } from '../tools/harness/documents.ts';
import { type ServerProcess, startServerProcess } from '../tools/harness/server.ts';

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

test('a forged balance heals at the next contact, and does not come back', async () => {
  const account = await devices.funded('14');
  let laptop = await devices.signedIn(account);
  await server.kill();
  await tamper(laptop.page, 'book/', (doc) => {
    const credits = doc.getMap('credits').get('value');
    doc.getMap('credits').set('value', { ...Object(credits), balance: '777', available: '777' });
  });
  laptop = await devices.restart(laptop);
  await laptop.shows(({ credits }) => credits?.available === '777');
  await server.start();
  await laptop.shows(
    ({ connection, credits }) => connection === 'live' && credits?.available === '14',
    BACK_MS,
  );
  await server.kill();
  laptop = await devices.restart(laptop);
  const offline = await laptop.shows(({ connection }) => connection === 'offline');
  expect(offline.credits?.available).toBe('14');
});

test('junk in the tray is refused; what was proposed with it, and next, settles', async () => {
  const account = await devices.funded('100');
  let laptop = await devices.signedIn(account);
  await server.kill();
  await laptop.propose('10');
  await tamper(laptop.page, 'tray/', (doc) => doc.getMap('evil').set('balance', 1e9));
  laptop = await devices.restart(laptop);
  await server.start();
  await laptop.shows(settled('90'), BACK_MS);
  await laptop.propose('5');
  await laptop.shows(settled('85'));
  expect((await databases(laptop.page)).filter((name) => name.startsWith('tray/'))).toEqual([
    expect.stringMatching(/#1$/),
  ]);
});
