// Running clusters on the Overview: what costs money now.
import { readBalance } from '../../../shared/money.ts';
import { MINUTE } from '../../../shared/time.ts';
import { Link } from '../../ui/button.tsx';
import { formatHours, formatRate } from '../../ui/figures.ts';
import { Name } from '../../ui/name.tsx';
import { Section } from '../../ui/section.tsx';
import { useNow } from '../../ui/use-now.ts';
import overview from '../overview/overview.module.css';
import { usePanel } from '../panel/panel-context.ts';
import { to } from '../panel/route.ts';
import { ClusterLine } from './cluster-line.tsx';
import { listClusters, rowOf } from './cluster-list.ts';

const SHOWN = 3;

/** Nothing on an account without clusters. */
export function LiveClusters() {
  const { sections, locale, offset, go } = usePanel();
  const { t, language } = locale;
  const now = useNow(MINUTE) + offset;
  const clusters = sections.clusters ?? [];
  if (clusters.length === 0) return null;
  const rows = clusters.map((cluster) => rowOf(cluster, now));
  const live = listClusters(rows, { text: '', phase: 'live', type: '' }, { by: 'status', descending: false });
  const more = live.length - SHOWN;
  return (
    <Section
      title={t('clusters.title')}
      part="running"
      aside={
        <Link onClick={() => go(to('cloud'))}>
          {more > 0
            ? t(more === 1 ? 'clusters.more_one' : 'clusters.more', { count: String(more) })
            : t('clusters.all')}
        </Link>
      }
    >
      {live.length === 0 ? (
        <p class="s t2">{t('clusters.none')}</p>
      ) : (
        <ul class={overview.rows}>
          {live.slice(0, SHOWN).map((row) => {
            const { cluster } = row;
            const rate = readBalance(cluster.hourly) * BigInt(cluster.quantity);
            return (
              <li key={cluster.id}>
                <button
                  type="button"
                  class={overview.cluster}
                  onClick={() => go(to('cloud', 'cluster', cluster.id))}
                >
                  <span class="w5 cut">
                    <Name>{cluster.name}</Name>
                  </span>
                  <span class={overview.end}>{formatRate(rate, language)}</span>
                  <ClusterLine row={row} locale={locale} type={false} />
                  <span class={`${overview.end} s t2`}>{formatHours(row.served_ms, language)}</span>
                </button>
              </li>
            );
          })}
        </ul>
      )}
    </Section>
  );
}
