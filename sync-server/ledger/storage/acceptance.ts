// What every storage must pass, through the ledger's own door: the same tests for SQLite and PostgreSQL.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Ms } from '../../../shared/time.ts';
import { DEFAULT_RULES } from '../rules.ts';
import type { Ledger } from '../ledger.ts';
import { type LedgerOptions, openLedger } from '../open.ts';
import { audit } from './audit.ts';
import { startChild } from './child.ts';
import { ConstraintError } from './database.ts';
import { buy, COMPUTE, FINANCE, give, keyOf, openAccount, pay, textOf } from './test-orders.ts';

/** Where a fresh, empty database is. */
export interface Place {
  where: Pick<LedgerOptions, 'dataDir' | 'databaseUrl'>;
  remove(): Promise<void>;
}

const START: Ms = Date.UTC(2026, 0, 1);

/** Declares the suite for one storage; `make` brings a fresh database for each test. */
export function storageAcceptance(name: string, make: () => Promise<Place>): void {
  // Real files, threads and processes: on a busy machine each may take its time.
  describe(`${name} as a ledger's storage`, { timeout: 60_000 }, () => {
    let place: Place;
    let ledger: Ledger;
    let now: Ms;

    const reopen = () => openLedger({ ...place.where, clock: { now: () => now }, rules: DEFAULT_RULES });

    beforeEach(async () => {
      now = START;
      place = await make();
      ledger = await reopen();
    });
    afterEach(async () => {
      await ledger.close();
      await place.remove();
    });

    const fund = async (account: string, amount: bigint) => {
      const id = textOf(await ledger.settle(buy(account, amount)), 'id');
      const outcome = await ledger.settle(pay(account, id, `pay-${id}`, amount));
      expect(outcome).toMatchObject({ ok: true });
      return id;
    };

    test('settles, and answers from what it settled', async () => {
      await ledger.settle(openAccount('u'));
      const id = await fund('u', 100_000_000n);
      expect(await ledger.credits('u')).toMatchObject({
        available: '100',
        balance: '100',
        withdrawable: '100',
      });
      expect(await ledger.purchase('u', id)).toMatchObject({ id, status: 'settled', total: '100' });
      expect(await ledger.accountOfPurchase(id)).toBe('u');
      expect(await audit(ledger)).toEqual([]);
    });

    test('what does not exist is null, not an error', async () => {
      expect(await ledger.credits('nobody')).toBeNull();
      expect(await ledger.purchase('nobody', 'p')).toBeNull();
      expect(await ledger.accountOfPurchase('p')).toBeNull();
      expect(await ledger.journal('nobody', 0, 10)).toEqual([]);
      const outcome = await ledger.settle(buy('nobody', 1_000_000n));
      expect(outcome).toMatchObject({ ok: false, problem: { code: 'not_found' } });
    });

    test('the same key and body is answered again, another body refused, and nothing is written twice', async () => {
      await ledger.settle(openAccount('u'));
      const first = await ledger.settle(buy('u', 5_000_000n, keyOf('k1')));
      const again = await ledger.settle(buy('u', 5_000_000n, keyOf('k1')));
      expect(again).toEqual({ ...first, replayed: true });
      const other = await ledger.settle(buy('u', 6_000_000n, keyOf('k1')));
      expect(other).toMatchObject({ ok: false, problem: { code: 'idempotency_key_reuse' } });
      expect(await ledger.journal('u', first.seq, 10)).toEqual([]);
    });

    test('the same key twice at the same time settles once', async () => {
      await ledger.settle(openAccount('u'));
      const order = buy('u', 5_000_000n, keyOf('k1'));
      const outcomes = await Promise.all([order, order, order].map((each) => ledger.settle(each)));
      expect(outcomes.filter(({ replayed }) => replayed)).toHaveLength(2);
      expect(new Set(outcomes.map((outcome) => textOf(outcome, 'id'))).size).toBe(1);
    });

    test('a key belongs to its principal: another may use the same', async () => {
      await Promise.all(['u', 'v'].map((account) => ledger.settle(openAccount(account))));
      const [mine, theirs] = await Promise.all(
        ['u', 'v'].map((account) => ledger.settle(buy(account, 5_000_000n, keyOf('k1')))),
      );
      expect([mine?.replayed, theirs?.replayed]).toEqual([false, false]);
    });

    test('one payment credits once, however often and at once it is reported', async () => {
      await ledger.settle(openAccount('u'));
      const id = textOf(await ledger.settle(buy('u', 7_000_000n)), 'id');
      await Promise.all(Array.from({ length: 5 }, () => ledger.settle(pay('u', id, 'one', 7_000_000n))));
      expect(await ledger.credits('u')).toMatchObject({ available: '7' });
      expect(await audit(ledger)).toEqual([]);
    });

    test('a payment credited to one account is refused to another, and harms none beside it', async () => {
      await Promise.all(['u', 'v', 'w'].map((account) => ledger.settle(openAccount(account))));
      const [u, v, w] = await Promise.all(
        ['u', 'v', 'w'].map(async (account) => textOf(await ledger.settle(buy(account, 3_000_000n)), 'id')),
      );
      const [first, second, beside] = await Promise.all([
        ledger.settle(pay('u', String(u), 'same', 3_000_000n)),
        ledger.settle(pay('v', String(v), 'same', 3_000_000n)),
        ledger.settle(pay('w', String(w), 'other', 3_000_000n)),
      ]);
      expect([first, second].filter((outcome) => outcome?.ok)).toHaveLength(1);
      expect([first, second].find((outcome) => !outcome?.ok)).toMatchObject({
        problem: { code: 'duplicate_id' },
      });
      expect(beside).toMatchObject({ ok: true });
      expect(await audit(ledger)).toEqual([]);
    });

    test('100 orders on one account at once: seq without a gap, in the order they were handed in', async () => {
      await ledger.settle(openAccount('u'));
      const head = (await ledger.journal('u', 0, 100)).length;
      const outcomes = await Promise.all(
        Array.from({ length: 100 }, (_, index) =>
          ledger.settle(give('u', BigInt(index + 1) * 1_000_000n, keyOf(`g${index}`))),
        ),
      );
      const seqs = outcomes.map(({ seq }) => seq);
      expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
      expect(outcomes.map((outcome) => textOf(outcome, 'amount'))).toEqual(
        Array.from({ length: 100 }, (_, index) => String(index + 1)),
      );
      const rows = await ledger.journal('u', head, 1_000);
      expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => head + index + 1));
      expect(rows.at(-1)?.seq).toBe(seqs.at(-1));
    });

    test('many accounts at once, refusals among them: each gets its own answer', async () => {
      const accounts = Array.from({ length: 60 }, (_, index) => `u${index}`);
      await Promise.all(accounts.map((account) => ledger.settle(openAccount(account))));
      const outcomes = await Promise.all(
        accounts.map((account, index) => ledger.settle(buy(account, index % 3 === 0 ? 1n : 2_000_000n))),
      );
      for (const [index, outcome] of outcomes.entries()) expect(outcome.ok).toBe(index % 3 !== 0);
      await Promise.all(accounts.map((account) => fund(account, 2_000_000n)));
      expect(await ledger.credits('u7')).toMatchObject({ available: '2' });
      expect(await audit(ledger)).toEqual([]);
    });

    test('says of each commit once per account how far it got', async () => {
      const heard = new Map<string, number[]>();
      ledger.events.on('committed', ({ account, seq }) =>
        heard.set(account, [...(heard.get(account) ?? []), seq]),
      );
      await Promise.all(['u', 'v'].map((account) => ledger.settle(openAccount(account))));
      const outcome = await ledger.settle(buy('u', 2_000_000n));
      expect(heard.get('u')?.at(-1)).toBe(outcome.seq);
      expect(heard.get('v')).toHaveLength(1);
    });

    test('what is due is settled before credits are told, and by runDue', async () => {
      await ledger.settle(openAccount('u'));
      const id = textOf(await ledger.settle(buy('u', 2_000_000n)), 'id');
      const due = await ledger.runDue(10);
      expect(due).toBeGreaterThan(now);
      now = Number(due) + 1;
      await ledger.credits('u');
      expect(await ledger.purchase('u', id)).toMatchObject({ status: 'expired' });
      expect(await ledger.runDue(10)).toBeNull();
    });

    test('what is closed is found again when something names it: a refund, a reversal, a second refund too many', async () => {
      await ledger.settle(openAccount('u'));
      await fund('u', 10_000_000n);
      const charge = { kind: 'charge', id: 'c1', amount: 10_000_000n, service: 'vm' } as const;
      const charged = await ledger.settle({ account: 'u', actor: COMPUTE, command: charge });
      expect(charged).toMatchObject({ ok: true });
      await ledger.close();
      ledger = await reopen();
      const refund = (id: string, amount: bigint) => {
        const command = { kind: 'charge.refund', charge_id: 'c1', id, amount } as const;
        return ledger.settle({ account: 'u', actor: COMPUTE, command });
      };
      const [first, again, second, over] = await Promise.all([
        refund('r1', 4_000_000n),
        refund('r1', 4_000_000n),
        refund('r2', 5_000_000n),
        refund('r3', 2_000_000n),
      ]);
      expect(first).toMatchObject({ ok: true, replayed: false });
      expect(again).toMatchObject({ ok: true, replayed: true, seq: first.seq });
      expect(second).toMatchObject({ ok: true });
      expect(over).toMatchObject({ ok: false, problem: { code: 'refund_exceeds_charge' } });
      expect(await refund('r1', 1_000_000n)).toMatchObject({ problem: { code: 'duplicate_id' } });
      expect(await ledger.credits('u')).toMatchObject({ available: '9', withdrawable: '9' });
      expect(await audit(ledger)).toEqual([]);
    });

    test('a posted transfer can be reversed once, also after a restart', async () => {
      await ledger.settle(openAccount('u'));
      const grant = { kind: 'grant', id: 'g1', amount: 5_000_000n, source: 'goodwill' } as const;
      await ledger.settle({ account: 'u', actor: FINANCE, command: grant });
      const [entry] = (await ledger.journal('u', 0, 100)).flatMap(({ patch }) => patch.recent ?? []);
      await ledger.close();
      ledger = await reopen();
      const reverse = (id: string) => {
        const reasons = { reason: 'by mistake', approver: 'second' };
        const command = { kind: 'reversal', id, transfer_id: entry?.id ?? '', ...reasons } as const;
        return ledger.settle({ account: 'u', actor: FINANCE, command });
      };
      expect(await reverse('v1')).toMatchObject({ ok: true });
      expect(await reverse('v2')).toMatchObject({ ok: false });
      expect(await ledger.credits('u')).toMatchObject({ available: '0' });
      expect(await audit(ledger)).toEqual([]);
    });

    test('a restart keeps everything, and the next seq follows', async () => {
      await ledger.settle(openAccount('u'));
      await fund('u', 9_000_000n);
      const before = await ledger.settle(buy('u', 2_000_000n, keyOf('k1')));
      const rows = await ledger.journal('u', 0, 100);
      await ledger.close();
      ledger = await reopen();
      expect(await ledger.journal('u', 0, 100)).toEqual(rows);
      expect(await ledger.settle(buy('u', 2_000_000n, keyOf('k1')))).toEqual({ ...before, replayed: true });
      await fund('u', 1_000_000n);
      expect(await ledger.credits('u')).toMatchObject({ available: '10' });
      expect(await audit(ledger)).toEqual([]);
    });

    test.each(['transfer', 'posting', 'journal'])('%s takes no UPDATE and no DELETE', async (table) => {
      await ledger.settle(openAccount('u'));
      await fund('u', 9_000_000n);
      const column = { transfer: 'kind', posting: 'name', journal: 'hash' }[table] ?? '';
      for (const sql of [`UPDATE ${table} SET ${column} = 'x'`, `DELETE FROM ${table}`]) {
        await expect(ledger.database.write([{ sql }])).rejects.toThrow(/append-only/);
      }
      expect(await audit(ledger)).toEqual([]);
    });

    test('other tables: integers come as bigint, bytes as bytes, and a write is whole or not at all', async () => {
      const state = new Uint8Array([0, 1, 255]);
      const insert = 'INSERT INTO checkpoint (document, seq, state) VALUES ($1, $2, $3) RETURNING seq';
      const [rows] = await ledger.database.write([{ sql: insert, params: ['a', 2n ** 60n, state] }]);
      expect(rows).toEqual([{ seq: 2n ** 60n }]);
      const failing = ledger.database.write([
        { sql: insert, params: ['b', 1, state] },
        { sql: insert, params: ['a', 1, state] },
      ]);
      await expect(failing).rejects.toBeInstanceOf(ConstraintError);
      const [read, ...more] = await ledger.database.read('SELECT document, seq, state FROM checkpoint');
      expect(more).toEqual([]);
      expect(read?.['seq']).toBe(2n ** 60n);
      expect(Uint8Array.from(read?.['state'] as Uint8Array)).toEqual(state);
    });

    test('a faulty statement beside orders harms only itself', async () => {
      await ledger.settle(openAccount('u'));
      const [outcome, failed] = await Promise.allSettled([
        ledger.settle(buy('u', 2_000_000n)),
        ledger.database.write([{ sql: 'INSERT INTO nowhere VALUES (1)' }]),
        ledger.settle(buy('u', 3_000_000n)),
      ]);
      expect(outcome).toMatchObject({ status: 'fulfilled', value: { ok: true } });
      expect(failed.status).toBe('rejected');
      expect(await audit(ledger)).toEqual([]);
    });

    test('a fault of ours while deciding fails its own order, changes nothing, and harms no other', async () => {
      await ledger.settle(openAccount('u'));
      // What the types forbid stands for a bug in a rule: a number where bigints are added.
      const faulty = buy('u', 2_500_000.5 as unknown as bigint, keyOf('faulty'));
      const [before, fault, after] = await Promise.allSettled(
        [buy('u', 2_000_000n), faulty, buy('u', 3_000_000n)].map((order) => ledger.settle(order)),
      );
      expect(before).toMatchObject({ status: 'fulfilled', value: { ok: true } });
      expect(after).toMatchObject({ status: 'fulfilled', value: { ok: true } });
      expect(fault).toMatchObject({ status: 'rejected', reason: { name: 'LedgerFault' } });
      expect(await ledger.settle(buy('u', 2_000_000n, keyOf('faulty')))).toMatchObject({
        ok: true,
        replayed: false,
      });
      expect(await audit(ledger)).toEqual([]);
    });

    test('kill -9 loses nothing that was acknowledged', async () => {
      await ledger.settle(openAccount('u'));
      await ledger.close();
      const acknowledged: string[] = [];
      for (let round = 0; round < 3; round += 1) {
        acknowledged.push(...(await startChild({ ...place.where, account: 'u', round }).killAfter(40)));
      }
      ledger = await reopen();
      for (const line of acknowledged) {
        const [key = '', seq] = line.split(' ');
        const outcome = await ledger.settle(give('u', 2_000_000n, key));
        expect(outcome).toMatchObject({ ok: true, replayed: true, seq: Number(seq) });
      }
      expect(acknowledged.length).toBeGreaterThanOrEqual(120);
      expect(await audit(ledger)).toEqual([]);
    });
  });
}
