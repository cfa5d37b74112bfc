// A balance as the number of a screen: from 100 up the decimals are quieter; a longer one is set smaller, never cut.
import type { Micros } from '../../../shared/money.ts';
import { MICROS_PER_CREDIT } from '../../../shared/money.ts';
import { formatBalance, formatExact, splitBalance } from '../../ui/money.ts';
import { usePanel } from './panel-context.ts';
import css from './panel.module.css';

const LARGEST = 9;

/** `size` 40 where it stands alone, 32 above columns. */
export function Headline({ micros, size }: { micros: Micros; size: 32 | 40 }) {
  const { locale } = usePanel();
  const { language, t } = locale;
  const { whole, cents, after } = splitBalance(micros, language);
  const isSmall = size === 32 || whole.length + cents.length + after.length > LARGEST;
  const look = [css.number, isSmall ? css.smaller : '', micros < 0n ? 'bad' : ''];
  return (
    <>
      <div
        class={look.filter(Boolean).join(' ')}
        data-part="balance"
        title={formatExact(micros, language)}
        aria-hidden="true"
      >
        {whole}
        {micros >= 100n * MICROS_PER_CREDIT ? <small>{cents}</small> : cents}
        {after}
      </div>
      <p class="vh" role="status">
        {t('balance.announce', { amount: formatBalance(micros, language) })}
      </p>
    </>
  );
}
