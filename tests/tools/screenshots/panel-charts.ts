// States of the spend chart that an everyday account has on few days: whole books of a few entries.
import type { Entry } from '../../../shared/account.ts';
import { type Spend, spendNow } from '../../../shared/spend.ts';
import { DAY, HOUR } from '../../../shared/time.ts';
import { at, NOW } from './moment.ts';
import { PANEL_STATES, type PanelState } from './panel-states.ts';

type Move = [daysAgo: number, service: string, amount: number];

/** A book of these movements, newest first, after `older` entries; what is above zero is a refund. */
function chart(moves: readonly Move[], older = 0, timezone = 'UTC'): PanelState {
  const normal = PANEL_STATES['normal'];
  if (!normal) throw new Error('normal');
  const recent = moves
    .map(([daysAgo, service, amount], index): Entry => ({
      n: older + moves.length - index,
      id: `0198a7f0-2222-7000-8000-${String(older + moves.length - index).padStart(12, '0')}`,
      at: NOW - Math.round(daysAgo * DAY) - HOUR,
      service,
      type: amount > 0 ? 'refund' : 'usage',
      amount: String(Number(amount.toFixed(6))),
      balance: '126.4',
      status: 'completed',
    }))
    .toSorted((a, b) => a.n - b.n);
  const nothing: Spend = { as_of: at(-60 * DAY), n: 0, days: [] };
  const profile = normal.sections.profile && { ...normal.sections.profile, timezone };
  return {
    ...normal,
    sections: {
      ...normal.sections,
      head: { seq: 412, n: older + moves.length, hash: 'a3'.repeat(32) },
      profile: profile ?? null,
      recent,
      spend: spendNow(nothing, recent),
      purchases: [],
      withdrawals: [],
    },
    last: null,
    pages: false,
  };
}

const WEEK: Move[] = [0, 1, 2, 3, 4, 5, 6].flatMap((day): Move[] => [
  [day, 'caas', -2.1],
  [day, 'ray', -0.9],
]);
const INTO_ONE = WEEK.map(([day, service, amount]): Move => [
  day,
  service,
  day === 3 && service === 'ray' ? -48_211.13 : amount,
]);

export const CHARTS: Record<string, PanelState> = {
  'one day': chart([
    [0, 'caas', -8.96],
    [0.1, 'ray', -3.84],
  ]),
  spike: chart(INTO_ONE),
  // One day gives more back than it takes; one service gives back all it took.
  refunds: chart([
    [0, 'caas', -1.2],
    [1, 'caas', 9.6],
    [2, 'ray', 4],
    [3, 'ray', -4],
    [4, 'caas', -2.2],
    [5, 'vm', -0.4],
  ]),
  'more back than spent': chart([
    [1, 'caas', 9.6],
    [4, 'caas', -2.2],
    [5, 'vm', -0.4],
  ]),
  cents: chart([
    [0, 'inference', -0.004],
    [2, 'inference', -0.000_2],
  ]),
  'every service': chart(
    ['vm', 'ray', 'caas', 'k8s', 'baremetal', 'inference'].flatMap((service, index): Move[] => [
      [index % 3, service, -(index + 1) * 1.37],
      [index, service, -(7 - index) * 0.61],
    ]),
  ),
  'days of UTC': chart(WEEK, 500, 'Pacific/Auckland'),
};
