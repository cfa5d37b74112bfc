// One device, two accounts: what one of them has not sent is named before it is lost, and never sent for the other.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { soon } from './lib/device.ts';
import { as, bootDevice, type ReplicaDevice } from './lib/replica-device.ts';
import { fund, type Person, register, startTestServer, type TestServer } from './lib/server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const WALLET = '7nYyVr1vH3bYw5sG6sQm7r8QkYx2q1ZpT9u4J3dWcNfa';
const signIn = (device: ReplicaDevice, person: Person, force = false) => {
  const address = `http://127.0.0.1:${server.running.port}`;
  return as(device.factory, () => device.replica.signIn(address, person.apiKey, 'Laptop', force));
};
const inStep = (device: ReplicaDevice) => soon('it is in step', () => device.view()?.connection === 'live');
const waiting = (device: ReplicaDevice) => device.view()?.pending.map(({ intent }) => intent.id);
const available = async (device: ReplicaDevice, expected: string) => {
  await soon('the balance is as expected', () => {
    const credits = device.view()?.book?.section('credits');
    return JSON.stringify(credits).includes(`"available":"${expected}"`);
  });
};

/** A device of the first, whose proposal waits, and a second account. */
async function waitingDevice() {
  const [ada, bo] = [await register(server, 'Ada'), await register(server, 'Bo')];
  await fund(server, ada, 100n);
  await fund(server, bo, 100n);
  const device = await bootDevice();
  expect(await signIn(device, ada)).toBeNull();
  await inStep(device);
  device.online = false;
  const id = await device.propose('withdrawal.request', { amount: '30', wallet_address: WALLET });
  return { ada, bo, device, id };
}

test('a key of another account is refused while something waits, and nothing has changed', async () => {
  const { ada, bo, device, id } = await waitingDevice();
  const before = device.session.record;
  expect(await signIn(device, bo)).toBe('other_account');
  expect(device.session.record).toEqual(before);
  expect(waiting(device)).toEqual([id]);
  const sessions = await server.running.identity.listSessions(bo.account);
  expect(sessions, 'no sign-in of the other is left').toEqual([]);

  device.online = true;
  expect(await signIn(device, ada), 'its own account carries it over').toBeNull();
  await inStep(device);
  await soon('it is answered', () => waiting(device)?.length === 0);
  await available(device, '70');
});

test('forced, it is lost for good: neither sent for the other, nor later for its own', async () => {
  const { ada, bo, device } = await waitingDevice();
  expect(await signIn(device, bo, true)).toBeNull();
  device.online = true;
  device.look();
  await inStep(device);
  expect(waiting(device)).toEqual([]);
  await available(device, '100');
  const names = (await device.factory.databases()).map(({ name }) => name);
  expect(JSON.stringify(names), 'no document of the first is left').not.toContain(ada.account);

  expect(await signIn(device, ada), 'nothing waits, so nothing is asked').toBeNull();
  await inStep(device);
  expect(waiting(device)).toEqual([]);
  await available(device, '100');
});

test('a wrong key loses nothing, forced or not', async () => {
  const { bo, device, id } = await waitingDevice();
  expect(await signIn(device, { ...bo, apiKey: `${bo.apiKey}x` }, true)).toBe('refused');
  await device.reboot();
  expect(waiting(device)).toEqual([id]);
});
