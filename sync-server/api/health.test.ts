import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openRig, type Rig } from './rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await openRig();
});
afterEach(() => rig.close());

const ready = () => rig.send('GET', '/readyz');
const refused = (reason: string) => ({ status: 503, body: { code: 'retry_later', reason } });

test('a server whose ledger was found damaged lives, and is not ready', async () => {
  const { apiKey, account } = await rig.person();
  const sql = 'UPDATE account SET credits_seq = credits_seq + 1 WHERE id = $1';
  await rig.ledger.database.write([{ sql, params: [account] }]);
  // Nobody has read it yet.
  expect((await ready()).status).toBe(200);
  expect((await rig.call(apiKey, 'GET', '/credits')).status).toBe(503);
  expect(await ready()).toMatchObject(refused('damaged'));
  expect((await rig.send('GET', '/healthz')).status).toBe(200);
});

/** Lets the ledger's file grow no further, and uses what room there is. */
async function fillDisk(): Promise<void> {
  const { database } = rig.ledger;
  await database.write([{ sql: 'PRAGMA max_page_count = 1' }]);
  const sql = 'INSERT INTO checkpoint (document, seq, state) VALUES ($1, 0, $2)';
  const fill = () => database.write([{ sql, params: [`filling:${randomUUID()}`, new Uint8Array()] }]);
  await expect(
    (async () => {
      for (;;) await fill();
    })(),
  ).rejects.toThrow('database or disk is full');
}

test('one that cannot write is not ready until it can, and is asked as often as one likes', async () => {
  const { database } = rig.ledger;
  await fillDisk();
  expect(await ready()).toMatchObject(refused('not_writable'));
  await database.write([{ sql: 'PRAGMA max_page_count = 1000000' }]);
  await Promise.all(Array.from({ length: 20 }, ready));
  expect(rig.logged.filter(({ message }) => message === 'nothing can be settled')).toHaveLength(1);
  expect(await ready()).toMatchObject(refused('not_writable'));
  rig.pass(2_000);
  expect((await ready()).status).toBe(200);
  expect(await database.read("SELECT 1 FROM checkpoint WHERE document LIKE 'ready:%'")).toEqual([]);
});

test('one whose ledger is closed is not ready', async () => {
  await rig.ledger.close();
  expect(await ready()).toMatchObject(refused('not_writable'));
});
