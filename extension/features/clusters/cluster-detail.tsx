// The open row of a cluster: paid, served, refunded, what is left of its booked time, and what can be done with it.
import { useEffect, useState } from 'preact/hooks';
import { type Cluster, clusterAt, phaseOf } from '../../../shared/clusters.ts';
import { readBalance } from '../../../shared/money.ts';
import { HOUR, MINUTE } from '../../../shared/time.ts';
import { Button } from '../../ui/button.tsx';
import { Countdown } from '../../ui/countdown.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { formatHours } from '../../ui/figures.ts';
import { Meter } from '../../ui/meter.tsx';
import { formatBalance, formatExact, formatPrice } from '../../ui/money.ts';
import { formatFull } from '../../ui/time.ts';
import { useNow } from '../../ui/use-now.ts';
import { isPanelKey } from '../../locales/panel.ts';
import { CLUSTERS_URL } from '../cloud/deploy-url.ts';
import overview from '../overview/overview.module.css';
import { earlierOf } from '../panel/change.ts';
import { usePanel } from '../panel/panel-context.ts';
import { FiguresRow } from '../panel/figures-row.tsx';
import { ChangeRefusal } from '../panel/refusal.tsx';
import { to } from '../panel/route.ts';
import { useChange } from '../panel/use-change.ts';
import { WaitingNote } from '../panel/waiting-note.tsx';
import css from './clusters.module.css';
import { ExtendForm } from './extend-form.tsx';

interface Props {
  cluster: Cluster;
  id: string;
  /** Whether the filled button is in this row now. */
  onExtending: (is: boolean) => void;
}

export function ClusterDetail({ cluster, id, onExtending }: Props) {
  const { locale, offset, go, place, sections } = usePanel();
  const { t, language } = locale;
  const now = useNow(MINUTE) + offset;
  const { served, served_ms } = clusterAt(cluster, now);
  // What was asked on an earlier visit, and was refused, opens where it was asked.
  const [doing, setDoing] = useState<'extend' | 'end' | null>(() =>
    earlierOf(sections.pending ?? [], 'deployment.extend', cluster.id)?.code === undefined ? null : 'extend',
  );
  const isExtending = doing === 'extend';
  useEffect(() => {
    onExtending(isExtending);
    return () => onExtending(false);
  }, [isExtending]);
  const end = useChange('deployment.end', cluster.id);
  const phase = phaseOf(cluster);
  const amount = (label: string, text: string) => ({
    label,
    value: formatBalance(readBalance(text), language),
    title: formatExact(readBalance(text), language),
  });
  const isOwn =
    cluster.source === 'ledger' && phase !== 'ended' && cluster.status !== 'termination requested';
  const booked = cluster.hours * HOUR;
  const reason = cluster.reason === null ? null : `reason.${cluster.reason}`;
  return (
    <div class={css.detail} id={id} data-part="cluster-detail">
      <FiguresRow
        items={[
          amount(t('cluster.paid'), cluster.paid),
          amount(t('cluster.served'), served),
          amount(t('cluster.refunded'), cluster.refunded),
        ]}
      />
      {cluster.started_at !== null && (
        <>
          <div class={css.meter}>
            <Meter
              label={t('cluster.hours_served')}
              parts={[Math.min(100, (served_ms / booked) * 100)]}
              plain
            />
          </div>
          <p class={overview.under}>
            <span>
              {t('cluster.served_of', {
                served: formatHours(served_ms, language),
                booked: formatHours(booked, language),
              })}
            </span>
            {phase === 'live' && cluster.ends_at !== null && (
              <span title={formatFull(Date.parse(cluster.ends_at), place)}>
                <Countdown until={Date.parse(cluster.ends_at)} offset={offset} language={language}>
                  {(time) => t('cluster.ends_in', { time })}
                </Countdown>
              </span>
            )}
            {cluster.ended_at !== null && (
              <span title={formatFull(Date.parse(cluster.ended_at), place)}>{t('cluster.has_ended')}</span>
            )}
          </p>
        </>
      )}
      {cluster.deadline !== null && phase === 'pending' && cluster.shortfall !== null && (
        <p class={css.note}>
          <Countdown until={Date.parse(cluster.deadline)} offset={offset} language={language}>
            {(time) =>
              t('cluster.unpaid_note', {
                amount: formatPrice(readBalance(cluster.shortfall ?? '0'), language),
                time,
              })
            }
          </Countdown>
        </p>
      )}
      {reason !== null && (
        <p class={css.note}>
          {isPanelKey(reason) ? t(reason) : t('cluster.reason', { reason: cluster.reason ?? '' })}
        </p>
      )}
      {isExtending ? (
        <ExtendForm cluster={cluster} onClose={() => setDoing(null)} />
      ) : (
        <div class={css.actions}>
          {isOwn && cluster.status === 'unpaid' && (
            <Button
              small
              wide
              onClick={() => go(to('billing', 'purchase', null, { amount: cluster.shortfall ?? '' }))}
            >
              {t('action.top_up')}
            </Button>
          )}
          {isOwn && phase === 'live' && (
            <Button small wide part="extend" onClick={() => setDoing('extend')}>
              {t('cluster.extend')}
            </Button>
          )}
          {isOwn && (
            <Button
              small
              wide
              kind="danger"
              part="end"
              waiting={end.busy || end.state === 'waiting'}
              waitingLabel={t('cluster.ending')}
              onClick={() => setDoing('end')}
            >
              {phase === 'live' ? t('cluster.end') : t('cluster.cancel')}
            </Button>
          )}
          <Button small onClick={() => void window.open(CLUSTERS_URL, '_blank', 'noreferrer')}>
            {t('cluster.open')}
          </Button>
        </div>
      )}
      <WaitingNote state={end.state} />
      <ChangeRefusal change={end} />
      {doing === 'end' && (
        <EndDialog
          cluster={cluster}
          onClose={() => setDoing(null)}
          onConfirm={() => {
            setDoing(null);
            end.run({ id: cluster.id });
          }}
        />
      )}
    </div>
  );
}

/** Says what comes back before something ends for good. */
function EndDialog({
  cluster,
  onClose,
  onConfirm,
}: {
  cluster: Cluster;
  onClose: () => void;
  onConfirm: () => void;
}) {
  const { locale, offset } = usePanel();
  const { t, language } = locale;
  const { refundable, served } = clusterAt(cluster, Date.now() + offset);
  const isLive = phaseOf(cluster) === 'live';
  const back = isLive ? readBalance(refundable) : readBalance(cluster.held);
  const words = { name: cluster.name, amount: formatBalance(back, language) };
  const kept = formatBalance(readBalance(served), language);
  return (
    <ConfirmDialog
      title={isLive ? t('cluster.end_title', words) : t('cluster.cancel_title', words)}
      text={
        <>
          <p>{isLive ? t('cluster.end_text', words) : t('cluster.cancel_text', words)}</p>
          {isLive && cluster.type === 'vm' && <p>{t('cluster.end_vm', { kept })}</p>}
        </>
      }
      confirm={isLive ? t('cluster.end') : t('cluster.cancel')}
      cancel={t('cluster.keep')}
      danger
      part="end-dialog"
      onConfirm={onConfirm}
      onClose={onClose}
    />
  );
}
