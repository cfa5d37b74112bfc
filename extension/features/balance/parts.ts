// How a balance adds up: available + restricted + frozen + held + reserved = total (rules.md section 2).
import { type Micros, readBalance } from '../../../shared/money.ts';
import type { GlanceKey } from '../../locales/en/glance.ts';
import type { SnapshotCredits } from '../../view/snapshot.ts';

export interface BalancePart {
  key: GlanceKey;
  micros: Micros;
  strong: boolean;
}

/** Everything that waits: checkout holds and withdrawal requests. */
export function heldTotal(credits: SnapshotCredits): Micros {
  return readBalance(credits.held) + readBalance(credits.reserved);
}

/** The lines of the full split: available and the total always, what is zero not; withdrawable is part of it. */
export function balanceParts(credits: SnapshotCredits): BalancePart[] {
  const part = (key: GlanceKey, amount: string, strong = false) => ({
    key,
    micros: readBalance(amount),
    strong,
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
    part('balance.part.total', credits.balance, true),
    part('balance.part.withdrawable', credits.withdrawable),
  ];
}
