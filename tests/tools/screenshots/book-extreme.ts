// A book with everything at its largest: amounts, names, lists.
import { spendNow } from '../../../shared/spend.ts';
import { DAY, HOUR, MINUTE } from '../../../shared/time.ts';
import type { SectionValues } from '../../../extension/view/sections.ts';
import { CREDITS, NORMAL, notice, NOTHING_SPENT } from './book.ts';
import { at } from './moment.ts';
import { cluster } from './panel-clusters.ts';
import { lastPage } from './panel-history.ts';
import { entriesOf } from './panel-moves.ts';

const RECENT = entriesOf(100_000, 184_402_117.09, { scale: 4_821.13 });
export const END_EXTREME = await lastPage(RECENT);

export const EXTREME: SectionValues = {
  ...NORMAL,
  head: { seq: 400_000, n: 100_000, hash: END_EXTREME.hash },
  credits: {
    ...CREDITS,
    balance: '184402117.094321',
    available: '184311884.554321',
    held: '90212.54',
    withdrawable: '184000000',
  },
  recent: RECENT,
  profile: {
    name: 'Maximiliane Oberhofer-Vandenberghe',
    timezone: 'UTC',
    wallets: Array.from({ length: 10 }, (_, index) => ({
      id: `w${index}`,
      chain: 'solana' as const,
      address: `${index}nYyVr1vH3bYw5sG6sQm7r8QkYx2q1ZpT9u4J3dWcNf${index}`,
      primary: index === 0,
      added_at: at(-index * DAY),
    })),
  },
  clusters: Array.from({ length: 300 }, (_, index) =>
    cluster(
      `x${index}`,
      `GeForce RTX 4090 - production - inference - eu-central - ${String(index).padStart(8, '0')}`,
      {
        quantity: 1_024,
        device: 'NVIDIA H100 80GB HBM3',
        hourly: '28.69',
        hours: 8_784,
        started_at: at(-7_904.6 * HOUR - MINUTE),
        ends_at: at(879.4 * HOUR - MINUTE),
        paid: '258056847.36',
        served: '232221765.38',
        refundable: '25835081.98',
        served_ms: 7_904.6 * HOUR + MINUTE,
        ...(index % 4 === 0 && { status: 'termination requested', type: 'mega-ray' }),
      },
    ),
  ),
  plan: {
    ...NORMAL.plan,
    plan: 'developer',
    title: 'Developer',
    cycle: '8h',
    allowance: '1.666666',
    used: '1.666666',
    start: '2026-11-21T08:00:00.000Z',
    end: '2026-11-21T16:00:00.000Z',
    models: NORMAL.plan.models.map((use, index) => ({
      ...use,
      input_tokens: 987_654_321_000,
      cost: ['18.9', '0.65', '0.116666'][index] ?? '0',
      quota: ['0.9', '0.65', '0.116666'][index] ?? '0',
      charged: index === 0 ? '18' : '0',
    })),
  },
  notices: Array.from({ length: 50 }, (_, index) =>
    notice(index, index * 5.3, 'deployment_failed', {
      name: `GeForce RTX 4090 - production - inference - eu-central - ${String(index).padStart(8, '0')}`,
    }),
  ).toReversed(),
  spend: spendNow(NOTHING_SPENT, RECENT),
};
