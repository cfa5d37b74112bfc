// What is not in the balance yet: proposals of this device, purchases that wait for payment, open withdrawals.
import type { Purchase, Withdrawal } from '../../../shared/account.ts';
import { readBalance } from '../../../shared/money.ts';
import { Link } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { formatMovement } from '../../ui/money.ts';
import { shortId } from '../../ui/names.ts';
import { arrowOut, card, clock } from '../../ui/panel-icons.ts';
import { formatFull, formatMoment } from '../../ui/time.ts';
import { send } from '../../view/messages.ts';
import type { SnapshotPending } from '../../view/snapshot.ts';
import { kindWord } from '../panel/kind-word.ts';
import { usePanel } from '../panel/panel-context.ts';
import { refusalWords } from '../panel/refusal.tsx';
import { methodWord } from '../panel/words.ts';
import { payable } from '../purchase/payment-link.ts';
import { WithdrawalRow } from '../withdrawal/withdrawal-row.tsx';
import css from './transactions.module.css';

const OPEN = new Set<Withdrawal['status']>(['requested', 'in_review', 'approved', 'processing']);

function isOpenWithdrawal({ status }: Withdrawal): boolean {
  return OPEN.has(status);
}

/** Nothing while nothing is pending. */
export function PendingRows() {
  const { sections, locale } = usePanel();
  const { t } = locale;
  const proposals = sections.pending ?? [];
  const purchases = (sections.purchases ?? []).filter(({ status }) => status === 'pending').reverse();
  const withdrawals = (sections.withdrawals ?? []).filter(isOpenWithdrawal).reverse();
  if (proposals.length + purchases.length + withdrawals.length === 0) return null;
  return (
    <section aria-label={t('pending.rows')} data-part="pending">
      <div class={css.day}>
        {t('pending.rows')} <span>{t('pending.not_in_balance')}</span>
      </div>
      <ul>
        {proposals.map((item, index) => (
          <li key={item.id}>
            <Proposal item={item} first={index === 0} />
          </li>
        ))}
        {purchases.map((purchase, index) => (
          <li key={purchase.id}>
            <OpenPurchase purchase={purchase} first={index === 0 && proposals.length === 0} />
          </li>
        ))}
        {withdrawals.map((withdrawal, index) => (
          <li key={withdrawal.id}>
            <WithdrawalRow
              withdrawal={withdrawal}
              first={index === 0 && proposals.length + purchases.length === 0}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

const look = (first: boolean) => (first ? `${css.row} ${css.first}` : css.row);

function Proposal({ item, first }: { item: SnapshotPending; first: boolean }) {
  const { sections, locale, place } = usePanel();
  const { t, language } = locale;
  const state =
    item.code !== undefined
      ? refusalWords(item.code, locale).title
      : item.state === 'waiting'
        ? t('pending.title')
        : t('pending.sent_title');
  const amount = item.amount === undefined ? null : readBalance(item.amount);
  const isIn = item.kind === 'purchase.start';
  return (
    <div class={look(first)} data-proposal={item.id}>
      <Icon of={item.kind === 'withdrawal.request' ? arrowOut : clock} />
      <span class={css.words}>
        <span class="cut w5">{kindWord(item, sections.clusters ?? [], locale)}</span>
        <span class={item.code === undefined ? 'cut s t2' : 'cut s bad'} title={state}>
          <time class="num" title={formatFull(item.at, place)}>
            {formatMoment(item.at, Date.now(), place)}
          </time>
          <span class="sep" />
          {state}
        </span>
      </span>
      <span class={css.figures}>
        <span class="w5 t2">{amount === null ? '' : formatMovement(isIn ? amount : -amount, language)}</span>
        {item.code !== undefined ? (
          <small>
            <Link onClick={() => void send('dismiss', item.id)}>{t('action.dismiss')}</Link>
          </small>
        ) : (
          item.state === 'waiting' && (
            <small>
              <Link part="take-back" onClick={() => void send('cancel', item.id)}>
                {t('action.take_back')}
              </Link>
            </small>
          )
        )}
      </span>
    </div>
  );
}

function OpenPurchase({ purchase, first }: { purchase: Purchase; first: boolean }) {
  const { locale, place } = usePanel();
  const { t, language } = locale;
  const at = Date.parse(purchase.created_at);
  const url = payable(purchase);
  return (
    <div class={look(first)} data-purchase={purchase.id}>
      <Icon of={card} />
      <span class={css.words}>
        <span class="cut w5">{t('type.purchase')}</span>
        <span class="cut s t2" title={shortId(purchase.id)}>
          <time class="num" title={formatFull(at, place)}>
            {formatMoment(at, Date.now(), place)}
          </time>
          <span class="sep" />
          {t('purchase.waiting', { method: methodWord(purchase.method, locale) })}
        </span>
      </span>
      <span class={css.figures}>
        <span class="w5 t2">{formatMovement(readBalance(purchase.credits), language)}</span>
        {url !== null && (
          <small>
            <Link href={url} part="open-payment">
              {t('purchase.open')}
            </Link>
          </small>
        )}
      </span>
    </div>
  );
}
