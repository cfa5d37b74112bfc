// Clusters as a book has them: one of each status that a person meets.
import { DAY, HOUR } from '../../../shared/time.ts';
import type { Cluster } from '../../../shared/clusters.ts';
import { at } from './moment.ts';

export function cluster(id: string, name: string, more: Partial<Cluster> = {}): Cluster {
  return {
    id,
    source: 'ledger',
    name,
    type: 'container',
    status: 'running',
    device: 'L40S',
    quantity: 1,
    hourly: '0.64',
    hours: 159,
    created_at: at(-152 * HOUR),
    started_at: at(-151.3 * HOUR),
    ends_at: at(7.7 * HOUR),
    ended_at: null,
    held: '0',
    paid: '101.76',
    served: '96.83',
    refunded: '0',
    refundable: '4.93',
    served_ms: 151.3 * HOUR,
    as_of: at(0),
    deadline: null,
    shortfall: null,
    reason: null,
    ...more,
  };
}

const NOT_BEGUN = { started_at: null, ends_at: null, paid: '0', served: '0', served_ms: 0, refundable: '0' };
const ended = (status: string, hours: number, paid: string): Partial<Cluster> => ({
  status,
  started_at: at(-3 * DAY - hours * HOUR),
  ends_at: at(-3 * DAY),
  ended_at: at(-3 * DAY),
  hours: Math.ceil(hours),
  served_ms: hours * HOUR,
  paid,
  served: paid,
  refundable: '0',
});

export const CLUSTERS: Cluster[] = [
  cluster('c1', 'vllm-prod-eu'),
  cluster('c2', 'whisper-batch-nightly-de', {
    type: 'ray',
    device: 'RTX 4090',
    quantity: 2,
    hourly: '0.3',
    hours: 12,
    started_at: at(-6.4 * HOUR),
    ends_at: at(5.6 * HOUR),
    paid: '7.2',
  }),
  cluster('c3', 'GeForce RTX 3060 - general - io.net - Low Speed - Ray App - 91f2c303', {
    type: 'mega-ray',
    status: 'termination requested',
    device: 'RTX 3060',
    quantity: 4,
    hourly: '0.089',
    hours: 20,
    started_at: at(-12.2 * HOUR),
    ends_at: at(7.8 * HOUR),
    paid: '7.12',
  }),
  cluster('c4', 'sd-turbo-lora', {
    ...NOT_BEGUN,
    type: 'vm',
    status: 'deploying',
    device: 'A100',
    held: '12.1',
  }),
  cluster('c5', 'eval-matrix-2', {
    ...NOT_BEGUN,
    type: 'kubernetes',
    status: 'deployment requested',
    device: 'H200',
    quantity: 8,
  }),
  cluster('c7', 'embed-nightly', { ...ended('completed', 4, '1.2'), device: 'RTX 4090' }),
  cluster('c8', 'qwen-sft-run-14', {
    ...ended('failed', 0.3, '1.43'),
    refunded: '1.43',
    type: 'ray',
    device: 'A100',
    quantity: 4,
    reason: 'provider_failed',
  }),
  cluster('c9', 'notebook-jl', { ...ended('terminated', 12.8, '6.27'), type: 'vm', device: 'A6000' }),
  cluster('c10', 'ingest-probe', {
    status: 'hibernating',
    hours: 4,
    started_at: at(-2.1 * HOUR),
    ends_at: at(1.9 * HOUR),
    paid: '2.56',
  }),
];
