// The states that every surface is looked at in, as snapshots that pass the schema which the worker writes by.
import * as v from 'valibot';
import { MINUTE } from '../../../shared/time.ts';
import { Snapshot } from '../../../extension/view/snapshot-schema.ts';
import type { Snapshot as SnapshotRecord } from '../../../extension/view/snapshot.ts';
import { at, NOW } from './moment.ts';
import { cluster, CREDITS, EMPTY, EXTREME, GRACE, NORMAL, week } from './snapshots.ts';

const intent = (suffix: string) => `0198a7f0-0000-7000-8000-${suffix.padStart(12, '0')}`;

/** Name of a state, and the snapshot that brings the popup into it; null is a device without an account. */
export const STATES: Record<string, SnapshotRecord | null> = {
  'no account': null,
  waiting: {
    ...EMPTY,
    account: { ...EMPTY.account, name: '' },
    confirmed_at: null,
    stale_at: null,
    tasks_open: [],
    tasks_done: 0,
  },
  empty: EMPTY,
  normal: NORMAL,
  extreme: EXTREME,
  grace: GRACE,
  offline: {
    ...NORMAL,
    connection: 'offline',
    notices: { unseen: 0, items: [] },
    pending: [
      {
        id: intent('1'),
        kind: 'deployment.extend',
        at: NOW - 46 * MINUTE,
        state: 'waiting',
        subject: 'c1',
        hours: 24,
      },
      { id: intent('2'), kind: 'withdrawal.request', at: NOW - 50 * MINUTE, state: 'waiting', amount: '20' },
      { id: intent('3'), kind: 'profile.set', at: NOW - 50 * MINUTE, state: 'waiting' },
    ],
    waiting: 3,
  },
  refused: {
    ...NORMAL,
    credits: { ...CREDITS, balance: '15.36', available: '3.26', withdrawable: '3.26' },
    pending: [
      {
        id: intent('4'),
        kind: 'deployment.extend',
        at: NOW - MINUTE,
        state: 'answered',
        subject: 'c1',
        hours: 24,
        code: 'insufficient_credits',
      },
    ],
    runway: { confidence: 'average', ends_at: NOW + 157 * MINUTE, per_hour: '1.24' },
  },
  unpaid: {
    ...NORMAL,
    clusters: {
      ...NORMAL.clusters,
      unpaid: 1,
      items: [
        cluster('u1', 'bench-b200', {
          status: 'unpaid',
          type: 'baremetal',
          device: 'B200',
          quantity: 8,
          hourly: '4.99',
          started_at: null,
          ends_at: null,
          deadline: at(201_000),
          shortfall: '39.92',
        }),
        ...NORMAL.clusters.items.slice(0, 2),
      ],
    },
  },
  low: {
    ...NORMAL,
    credits: { ...CREDITS, balance: '3.26', available: '3.26', held: '0', withdrawable: '0' },
    alerts: ['balance', 'runway_hours'],
    runway: { confidence: 'average', ends_at: NOW + 158 * MINUTE, per_hour: '1.24' },
    trend: week(3.26, 0, 3.4),
    plan: NORMAL.plan && {
      ...NORMAL.plan,
      used: '12.6',
      models: [{ model: 'openai/gpt-oss-120b', cost: '12.6' }],
      model_count: 1,
    },
  },
  terms: {
    ...NORMAL,
    terms_due: '2026-11',
    runway: { confidence: 'gathering', ends_at: null, per_hour: '0.31' },
  },
  'signed out': { ...NORMAL, connection: 'signed_out' },
};

for (const [name, state] of Object.entries(STATES)) {
  if (state !== null && !v.is(Snapshot, state)) throw new Error(`The state "${name}" is no snapshot.`);
}
