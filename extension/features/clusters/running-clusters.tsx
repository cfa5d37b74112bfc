// The clusters that cost something now: what each is called, how it is, what it costs an hour and how long it ran.
import { readBalance } from '../../../shared/micros.ts';
import { type GlanceLocale, isGlanceKey } from '../../locales/glance.ts';
import { Link } from '../../ui/button.tsx';
import { formatCount, formatDevice, formatHours, formatRate } from '../../ui/figures.ts';
import { formatPrice } from '../../ui/money.ts';
import { Name } from '../../ui/name.tsx';
import { Section } from '../../ui/section.tsx';
import { Status } from '../../ui/status.tsx';
import type { Snapshot, SnapshotCluster } from '../../view/snapshot.ts';
import css from './running-clusters.module.css';
import { perHour, servedMs } from './served.ts';

interface Props {
  clusters: Snapshot['clusters'];
  /** How many have room. */
  room: number;
  /** The server's. */
  now: number;
  locale: GlanceLocale;
  /** Opens all of them, or the one with this id. */
  open: (id?: string) => void;
}

export function RunningClusters({ clusters, room, now, locale, open }: Props) {
  const { t, language } = locale;
  const shown = clusters.items.slice(0, room);
  const more = clusters.unpaid + clusters.live - shown.length;
  return (
    <Section
      title={t('clusters.title')}
      part="clusters"
      aside={
        shown.length > 0 && (
          <Link onClick={() => open()}>
            {more === 0
              ? t('clusters.all')
              : t(more === 1 ? 'clusters.more_one' : 'clusters.more', { count: formatCount(more, language) })}
          </Link>
        )
      }
    >
      {shown.length === 0 ? (
        <p class={`s t2 ${css.none}`}>{t('clusters.none')}</p>
      ) : (
        <ul class={css.rows}>
          {shown.map((cluster) => (
            <li key={cluster.id}>
              <button type="button" class={css.row} onClick={() => open(cluster.id)}>
                <Row cluster={cluster} now={now} locale={locale} />
              </button>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Row({ cluster, now, locale }: { cluster: SnapshotCluster } & Pick<Props, 'now' | 'locale'>) {
  const { t, language } = locale;
  const word = `status.${cluster.status}`;
  return (
    <>
      <span class={css.name}>
        <Name>{cluster.name}</Name>
      </span>
      <span>{formatRate(perHour(cluster), language)}</span>
      <span class={`${css.meta} ${css.second}`}>
        <Status status={cluster.status} word={isGlanceKey(word) ? t(word) : cluster.status} />
        <span class="cut sep">{formatDevice(cluster.device, cluster.quantity)}</span>
      </span>
      <span class={css.second}>
        {cluster.shortfall === null
          ? formatHours(servedMs(cluster, now), language)
          : t('clusters.due', { amount: formatPrice(readBalance(cluster.shortfall), language) })}
      </span>
    </>
  );
}
