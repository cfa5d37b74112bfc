import { expect, test } from 'vitest';
import { Cluster } from '../../shared/clusters.ts';
import { HOUR, MINUTE } from '../../shared/time.ts';
import type { Command, SourceReport } from './command.ts';
import { SYSTEM, TestLedger, USER } from './test-ledger.ts';

const CLUSTER: Cluster = {
  id: 'c1',
  source: 'ionet',
  name: 'one',
  type: 'container',
  status: 'running',
  device: 'H100',
  quantity: 1,
  hourly: '3',
  hours: 4,
  created_at: '2026-01-01T00:00:00.000Z',
  started_at: '2026-01-01T00:00:00.000Z',
  ends_at: null,
  ended_at: null,
  held: '0',
  paid: '12',
  served: '0',
  refunded: '0',
  refundable: '0',
  served_ms: 0,
  as_of: '',
  deadline: null,
  shortfall: null,
  reason: null,
};
const known = (more: Partial<Cluster> = {}) => ({ cluster: { ...CLUSTER, ...more }, detailed_at: null });
const key = { used: '1', limit: null, remaining: null, cycle: 'daily' };

function connected() {
  const ledger = new TestLedger();
  const connect: Command = { kind: 'source.connect', source: 'ionet', print: 'p' };
  ledger.ok(USER, connect);
  const report = (more: Partial<SourceReport> = {}) => {
    const before = ledger.rows.length;
    const nothing = { state: 'connected', missing: [], key: null, keys: null, clusters: [] } as const;
    ledger.ok(SYSTEM, {
      kind: 'source.report',
      source: 'ionet',
      ...nothing,
      missing: [],
      clusters: [],
      ...more,
    });
    return ledger.rows.slice(before).map(({ patch }) => patch);
  };
  return { ledger, report };
}

test('what is read is told, and no money moves', () => {
  const { ledger, report } = connected();
  ledger.fund('5');
  const [first, second] = report({ key, clusters: [known(), known({ id: 'c2' })] });
  expect(first).toMatchObject({ clusters: { id: 'c1', as_of: '2026-01-01T00:00:00.000Z' } });
  expect(second).toMatchObject({ clusters: { id: 'c2' }, sources: { ionet: { state: 'connected', key } } });
  expect(first).not.toHaveProperty('credits');
  expect(ledger.credits().available).toBe('5');
});

test('only what is new is told, and what grows with time now and then', () => {
  const { ledger, report } = connected();
  report({ key, clusters: [known()] });
  ledger.now += MINUTE;
  expect(report({ key, clusters: [known({ served_ms: MINUTE, served: '0.05' })] })).toEqual([]);
  expect(report({ key, clusters: [known({ served_ms: MINUTE, status: 'paused' })] })).toHaveLength(1);
  ledger.now += 11 * MINUTE;
  const [row] = report({ key, clusters: [known({ served_ms: 12 * MINUTE, status: 'paused' })] });
  const as_of = '2026-01-01T00:12:00.000Z';
  expect(Cluster.parse(row?.clusters)).toMatchObject({ served_ms: 12 * MINUTE, as_of });
  expect(row?.sources).toMatchObject({ ionet: { as_of } });
});

test('what could not be read stays as it was, with its age', () => {
  const { ledger, report } = connected();
  report({ key, keys: { keys: 1, today: '1', all_time: '2', models: [] } });
  ledger.now += HOUR;
  const [row] = report({ state: 'unreachable', missing: ['caas', 'vmaas', 'key'] });
  expect(row?.sources?.ionet).toMatchObject({
    state: 'unreachable',
    since: '2026-01-01T01:00:00.000Z',
    as_of: '2026-01-01T00:00:00.000Z',
    missing: ['caas', 'vmaas', 'key'],
    key,
    keys: { today: '1' },
  });
  ledger.now += HOUR;
  // A key that may no longer see all keys tells nothing of them any more.
  expect(report({ key, keys: 'unseen' })[0]?.sources?.ionet).toMatchObject({
    state: 'connected',
    keys: null,
  });
});

test('disconnected: what was told is gone, and nothing more is taken', () => {
  const { ledger, report } = connected();
  report({ clusters: [known(), known({ id: 'c2' })] });
  const before = ledger.rows.length;
  const end: Command = { kind: 'source.disconnect', source: 'ionet' };
  expect(ledger.ok(USER, end)).toEqual({ ionet: null });
  const patches = ledger.rows.slice(before).map(({ patch }) => patch);
  const gone = patches.flatMap(({ clusters }) => (clusters?.gone ? [clusters.id] : []));
  expect(gone.sort()).toEqual(['c1', 'c2']);
  expect(patches.at(-1)?.sources).toEqual({ ionet: null });
  const late = { state: 'connected', missing: [], key, keys: null, clusters: [known()] } as const;
  const report2: Command = {
    kind: 'source.report',
    source: 'ionet',
    ...late,
    missing: [],
    clusters: [known()],
  };
  expect(ledger.code(SYSTEM, report2)).toBe('not_found');
  expect(ledger.ok(USER, end)).toEqual({ ionet: null });
});

test('another key for the same connection forgets nothing; so many clusters are remembered, the live ones first', () => {
  const { ledger, report } = connected();
  const ended = { status: 'completed', ended_at: '2026-01-01T00:00:00.000Z' };
  report({
    clusters: [
      known({ id: 'live' }),
      ...Array.from({ length: 300 }, (_, n) => known({ id: `e${n}`, ...ended })),
    ],
  });
  const again: Command = { kind: 'source.connect', source: 'ionet', print: 'q' };
  expect(ledger.ok(USER, again)).toMatchObject({ ionet: { state: 'connecting' } });
  const record = ledger.state.records.get('source:ionet');
  if (record?.kind !== 'source') throw new Error('no record');
  expect(record.body.print).toBe('q');
  expect(record.body.clusters.length).toBeLessThanOrEqual(200);
  expect(record.body.clusters[0]?.cluster.id).toBe('live');
});
