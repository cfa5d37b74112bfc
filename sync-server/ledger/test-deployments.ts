// For the tests of deployments: one wish, ledgers that can pay for it, and what the book says of it.
import { Cluster } from '../../shared/clusters.ts';
import { Notice } from '../../shared/notices.ts';
import type { Command, JsonObject } from './command.ts';
import { SERVICE, TestLedger, USER } from './test-ledger.ts';

export type Create = Extract<Command, { kind: 'deployment.create' }>;

/** Two devices at 2.50 an hour, for three hours: 15 credits. */
export const wish = (more: Partial<Create> = {}): Create => ({
  kind: 'deployment.create',
  id: 'd1',
  name: 'vllm-prod-eu',
  type: 'vm',
  device: 'H100',
  quantity: 2,
  hours: 3,
  hourly: 2_500_000n,
  ...more,
});

export function funded(credits = '100'): TestLedger {
  const ledger = new TestLedger();
  ledger.fund(credits);
  return ledger;
}

export const says = (ledger: TestLedger, status: string, id = 'd1'): JsonObject =>
  ledger.ok(SERVICE, { kind: 'deployment.status', id, status, at: ledger.now });

export function running(more: Partial<Create> = {}): TestLedger {
  const ledger = funded();
  ledger.ok(USER, wish(more));
  says(ledger, 'running');
  return ledger;
}

/** What the book says of a cluster. */
export function shown(ledger: TestLedger, id = 'd1'): Cluster {
  const row = ledger.rows.findLast(({ patch }) => patch.clusters?.id === id);
  return Cluster.parse(row?.patch.clusters);
}

export const notices = (ledger: TestLedger): Notice[] =>
  ledger.rows.flatMap(({ patch }) => (patch.notices ? [Notice.parse(patch.notices)] : []));
export const codes = (ledger: TestLedger) => notices(ledger).map(({ code }) => code);
