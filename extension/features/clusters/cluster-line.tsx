// The second line of a cluster, and its figures at the right, as every list of clusters draws them.
import { readBalance } from '../../../shared/money.ts';
import { formatBalance, formatPrice } from '../../ui/money.ts';
import { Status } from '../../ui/status.tsx';
import type { PanelLocale } from '../../locales/panel.ts';
import { clusterTypeWord, statusWord } from '../panel/words.ts';
import type { ClusterRow } from './cluster-list.ts';
import css from './clusters.module.css';

/** dot word · type · device */
export function ClusterLine({
  row: { cluster },
  locale,
  type = true,
}: {
  row: ClusterRow;
  locale: PanelLocale;
  type?: boolean;
}) {
  return (
    <span class={css.second}>
      <span class={css.status}>
        <Status status={cluster.status} word={statusWord(cluster.status, locale)} />
      </span>
      <span class="sep cut" title={cluster.device}>
        {type && (
          <>
            {clusterTypeWord(cluster.type, locale)}
            <span class="sep" />
          </>
        )}
        {cluster.device}
      </span>
      {/* How many there are is a number: the device is cut before it. */}
      <span class={css.count}>{`\u00a0×${cluster.quantity}`}</span>
    </span>
  );
}

/** Cost so far; what is held or due where it has not started. */
export function costText({ cluster, cost }: ClusterRow, { t, language }: PanelLocale): string {
  const held = readBalance(cluster.held);
  if (held > 0n) return t('cluster.held', { amount: formatPrice(held, language) });
  if (cluster.shortfall !== null && cluster.ended_at === null) {
    const due = readBalance(cluster.hourly) * BigInt(cluster.quantity) * BigInt(cluster.hours);
    return t('cluster.due', { amount: formatPrice(due, language) });
  }
  return formatBalance(cost, language);
}
