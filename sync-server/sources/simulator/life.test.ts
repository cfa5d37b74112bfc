import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { DAY, HOUR, type Ms } from '../../../shared/time.ts';
import type { JournalRow } from '../../ledger/journal.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { openLedger } from '../../ledger/open.ts';
import { DEFAULT_RULES } from '../../ledger/rules.ts';
import { audit } from '../../ledger/storage/audit.ts';
import { StorageError } from '../../ledger/storage/database.ts';
import { readCatalogue } from '../catalogue.ts';
import type { Course } from './course.ts';
import { createLife, newCourse, pastClock } from './life.ts';

const NOW = Date.UTC(2026, 10, 21, 15, 20);
const ACCOUNT = 'demo';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** A folder in which a life is lived, by one process after another. */
async function world() {
  const dataDir = await mkdtemp(join(tmpdir(), 'glance-life-'));
  folders.push(dataDir);
  let course: Course = newCourse(NOW);
  const failures: unknown[] = [];

  /** One process: opens the ledger, lives, closes. */
  async function run<T>(
    now: () => Ms,
    body: (parts: { life: ReturnType<typeof createLife>; ledger: Ledger }) => Promise<T>,
    wrap: (ledger: Ledger) => Ledger = (ledger) => ledger,
  ): Promise<T> {
    const real = { now };
    const clock = pastClock(real);
    const ledger = await openLedger({ dataDir, clock, rules: DEFAULT_RULES, ids: { seed: 'test' } });
    try {
      clock.moveTo(course[0].wall);
      const actor = { principal: 'system', scope: 'system' } as const;
      await ledger.settle({ account: ACCOUNT, actor, command: { kind: 'account.open', name: 'Demo' } });
      clock.moveTo(null);
      const note = (facts: object) => void failures.push(facts);
      const life = createLife({
        ledger: wrap(ledger),
        account: ACCOUNT,
        course,
        clock,
        real,
        seed: 'test',
        rules: DEFAULT_RULES,
        catalogue: readCatalogue(dataDir),
        keep: (changed) => (course = changed),
        log: { debug: () => undefined, warn: note, error: note },
      });
      return await body({ life, ledger });
    } finally {
      await ledger.close();
    }
  }
  return { run, failures, course: () => course };
}

async function journalOf(ledger: Ledger): Promise<JournalRow[]> {
  const rows: JournalRow[] = [];
  for (;;) {
    const more = await ledger.journal(ACCOUNT, rows.length, 1_000);
    rows.push(...more);
    if (more.length < 1_000) return rows;
  }
}

async function livedAtOnce(): Promise<JournalRow[]> {
  const { run } = await world();
  return run(
    () => NOW,
    async ({ life, ledger }) => {
      await life.catchUp();
      expect(await audit(ledger)).toEqual([]);
      return journalOf(ledger);
    },
  );
}

test('90 days of a believable life: what the demo has to show is in it', { timeout: 60_000 }, async () => {
  const rows = await livedAtOnce();
  const said = <K extends keyof JournalRow['patch']>(lane: K) =>
    rows.flatMap(({ patch }) => (patch[lane] === undefined ? [] : [patch[lane]]));
  const statuses = new Set(said('clusters').map((cluster) => cluster?.status));
  for (const status of [
    'unpaid',
    'deployment requested',
    'deploying',
    'running',
    'completed',
    'termination requested',
    'terminated',
    'destroyed',
    'failed',
  ]) {
    expect(statuses, status).toContain(status);
  }
  const latest = new Map(said('clusters').map((cluster) => [cluster?.id, cluster]));
  const running = [...latest.values()].filter((cluster) => cluster?.status === 'running');
  expect(running.length).toBeGreaterThanOrEqual(3);
  expect(running.length).toBeLessThanOrEqual(6);
  expect(new Set(running.map((cluster) => cluster?.type)).size).toBeGreaterThanOrEqual(3);

  const models = new Set(said('plan').flatMap((plan) => plan?.models.map(({ model }) => model)));
  expect(models.size).toBe(5);
  const types = new Set(said('recent').map((entry) => `${entry?.type} ${entry?.service}`));
  for (const type of [
    'purchase credits',
    'incentive credits',
    'expiry credits',
    'refund vm',
    'usage inference',
  ]) {
    expect(types, type).toContain(type);
  }
  const notices = new Set(said('notices').map((notice) => notice?.code));
  for (const code of ['grace_started', 'grace_ended', 'promo_expiring', 'alert_balance', 'purchase_failed']) {
    expect(notices, code).toContain(code);
  }
  const withdrawals = new Map(said('withdrawals').map((each) => [each?.id, each?.status]));
  expect([...withdrawals.values()].sort()).toEqual(['in_review', 'paid', 'rejected']);
  const credits = said('credits').at(-1);
  expect(credits).toMatchObject({ state: 'active', debt: '0' });
  expect(credits?.expiring.length).toBeGreaterThan(0);
  expect(
    said('tasks')
      .at(-1)
      ?.filter(({ done_at }) => done_at === null),
  ).toEqual([{ id: 'wallet_added', done_at: null }]);
  // Its own past: the first row stands where the life begins, the last one just before now.
  expect(rows[0]?.at).toBe(newCourse(NOW)[0].wall);
  expect(NOW - (rows.at(-1)?.at ?? 0)).toBeLessThan(2 * HOUR);
});

test(
  'the same seed gives the same journal, also when it is killed in the middle',
  { timeout: 60_000 },
  async () => {
    const whole = await livedAtOnce();
    const { run } = await world();
    // First it gets only as far as day 30; then a process dies in the middle of a batch; then it is brought to the end.
    await run(
      () => NOW - 60 * DAY,
      ({ life }) => life.catchUp(),
    );
    let orders = 0;
    const dying = (ledger: Ledger): Ledger => {
      const settle: Ledger['settle'] = (order) =>
        (orders += 1) > 1_111 ? Promise.reject(new StorageError('killed')) : ledger.settle(order);
      return new Proxy(ledger, {
        get: (target, name) => (name === 'settle' ? settle : Reflect.get(target, name, target)),
      });
    };
    await expect(
      run(
        () => NOW,
        ({ life }) => life.catchUp(),
        dying,
      ),
    ).rejects.toThrow('killed');
    const rows = await run(
      () => NOW,
      async ({ life, ledger }) => {
        await life.catchUp();
        return journalOf(ledger);
      },
    );
    expect(rows.length).toBe(whole.length);
    expect(rows).toEqual(whole);
  },
);

test(
  'it goes on as time does, faster when asked, and finds its way after a rest',
  { timeout: 60_000 },
  async () => {
    const { run, failures, course } = await world();
    const begun = performance.now();
    const now = () => NOW + Math.round(performance.now() - begun);
    const grown = await run(now, async ({ life, ledger }) => {
      await life.catchUp();
      const before = (await journalOf(ledger)).length;
      life.start(5_000);
      await expect
        .poll(async () => (await journalOf(ledger)).length, { timeout: 30_000 })
        .toBeGreaterThan(before + 40);
      await life.stop();
      const rows = await journalOf(ledger);
      // More events, the same clock.
      expect(rows.at(-1)?.at).toBeLessThanOrEqual(now());
      return rows.length;
    });
    expect(course().map(({ live }) => live)).toEqual([false, true]);
    const rested = () => now() + 6 * HOUR;
    await run(rested, async ({ life, ledger }) => {
      await life.catchUp();
      const rows = await journalOf(ledger);
      expect(rows.length).toBeGreaterThan(grown);
      expect(new Set(rows.flatMap(({ patch }) => patch.recent?.id ?? [])).size).toBe(rows.at(-1)?.n);
      expect(await audit(ledger)).toEqual([]);
    });
    expect(failures).toEqual([]);
  },
);
