// What a proposal of this device is, in words, and what it would cost as far as this device can say.
import { type Micros, readBalance } from '../../../shared/money.ts';
import { isMomentsKey, type MomentsLocale } from '../../locales/moments.ts';
import { formatWholeHours } from '../../ui/counts.ts';
import type { Snapshot, SnapshotPending } from '../../view/snapshot.ts';
import { perHour } from '../clusters/served.ts';

export interface PendingWords {
  title: string;
  /** What it would move, micros; null when that is not known here. */
  amount: Micros | null;
  /** Of the cluster that it is about; null when it is about none, or one that is not at hand. */
  name: string | null;
}

export function pendingWords(
  item: SnapshotPending,
  clusters: Snapshot['clusters'],
  { t, language }: MomentsLocale,
): PendingWords {
  const cluster = clusters.items.find(({ id }) => id === item.subject);
  const key = `pending.${item.kind}`;
  const title = t(isMomentsKey(key) ? key : 'pending.other', {
    name: cluster?.name ?? t('pending.cluster'),
    hours: formatWholeHours(item.hours ?? 0, language),
  });
  const named = item.amount === undefined ? null : readBalance(item.amount);
  const extension = cluster && item.hours !== undefined ? perHour(cluster) * BigInt(item.hours) : null;
  return { title, amount: named ?? extension, name: cluster?.name ?? null };
}
