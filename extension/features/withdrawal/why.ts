// From the total to what can be withdrawn: what stands between them. Pure.
import { type Micros, MICROS_PER_CENT, readBalance } from '../../../shared/money.ts';
import type { SnapshotCredits } from '../../view/snapshot.ts';

export interface WhyLine {
  key:
    | 'balance.part.held'
    | 'balance.part.reserved'
    | 'balance.part.restricted'
    | 'balance.part.frozen'
    | 'withdrawal.granted'
    | 'withdrawal.suspended'
    | 'withdrawal.closed';
  /** As it is written: below zero for what is deducted. */
  micros: Micros;
}

export interface Why {
  parts: WhyLine[];
  /** Above zero nothing is withdrawn until it is paid. */
  owed: Micros;
}

/** Why credit that no part explains stays. */
const STAYS: Record<SnapshotCredits['state'], WhyLine['key']> = {
  // It was not purchased, or not long enough ago.
  active: 'withdrawal.granted',
  grace: 'withdrawal.granted',
  suspended: 'withdrawal.suspended',
  closed: 'withdrawal.closed',
};

/**
 * The lines between the two sums, those that are zero left out. Each is written in whole cents: the last one takes what
 * rounding leaves, so that they add up. With a debt they do not: what is owed stands beside them.
 */
export function whyLines(credits: SnapshotCredits): Why {
  const cents = (text: string) => (readBalance(text) / MICROS_PER_CENT) * MICROS_PER_CENT;
  const parts: WhyLine[] = [
    { key: 'balance.part.held', micros: -readBalance(credits.held) },
    { key: 'balance.part.reserved', micros: -readBalance(credits.reserved) },
    { key: 'balance.part.restricted', micros: -readBalance(credits.restricted) },
    { key: 'balance.part.frozen', micros: -readBalance(credits.frozen) },
  ];
  const owed = readBalance(credits.debt);
  if (owed === 0n) {
    const { held, reserved, restricted, frozen } = credits;
    const known = [held, reserved, restricted, frozen].reduce((sum, text) => sum + cents(text), 0n);
    const rest = cents(credits.balance) - known - cents(credits.withdrawable);
    parts.push({ key: STAYS[credits.state], micros: -rest });
  }
  return { parts: parts.filter(({ micros }) => micros !== 0n), owed };
}
