// The history of an account, read in pages and in a stream, says on both engines what its journal says.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Entry } from '../../shared/account.ts';
import type { Ms } from '../../shared/time.ts';
import type { Command, Order } from '../../sync-server/ledger/command.ts';
import {
  type EntryFilter,
  entriesOf,
  findEntry,
  pageOfEntries,
  REFUSED_ID,
} from '../../sync-server/ledger/entries.ts';
import type { Ledger } from '../../sync-server/ledger/ledger.ts';
import { openLedger } from '../../sync-server/ledger/open.ts';
import { DEFAULT_RULES } from '../../sync-server/ledger/rules.ts';
import { type Cluster, startPostgres } from '../tools/postgres.ts';

const START: Ms = Date.UTC(2026, 0, 1);
const STEPS = 60;
const PER_STEP = 20;

describe.each(['sqlite', 'postgres'] as const)('on %s', (engine) => {
  let cluster: Cluster | null = null;
  let dataDir = '';
  let ledger: Ledger;
  let now = START;
  let model: Entry[] = [];

  const actors = {
    service: { principal: 'compute', scope: 'service' },
    finance: { principal: 'fin', scope: 'finance' },
    owner: { principal: 'u', scope: 'account' },
    system: { principal: 'system', scope: 'system' },
  } as const;
  const settle = (who: keyof typeof actors, command: Command, more: Partial<Order> = {}) =>
    ledger.settle({ account: 'u', actor: actors[who], command, ...more });

  beforeAll(async () => {
    if (engine === 'postgres') cluster = await startPostgres();
    else dataDir = await mkdtemp(join(tmpdir(), 'glance-entries-'));
    const databaseUrl = await cluster?.createDatabase();
    ledger = await openLedger({ dataDir, databaseUrl, clock: { now: () => now }, rules: DEFAULT_RULES });
    await settle('system', { kind: 'account.open', name: 'u' });
    await settle('finance', { kind: 'grant', id: 'g', amount: 1_000_000_000n, source: 'goodwill' });
    for (let step = 0; step < STEPS; step += 1) {
      now += 1000;
      const expires_at = now + 500;
      await settle('finance', { kind: 'grant', id: `p${step}`, amount: 5n, source: 'promo', expires_at });
      const charges = Array.from({ length: PER_STEP }, (_, index) =>
        settle('service', { kind: 'charge', id: `c${step}-${index}`, amount: 7n, service: 'vm' }),
      );
      const refused = settle(
        'owner',
        { kind: 'withdrawal.cancel', id: 'none' },
        { intent: `intent-${step}-0123456` },
      );
      await Promise.all([...charges, refused]);
    }
    for (let after = 0; ;) {
      const rows = await ledger.journal('u', after, 1000);
      model.push(...rows.flatMap(({ patch }) => (patch.recent ? [patch.recent] : [])));
      if (rows.length < 1000) break;
      after = rows.at(-1)?.seq ?? 0;
    }
    model = model.toReversed();
  });
  afterAll(async () => {
    await ledger.close();
    await cluster?.stop();
    if (dataDir) await rm(dataDir, { recursive: true, force: true });
  });

  async function all(filter: EntryFilter): Promise<Entry[]> {
    const found: Entry[] = [];
    for await (const some of entriesOf(ledger.database, 'u', filter))
      found.push(...some.map(({ entry }) => entry));
    return found;
  }

  test('all of it, newest first', async () => {
    expect(model.length).toBeGreaterThan(STEPS * PER_STEP);
    expect(await all({})).toEqual(model);
  });

  test('any window of time, also where what was due came late', async () => {
    for (const [from, to] of [
      [0, 1],
      [500, 1500],
      [1500, 1501],
      [20_000, 30_500],
      [59_999, 90_000],
      [-5, 0],
      [70_000, 80_000],
    ]) {
      const [first, end] = [START + (from ?? 0), START + (to ?? 0)];
      const wanted = model.filter(({ at }) => at >= first && at < end);
      expect(await all({ from: first, to: end }), `${from} to ${to}`).toEqual(wanted);
    }
  });

  test('rare entries in pages', async () => {
    const wanted = model.filter(({ type }) => type === 'refused');
    const seen: Entry[] = [];
    for (let before: number | undefined; ;) {
      const place = before === undefined ? { limit: 7 } : { before, limit: 7 };
      const page = await pageOfEntries(ledger.database, 'u', { types: ['refused'] }, place);
      seen.push(...page.map(({ entry }) => entry));
      before = page.at(-1)?.seq;
      if (page.length < 7) break;
    }
    expect(seen).toEqual(wanted);
  });

  test('each one by its id', async () => {
    for (const entry of model.filter((_, index) => index % 17 === 0)) {
      expect((await findEntry(ledger.database, 'u', entry.id))?.entry).toEqual(entry);
    }
    const refusal = model.find(({ type }) => type === 'refused');
    expect((await findEntry(ledger.database, 'u', refusal?.id ?? ''))?.entry).toEqual(refusal);
    expect(await findEntry(ledger.database, 'v', model[0]?.id ?? '')).toBeNull();
  });

  test('the index of refusals is used', async () => {
    const plan = await ledger.database.read(
      `EXPLAIN ${engine === 'sqlite' ? 'QUERY PLAN ' : ''}SELECT seq FROM journal
       WHERE account = 'u' AND private_digest IS NOT NULL AND ${REFUSED_ID[engine]} = 'x'`,
    );
    expect(plan.map((row) => Object.values(row).join(' ')).join('\n')).toContain('journal_refusal');
  });
});
