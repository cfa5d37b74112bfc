// How often the generator says which word, given what there is to work on.
import type { ModelAccount } from './model-account.ts';
import type { Act } from './step.ts';

/** Words by weight: those with nothing to work on come seldom, but they come. */
export function verbs(account: ModelAccount): [number, Act['verb']][] {
  const has = (things: ReadonlyMap<string, { status: string }>, status: string) =>
    [...things.values()].some((thing) => thing.status === status);
  const { holds, purchases, withdrawals, charges } = account;
  const when = (able: boolean, weight: number) => (able ? weight * 10 : 1);
  return [
    [has(purchases, 'pending') ? 5 : 80, 'buy'],
    [when(has(purchases, 'pending'), 60), 'settle'],
    [when(has(purchases, 'pending'), 2), 'payfail'],
    [when(has(purchases, 'settled'), 1), 'dispute'],
    [70, 'grant'],
    [140, 'auth'],
    [when(has(holds, 'authorized'), 16), 'capture'],
    [when(has(holds, 'authorized') || has(holds, 'pending'), 10), 'void'],
    [when(has(holds, 'authorized'), 2), 'extend'],
    [150, 'charge'],
    [when(charges.size > 0, 14), 'refund'],
    [when(account.withdrawable(account.last) > 0n, 8), 'wd'],
    [when(has(withdrawals, 'requested') || has(withdrawals, 'in_review'), 9), 'approve'],
    [when(has(withdrawals, 'requested') || has(withdrawals, 'approved'), 3), 'cancel'],
    [when(has(withdrawals, 'approved') || has(withdrawals, 'processing'), 4), 'reject'],
    [when(has(withdrawals, 'approved'), 9), 'send'],
    [when(has(withdrawals, 'processing'), 9), 'paid'],
    [when(has(withdrawals, 'processing'), 5), 'payoutFailed'],
    [when(has(account.suspense, 'waiting'), 4), 'match'],
    [12, 'adjust'],
    [50, 'use'],
    [8, 'plan'],
    [account.state === 'active' ? 3 : 12, 'patch'],
    [40, 'check'],
    [20, 'tick'],
  ];
}

// A status a withdrawal should have so that the word can do something.
export const BEFORE = {
  cancel: 'requested',
  reject: 'approved',
  send: 'approved',
  paid: 'processing',
  payoutFailed: 'processing',
} as const;

/** Calls whose id the server chooses. */
export const NAMED_BY_SERVER = new Set<Act['verb']>(['buy', 'wd']);
// Webhooks and the ledger's own clock carry no key, and a question changes nothing.
export const KEYED = new Set<Act['verb']>([
  'buy',
  'dispute',
  'match',
  'adjust',
  'use',
  'plan',
  'grant',
  'auth',
  'capture',
  'void',
  'charge',
  'refund',
  'wd',
  'approve',
  'cancel',
  'reject',
  'send',
  'paid',
  'payoutFailed',
]);
