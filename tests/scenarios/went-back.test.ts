// A ledger that was put back to an older state (rules.md X31): the server notices it by what devices hold, and no device
// is locked out or mixes what was with what is.
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { Entry } from '../../shared/account.ts';
import { bookName, pageName } from '../../shared/documents.ts';
import { backUp } from '../../sync-server/backup.ts';
import { DEFAULT_RULES } from '../../sync-server/ledger/rules.ts';
import { restore } from '../../sync-server/restore.ts';
import { creditsOf, entriesOf, soon } from './lib/device.ts';
import { follow, protocolsOf } from './lib/follower.ts';
import type { ReplicaDevice } from './lib/replica-device.ts';
import { balanceOf, signedIn, WALLET } from './lib/replica-person.ts';
import { fund, type Person, register, signIn, startTestServer, type TestServer } from './lib/server.ts';

let server: TestServer;
let person: Person;
let laptop: ReplicaDevice;

const fileIn = (dataDir: string) => join(dataDir, 'glance.sqlite');
const copyIn = (dataDir: string) => join(dataDir, 'copy.sqlite');
const purchases = () =>
  z
    .array(Entry)
    .parse(laptop.view()?.book?.recent() ?? [])
    .filter(({ type }) => type === 'purchase')
    .map(({ amount }) => amount);
const available = () => balanceOf(laptop);

/** A device signs in and sees 100 credits; a copy is made; it sees 50 more, and goes offline. */
beforeEach(async () => {
  server = await startTestServer();
  person = await register(server, 'Ada');
  await fund(server, person, 100n);
  laptop = await signedIn(server, person);
  await backUp(fileIn(server.dataDir), copyIn(server.dataDir));
  laptop.look();
  await fund(server, person, 50n);
  await soon('it sees all', () => available() === '150');
  laptop.online = false;
});
afterEach(async () => {
  await laptop.reboot();
  await server[Symbol.asyncDispose]();
});

function restored(dataDir: string) {
  return restore({
    copy: copyIn(dataDir),
    file: fileIn(dataDir),
    rules: DEFAULT_RULES,
    acceptLoss: true,
    now: new Date(),
  });
}
/** With the whole data folder of an older day: there is no mark to tell. */
function byHand(dataDir: string): void {
  copyFileSync(copyIn(dataDir), fileIn(dataDir));
  rmSync(`${fileIn(dataDir)}.mark`);
}
const metrics = async () => (await fetch(`http://127.0.0.1:${server.running.port}/metrics`)).text();

test('after a restore a device clones its book again, and what it proposes settles', async () => {
  await server.restart(async (dataDir) => void (await restored(dataDir)));
  laptop.online = true;
  laptop.look();
  await soon('it sees what is', () => available() === '100' && purchases().join() === '100');
  await laptop.propose('withdrawal.request', { amount: '40', wallet_address: WALLET });
  await soon('it is settled', () => available() === '60' && laptop.view()?.pending.length === 0);
  expect(laptop.view()?.connection).toBe('live');
  // It knows what it meant to be: that is no alarm.
  expect(await metrics()).toMatch(/^glance_sync_devices_ahead_total 0$/m);
});

test('a device that comes when the restored ledger has long gone on mixes nothing', async () => {
  await server.restart(async (dataDir) => void (await restored(dataDir)));
  for (const amount of [1n, 2n, 3n, 4n]) await fund(server, person, amount);
  laptop.online = true;
  laptop.look();
  await soon('it sees what is', () => available() === '110' && purchases().length === 5);
  expect(purchases()).toEqual(['100', '1', '2', '3', '4']);
});

test('put back by hand, without a mark: the first device tells, and none is locked out', async () => {
  await server.restart(byHand);
  expect(await metrics()).toMatch(/^glance_sync_devices_ahead_total 0$/m);
  laptop.online = true;
  laptop.look();
  await soon('it sees what is', () => available() === '100' && purchases().join() === '100');
  expect(await metrics()).toMatch(/^glance_sync_devices_ahead_total [1-9]/m);
  await laptop.propose('withdrawal.request', { amount: '40', wallet_address: WALLET });
  await soon('it is settled', () => available() === '60' && laptop.view()?.pending.length === 0);
});

/** Followers of all there is, as of the 150 credits; they come back, with a token of today, when the ledger has gone back. */
async function followersBefore(goBack: (dataDir: string) => unknown, since: bigint) {
  const names = [bookName(person.account), pageName(person.account, 0)];
  const before = await signIn(server, person, 'reader');
  const followers = names.map((name) => follow(server, name, before));
  await soon('they have all', () =>
    followers.every(({ doc, provider }) => provider.synced && doc.share.size > 0),
  );
  for (const { provider } of followers) provider.disconnect();
  await server.restart(async (dataDir) => void (await goBack(dataDir)));
  if (since > 0n) await fund(server, person, since);
  const token = await signIn(server, person, 'reader');
  for (const follower of followers) {
    follower.closes.length = 0;
    follower.provider.protocols = protocolsOf(token);
  }
  return { followers, token };
}

test.each([
  ['restored, and has gone on', restored, 50n],
  ['put back by hand', byHand, 0n],
])(
  'a plain follower of a ledger that was %s is told to start anew, and mixes nothing',
  async (_how, goBack, since) => {
    const { followers, token } = await followersBefore(goBack, since);
    for (const { provider, closes } of followers) {
      const given = new Promise((resolve) => provider.on('closed', resolve));
      provider.connect();
      // It gives up by itself, and says so.
      await given;
      expect(closes).toEqual([4409]);
    }
    const [book] = followers;
    expect(book && creditsOf(book.doc)?.balance).toBe('150');
    using anew = follow(server, bookName(person.account), token);
    await soon('it follows again', () => creditsOf(anew.doc)?.balance === `${100n + since}`);
    const bought = entriesOf(anew.doc).filter(({ type }) => type === 'purchase');
    expect(bought.map(({ amount }) => amount)).toEqual(since > 0n ? ['100', `${since}`] : ['100']);
    for (const follower of followers) follower[Symbol.dispose]();
  },
);
