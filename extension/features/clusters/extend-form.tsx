// More booked hours at the cluster's own price: what it costs and what is left, before anything is sent.
import { useEffect } from 'preact/hooks';
import * as v from 'valibot';
import type { Cluster } from '../../../shared/clusters.ts';
import { MIN_PURCHASE } from '../../../shared/fees.ts';
import { MAX_HOURS } from '../../../shared/intents.ts';
import { ceilToCent, formatAmount, readBalance } from '../../../shared/money.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { formatBalance, formatPrice } from '../../ui/money.ts';
import { Lines } from '../../ui/columns.tsx';
import { toast } from '../../ui/toast.tsx';
import { usePanel } from '../panel/panel-context.ts';
import { ChangeRefusal } from '../panel/refusal.tsx';
import { to } from '../panel/route.ts';
import { useStored } from '../panel/stored.ts';
import { useChange } from '../panel/use-change.ts';
import { WaitingNote } from '../panel/waiting-note.tsx';
import css from './clusters.module.css';

export function ExtendForm({ cluster, onClose }: { cluster: Cluster; onClose: () => void }) {
  const { locale, sections, go } = usePanel();
  const { t, language } = locale;
  const [text, setText] = useStored(`extend:${cluster.id}`, v.pipe(v.string(), v.maxLength(8)), '24');
  const change = useChange('deployment.extend', cluster.id);
  const hours = /^[1-9]\d{0,3}$/.test(text.trim()) ? Number(text) : null;
  const isOk = hours !== null && hours <= MAX_HOURS;
  const price = readBalance(cluster.hourly) * BigInt(cluster.quantity) * BigInt(isOk ? hours : 0);
  const available = readBalance(sections.credits?.available ?? '0');
  const missing = price - available;
  const topUp = missing < MIN_PURCHASE ? MIN_PURCHASE : ceilToCent(missing);
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
      : isOk && missing > 0n
        ? t('form.short', { amount: formatPrice(missing, language) })
        : null;
  return (
    <form
      class={css.extend}
      noValidate
      data-part="extend-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isOk && missing <= 0n && !change.busy) change.run({ id: cluster.id, hours });
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
            value: isOk && missing <= 0n ? formatBalance(available - price, language) : '–',
            kind: 'small',
          },
        ]}
      />
      <ChangeRefusal change={change} />
      <WaitingNote state={change.state} />
      <div class={css.actions} style={{ marginTop: 0 }}>
        <Button small onClick={onClose}>
          {t('action.cancel')}
        </Button>
        {isOk && missing > 0n ? (
          <Button
            small
            wide
            kind="primary"
            part="extend-top-up"
            onClick={() => go(to('billing', 'purchase', null, { amount: formatAmount(topUp) }))}
          >
            {t('banner.top_up_amount', { amount: formatPrice(topUp, language) })}
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
    </form>
  );
}
