// How a balance adds up: available + restricted + frozen + held + reserved = total (rules.md section 2).
import { type Micros, readBalance } from '../../../shared/money.ts';
import type { MomentsKey } from '../../locales/en/moments.ts';
import type { SnapshotCredits } from '../../view/snapshot.ts';

export interface BalancePart {
  key: MomentsKey;
  micros: Micros;
  /** The sum of the lines above it, or what explains them. */
  kind?: 'sum' | 'small';
}

/** The lines of the full split: available and the total always, what is zero not; withdrawable is part of it. */
export function balanceParts(credits: SnapshotCredits): BalancePart[] {
  const part = (key: MomentsKey, amount: string, kind?: BalancePart['kind']): BalancePart => ({
    key,
    micros: readBalance(amount),
    ...(kind && { kind }),
  });
  const between = [
    part('balance.part.held', credits.held),
    part('balance.part.reserved', credits.reserved),
    part('balance.part.restricted', credits.restricted),
    part('balance.part.frozen', credits.frozen),
  ];
  return [
    part('balance.part.available', credits.available),
    ...between.filter(({ micros }) => micros !== 0n),
    part('balance.part.total', credits.balance, 'sum'),
    part('balance.part.withdrawable', credits.withdrawable, 'small'),
  ];
}
