// The ledger on a real PostgreSQL: the acceptance suite of every storage, and what only several servers can show.
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Order } from '../../sync-server/ledger/command.ts';
import type { Ledger } from '../../sync-server/ledger/ledger.ts';
import { openLedger } from '../../sync-server/ledger/open.ts';
import { DEFAULT_RULES } from '../../sync-server/ledger/rules.ts';
import { storageAcceptance } from '../../sync-server/ledger/storage/acceptance.ts';
import { audit } from '../../sync-server/ledger/storage/audit.ts';
import { StorageError } from '../../sync-server/ledger/storage/database.ts';
import { missingChecksums } from '../../sync-server/ledger/storage/postgres-checksums.ts';
import { buy, give, keyOf, openAccount } from '../../sync-server/ledger/storage/test-orders.ts';
import { type Cluster, startPostgres } from '../tools/postgres.ts';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startPostgres();
});
afterAll(() => cluster.stop());

storageAcceptance('PostgreSQL', async () => {
  const databaseUrl = await cluster.createDatabase();
  return { where: { dataDir: 'unused', databaseUrl }, remove: async () => {} };
});

describe('two servers on one PostgreSQL', () => {
  let url: string;
  let first: Ledger;
  let second: Ledger;
  const clock = { now: () => Date.UTC(2026, 0, 1) };
  const open = () => openLedger({ dataDir: 'unused', databaseUrl: url, clock, rules: DEFAULT_RULES });
  const purchases = async (): Promise<number> => {
    const [row] = await second.database.read("SELECT count(*) AS n FROM record WHERE kind = 'purchase'");
    return Number(row?.['n']);
  };

  beforeEach(async () => {
    url = await cluster.createDatabase();
    // Both at once: one of them migrates, the other waits for it.
    [first, second] = await Promise.all([open(), open()]);
  });
  afterEach(() => Promise.all([first.close(), second.close()]));

  test('a PostgreSQL whose pages have no checksums is told of, with what to do', async () => {
    const [row] = await first.database.read('SHOW data_checksums');
    const told = await missingChecksums(first.database);
    if (row?.['data_checksums'] === 'on') expect(told).toBeNull();
    else expect(told).toMatch(/data_checksums is off[^]*pg_checksums --enable/);
  });

  test('settle one account together: no gap, no lost update, no deadlock', async () => {
    const accounts = ['u0', 'u1', 'u2', 'u3'];
    await Promise.all(accounts.map((account) => first.settle(openAccount(account))));
    const orders = Array.from({ length: 200 }, (_, index) => buy(accounts[index % 4] ?? 'u0', 2_000_000n));
    const outcomes = await Promise.all(
      orders.map((order, index) => (index % 3 === 0 ? first : second).settle(order)),
    );
    for (const outcome of outcomes) expect(outcome).toMatchObject({ ok: true, replayed: false });
    expect(await purchases()).toBe(200);
    expect(await audit(first)).toEqual([]);
  });

  const charge = (account: string, id: string, principal = 'compute'): Order => {
    const command = { kind: 'charge', id, amount: 1_000_000n, service: 'vm' } as const;
    return { account, actor: { principal, scope: 'service' }, command };
  };

  test('take turns on one account: what one remembers, the other has changed', async () => {
    await first.settle(openAccount('u'));
    await first.settle(give('u', 100_000_000n, keyOf('funds')));
    for (let turn = 0; turn < 20; turn += 1) {
      // Two in a row, so that the second one is settled from memory.
      for (const half of ['a', 'b']) {
        const outcome = await (turn % 2 ? first : second).settle(charge('u', `c${turn}${half}`));
        expect(outcome).toMatchObject({ ok: true, replayed: false });
      }
    }
    expect(await first.credits('u')).toMatchObject({ balance: '60' });
    expect(await audit(first)).toEqual([]);
  });

  test('a refusal is never decided from what is remembered alone', async () => {
    await first.settle(openAccount('u'));
    await first.settle(give('u', 1_000_000n, keyOf('funds')));
    expect(await first.settle(charge('u', 'c1'))).toMatchObject({ ok: true });
    expect(await first.settle(charge('u', 'c2'))).toMatchObject({ ok: false });
    expect(await second.settle(give('u', 1_000_000n, keyOf('more')))).toMatchObject({ ok: true });
    expect(await first.settle(charge('u', 'c3'))).toMatchObject({ ok: true });
    expect(await first.credits('u')).toMatchObject({ balance: '0' });
    expect(await audit(first)).toEqual([]);
  });

  test('an id whose record is no longer remembered is charged once, whoever sends it', async () => {
    await first.settle(openAccount('u'));
    await first.settle(give('u', 100_000_000n, keyOf('funds')));
    for (let count = 0; count < 40; count += 1) await first.settle(charge('u', `c${count}`));
    const again = await first.settle(charge('u', 'c0', 'another'));
    expect(again).toMatchObject({ ok: true, answer: { id: 'c0', status: 'charged' } });
    expect(await first.settle(charge('u', 'c1'))).toMatchObject({ ok: true, replayed: true });
    expect(await first.credits('u')).toMatchObject({ balance: '60' });
    expect(await audit(first)).toEqual([]);
  });

  test('the same key on both at once settles once', async () => {
    await Promise.all(['u', 'v'].map((account) => first.settle(openAccount(account))));
    for (let round = 0; round < 20; round += 1) {
      const order = buy('u', 2_000_000n, keyOf(`k${round}`));
      const [mine, theirs] = await Promise.all([first.settle(order), second.settle(order)]);
      expect(mine.replayed).toBe(!theirs.replayed);
      expect({ ...mine, replayed: false }).toEqual({ ...theirs, replayed: false });
    }
    expect(await purchases()).toBe(20);
  });

  test('each hears what the other committed', async () => {
    await first.settle(openAccount('u'));
    const heard: number[] = [];
    second.events.on('committed', ({ seq }) => heard.push(seq));
    const { seq } = await first.settle(buy('u', 2_000_000n));
    await vi.waitFor(() => expect(heard.at(-1)).toBe(seq));
  });

  test('a session revoked on one is revoked on the other, once', async () => {
    const heard: unknown[] = [];
    for (const ledger of [first, second]) ledger.events.on('revoked', (revoked) => heard.push(revoked));
    first.events.emit('revoked', { account: 'u', session: 's' });
    await vi.waitFor(() => expect(heard).toHaveLength(2));
    // Whatever the second server would tell again would be here before this commit's hint.
    const grown = new Promise((resolve) => first.events.once('committed', resolve));
    await second.settle(openAccount('u'));
    await grown;
    expect(heard).toEqual([
      { account: 'u', session: 's' },
      { account: 'u', session: 's' },
    ]);
  });

  test('connections cut at any instant: every order settles exactly once', async () => {
    await first.settle(openAccount('u'));
    const knife = new Client(url);
    await knife.connect();
    const cutting = new AbortController();
    const cut = async () => {
      while (!cutting.signal.aborted) {
        await knife.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND pid <> pg_backend_pid() AND random() < 0.3`,
        );
        await sleep(30);
      }
    };
    const cuts = cut();
    let settled = 0;
    for (let round = 0; round < 40; round += 1) {
      const results = await Promise.allSettled(
        Array.from({ length: 10 }, (_, index) => (index % 2 ? first : second).settle(buy('u', 2_000_000n))),
      );
      for (const result of results) {
        if (result.status === 'fulfilled') settled += 1;
        else expect(result.reason).toBeInstanceOf(StorageError);
      }
    }
    cutting.abort();
    await cuts;
    await knife.end();
    // Orders without a key: a doubtful commit that was tried again would count twice.
    await vi.waitFor(async () => expect(await purchases()).toBe(settled));
    expect(settled).toBeGreaterThan(200);
    expect(await audit(first)).toEqual([]);
  });

  test('a crash of the database loses nothing acknowledged and doubles nothing', async () => {
    await first.settle(openAccount('u'));
    const settled: string[] = [];
    const write = async (ledger: Ledger, writer: number) => {
      for (let count = 0; count < 60; count += 1) {
        const key = keyOf(`w${writer}-${count}`);
        for (;;) {
          const outcome = await ledger.settle(buy('u', 2_000_000n, key)).catch((error: unknown) => {
            expect(error).toBeInstanceOf(StorageError);
            return sleep(50).then(() => null);
          });
          if (outcome?.ok) break;
        }
        settled.push(key);
      }
    };
    const writing = Promise.all(
      [0, 1, 2, 3, 4, 5].map((writer) => write(writer % 2 ? first : second, writer)),
    );
    await sleep(100);
    await cluster.crash();
    await sleep(100);
    await cluster.crash();
    await writing;
    expect(settled).toHaveLength(360);
    expect(await purchases()).toBe(360);
    expect(await audit(second)).toEqual([]);
  });
});
