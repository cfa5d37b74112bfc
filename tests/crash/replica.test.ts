// A worker may be killed wherever it waits for a storage, and a storage may fail: what was promised to the person holds.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import * as z from 'zod/mini';
import { openStore } from '../../extension/replica/store.ts';
import { trayDatabase } from '../../extension/replica/tray.ts';
import { Credits } from '../../shared/account.ts';
import { soon } from '../scenarios/lib/device.ts';
import {
  as,
  bootDevice,
  type Fault,
  newIntentId,
  type ReplicaDevice,
} from '../scenarios/lib/replica-device.ts';
import { fund, type Person, register, startTestServer, type TestServer } from '../scenarios/lib/server.ts';

const WALLET = '7nYyVr1vH3bYw5sG6sQm7r8QkYx2q1ZpT9u4J3dWcNfa';
const request = (amount: string) => ({ amount, wallet_address: WALLET });
const HOWS = ['killed_before', 'killed_after', 'fails'] as const satisfies Fault['how'][];

let server: TestServer;
let people = 0;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server[Symbol.asyncDispose]());

/** A device of a new person with 100 credits, cut off from the server. */
async function cutOff(): Promise<{ device: ReplicaDevice; person: Person }> {
  people += 1;
  const person = await register(server, `Person ${people}`);
  await fund(server, person, 100n);
  const device = await bootDevice();
  const address = `http://127.0.0.1:${server.running.port}`;
  await as(device.factory, () => device.replica.signIn(address, person.apiKey, 'Laptop'));
  await soon('it is in step', () => device.view()?.connection === 'live');
  device.online = false;
  return { device, person };
}

/** What is left once everything is answered. */
async function settled(device: ReplicaDevice): Promise<string | undefined> {
  device.online = true;
  device.look();
  await soon(
    'all are answered',
    () => device.view()?.connection === 'live' && !device.view()?.pending.length,
  );
  return z.nullable(Credits).parse(device.view()?.book?.section('credits') ?? null)?.available;
}

/** Runs a scenario with each fault at each storage call, until there is no such call any more. */
async function everywhere(run: (fault: Fault) => Promise<{ reached: boolean }>): Promise<number[]> {
  const struck = [];
  for (const how of HOWS) {
    let at = 1;
    while ((await run({ at, how })).reached) at += 1;
    struck.push(at - 1);
  }
  return struck;
}

describe('wherever it strikes', () => {
  test('a proposal that was promised settles once, and one that was not may be repeated', async () => {
    const struck = await everywhere(async (fault) => {
      const { device } = await cutOff();
      const id = newIntentId();
      device.strike(fault);
      const taken = await device
        .outcome(() => device.propose('withdrawal.request', request('40'), id))
        .catch(() => 'refused');
      const reached = device.calls >= fault.at;
      device.strike(null);
      await device.reboot();
      if (taken === id) expect(device.view()?.pending.map(({ intent }) => intent.id)).toEqual([id]);
      else await device.propose('withdrawal.request', request('40'), id);
      expect(await settled(device)).toBe('60');
      return { reached };
    });
    for (const times of struck) expect(times).toBeGreaterThan(1);
  }, 60_000);

  test('while the answers come, nothing settles twice and nothing is left behind', async () => {
    const struck = await everywhere(async (fault) => {
      const { device } = await cutOff();
      await device.propose('withdrawal.request', request('10'));
      await device.propose('withdrawal.request', request('20'));
      device.strike(fault);
      device.online = true;
      device.look();
      const done = soon('all are answered', () => device.view()?.pending.length === 0, 3_000).catch(
        () => 'late',
      );
      await device.outcome(() => done);
      const reached = device.calls >= fault.at;
      device.strike(null);
      await device.reboot();
      expect(await settled(device)).toBe('70');
      return { reached };
    });
    for (const times of struck) expect(times).toBeGreaterThan(1);
  }, 60_000);

  test('healing a tray keeps its honest proposals', async () => {
    const struck = await everywhere(async (fault) => {
      const { device } = await cutOff();
      const id = await device.propose('withdrawal.request', request('10'));
      const { account_id, device_id, tray_epoch } = device.session.record ?? {};
      await as(device.factory, async () => {
        const doc = new Y.Doc();
        const database = trayDatabase(account_id ?? '', device_id ?? '', tray_epoch ?? 0);
        const store = await openStore(database, doc, () => {});
        const draft = new Y.Doc();
        draft.getMap('evil').set('balance', 1e9);
        await store.writeAhead(Y.encodeStateAsUpdate(draft));
        await store.close();
      });
      await device.reboot();
      device.strike(fault);
      device.online = true;
      device.look();
      const done = soon('it is answered', () => device.view()?.pending.length === 0, 3_000).catch(
        () => 'late',
      );
      await device.outcome(() => done);
      const reached = device.calls >= fault.at;
      device.strike(null);
      await device.reboot();
      expect(device.view()?.pending.every(({ intent }) => intent.id === id)).toBe(true);
      expect(await settled(device)).toBe('90');
      return { reached };
    });
    for (const times of struck) expect(times).toBeGreaterThan(1);
  }, 120_000);

  test('a forced sign-out ends signed out with nothing left, or is asked again', async () => {
    const struck = await everywhere(async (fault) => {
      const { device } = await cutOff();
      await device.propose('withdrawal.request', request('10'));
      expect(await as(device.factory, () => device.replica.signOut(false))).toBe(1);
      expect(device.view()?.pending).toHaveLength(1);
      device.strike(fault);
      await device.outcome(() => device.replica.signOut(true)).catch(() => 'failed');
      const reached = device.calls >= fault.at;
      device.strike(null);
      await device.reboot();
      if (device.view()) await as(device.factory, () => device.replica.signOut(true));
      expect(device.view()).toBeNull();
      await soon('nothing is left', async () => {
        const left = await device.factory.databases();
        return left.every(({ name }) => name === 'io-glance');
      });
      return { reached };
    });
    for (const times of struck) expect(times).toBeGreaterThan(1);
  }, 60_000);
});
