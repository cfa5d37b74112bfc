// More booked hours at the cluster's own price: what it costs and what is left, before anything is sent.
import { useEffect } from 'preact/hooks';
import * as v from 'valibot';
import type { Cluster } from '../../../shared/clusters.ts';
import { MAX_HOURS } from '../../../shared/intents.ts';
import { formatAmount, type Micros } from '../../../shared/money.ts';
import { Button, Link } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { formatBalance, formatPrice } from '../../ui/money.ts';
import { Lines } from '../../ui/columns.tsx';
import { toast } from '../../ui/toast.tsx';
import { SUPPORT_MAIL } from '../cloud/deploy-url.ts';
import { usePanel } from '../panel/panel-context.ts';
import { ChangeRefusal } from '../panel/refusal.tsx';
import { to } from '../panel/route.ts';
import { useStored } from '../panel/stored.ts';
import { useChange } from '../panel/use-change.ts';
import { WaitingNote } from '../panel/waiting-note.tsx';
import css from './clusters.module.css';
import { extensionCost } from './extension-cost.ts';

export function ExtendForm({ cluster, onClose }: { cluster: Cluster; onClose: () => void }) {
  const { locale, sections, go } = usePanel();
  const { t, language } = locale;
  const [text, setText] = useStored(`extend:${cluster.id}`, v.pipe(v.string(), v.maxLength(8)), '24');
  const change = useChange('deployment.extend', cluster.id);
  const hours = /^[1-9]\d{0,3}$/.test(text.trim()) ? Number(text) : null;
  const isOk = hours !== null && hours <= MAX_HOURS;
  const cost = extensionCost(cluster, isOk ? hours : 0, sections.credits ?? null);
  const { price, spendable, missing } = cost;
  const { card, crypto } = cost.topUp;
  const isShort = isOk && missing > 0n;
  const purchase = (credits: Micros, fill: Record<string, string>) =>
    go(to('billing', 'purchase', null, { amount: formatAmount(credits), ...fill }));
  const done = change.state === 'settled';
  useEffect(() => {
    if (!done) return;
    toast(t('cluster.extended', { name: cluster.name }));
    setText(undefined);
    onClose();
  }, [done]);
  const error =
    text.trim() !== '' && !isOk
      ? t('cluster.hours_error', { most: String(MAX_HOURS) })
      : isShort
        ? t('form.short', { amount: formatPrice(missing, language) })
        : null;
  return (
    <form
      class={css.extend}
      noValidate
      data-part="extend-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isOk && !isShort && !change.busy) change.run({ id: cluster.id, hours });
      }}
    >
      <Field
        name="hours"
        label={t('cluster.hours')}
        inputMode="numeric"
        maxLength={4}
        value={text}
        error={error}
        onInput={(next) => setText(next)}
      />
      <Lines
        lines={[
          { label: t('cluster.extend_price'), value: isOk ? formatPrice(price, language) : '–' },
          {
            label: t('form.left_after'),
            value: isOk && !isShort ? formatBalance(spendable - price, language) : '–',
            kind: 'small',
          },
        ]}
      />
      <ChangeRefusal change={change} topUp={!isShort} />
      <WaitingNote state={change.state} />
      <div class={css.actions} style={{ marginTop: 0 }}>
        <Button small onClick={onClose}>
          {t('action.cancel')}
        </Button>
        {isShort ? (
          <Button
            small
            wide
            kind="primary"
            part="extend-top-up"
            onClick={() => purchase(crypto.credits, { method: 'usdc' })}
          >
            {t('banner.top_up_amount', { amount: formatPrice(crypto.total, language) })}
          </Button>
        ) : (
          <Button
            small
            wide
            kind="primary"
            type="submit"
            part="extend-submit"
            disabled={!isOk}
            waiting={change.busy}
            waitingLabel={t('form.sending')}
          >
            {isOk ? t('cluster.extend_by', { amount: formatPrice(price, language) }) : t('cluster.extend')}
          </Button>
        )}
      </div>
      {isShort && (
        <p class="s t2" data-part="extend-short">
          <Link part="extend-by-card" onClick={() => purchase(card.credits, { method: 'card' })}>
            {t('form.by_card', { amount: formatPrice(card.total, language) })}
          </Link>{' '}
          {t('form.or')} <Link href={`mailto:${SUPPORT_MAIL}`}>{t('form.request_more')}</Link>
        </p>
      )}
    </form>
  );
}
