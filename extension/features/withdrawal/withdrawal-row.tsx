// An open withdrawal: where it stands in its review, by when it is promised, and the way back while there is one.
import { useState } from 'preact/hooks';
import type { Withdrawal } from '../../../shared/account.ts';
import { readBalance } from '../../../shared/money.ts';
import { Link } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { formatBalance, formatMovement } from '../../ui/money.ts';
import { shortId } from '../../ui/names.ts';
import { arrowOut } from '../../ui/panel-icons.ts';
import { formatFull, formatMoment } from '../../ui/time.ts';
import { usePanel } from '../panel/panel-context.ts';
import { ChangeRefusal } from '../panel/refusal.tsx';
import { useChange } from '../panel/use-change.ts';
import css from '../transactions/transactions.module.css';

/** A person can take it back until finance has approved it. */
function isCancellable({ status }: Withdrawal): boolean {
  return status === 'requested' || status === 'in_review';
}

export function WithdrawalRow({ withdrawal, first }: { withdrawal: Withdrawal; first: boolean }) {
  const { locale, place, offset } = usePanel();
  const { t, language } = locale;
  const [asking, setAsking] = useState(false);
  const change = useChange('withdrawal.cancel', withdrawal.id);
  const due = Date.parse(withdrawal.due_by);
  const amount = readBalance(withdrawal.amount);
  const isWaiting = change.busy || change.state === 'waiting';
  const look = first ? `${css.row} ${css.first}` : css.row;
  return (
    <>
      <div class={look} data-withdrawal={withdrawal.id}>
        <Icon of={arrowOut} />
        <span class={css.words}>
          <span class="cut">
            <span class="w5">{t('type.withdrawal')}</span>{' '}
            <span class="t2" title={withdrawal.wallet_address}>
              {t('withdrawal.to', { address: shortId(withdrawal.wallet_address) })}
            </span>
          </span>
          <span class="cut s t2" title={t('withdrawal.due_title', { time: formatFull(due, place) })}>
            {isWaiting ? t('withdrawal.cancelling') : t(`withdrawal_status.${withdrawal.status}`)}
            <span class="sep" />
            {t('withdrawal.due', { day: formatMoment(due, Date.now() + offset, place) })}
          </span>
        </span>
        <span class={css.figures}>
          <span class="w5 t2">{formatMovement(-amount, language)}</span>
          {isCancellable(withdrawal) && !isWaiting && (
            <small>
              <Link part="cancel-withdrawal" onClick={() => setAsking(true)}>
                {t('action.cancel')}
              </Link>
            </small>
          )}
        </span>
      </div>
      <ChangeRefusal change={change} inset />
      {asking && (
        <ConfirmDialog
          title={t('withdrawal.cancel_title')}
          text={t('withdrawal.cancel_text', { amount: formatBalance(amount, language) })}
          confirm={t('withdrawal.cancel')}
          cancel={t('withdrawal.keep')}
          danger
          part="cancel-dialog"
          onClose={() => setAsking(false)}
          onConfirm={() => {
            setAsking(false);
            change.run({ id: withdrawal.id });
          }}
        />
      )}
    </>
  );
}
