// Credit usage: the sum of a period, stacked bars by service, a legend with share and sum.
import { useEffect, useMemo, useState } from 'preact/hooks';
import * as v from 'valibot';
import { type Micros, MICROS_PER_CREDIT } from '../../../shared/money.ts';
import { spendNow } from '../../../shared/spend.ts';
import type { Ms } from '../../../shared/time.ts';
import { type Bar, Bars } from '../../ui/bars.tsx';
import { Link } from '../../ui/button.tsx';
import { Segments } from '../../ui/choice.tsx';
import { formatPercent } from '../../ui/figures.ts';
import { Swatch } from '../../ui/meter.tsx';
import { formatBalance, formatExact } from '../../ui/money.ts';
import type { Place } from '../../ui/time.ts';
import { formatMoment, formatter, formatTime } from '../../ui/time.ts';
import { usePanel } from '../panel/panel-context.ts';
import { useStored } from '../panel/stored.ts';
import { wholeDollars } from '../panel/whole-dollars.ts';
import { serviceWord } from '../panel/words.ts';
import { useHistory } from '../transactions/history.ts';
import css from './billing.module.css';
import {
  type Period,
  PERIODS,
  type Slot,
  slotStarts,
  spendOf,
  spendOfUtcDays,
  spentBetween,
  startBefore,
  totals,
  wholeShares,
} from './spend-periods.ts';

/** Services with a colour of their own; the rest is one. */
const NAMED = 3;
/** Entries read for a chart by itself: more waits until someone asks for it. */
const MOST = 4_000;

export function SpendChart() {
  const { sections, locale, place, offset } = usePanel();
  const { t, language } = locale;
  const [period, setPeriod] = useStored('period', v.picklist(PERIODS), 'week');
  const history = useHistory();
  const { entries } = history;
  const [most, setMost] = useState(MOST);
  const now = Date.now() + offset;
  const starts = useMemo(
    () => slotStarts(period, now, place),
    [period, Math.floor(now / 60_000), place.timezone],
  );
  const first = starts[0] ?? 0;
  const before = startBefore(period, starts, place);
  const reaches = (since: Ms) => history.complete || (entries.at(-1)?.at ?? now) < since;
  const isKnown = reaches(first);
  const isComparable = reaches(before);
  useEffect(() => {
    if (!isComparable && history.error === null && entries.length < most) void history.more();
  });
  const { spend, recent } = sections;
  const isByDays = !isKnown && period === 'week' && spend != null;
  const isStopped = !isKnown && (history.error !== null || entries.length >= most);
  const slots: Slot[] = useMemo(
    () => (isByDays ? spendOfUtcDays(spendNow(spend, recent ?? []), now) : spendOf(entries, starts)),
    [isByDays, spend, recent, starts, entries],
  );
  /** The bars are not the account's own days. */
  const isUtc = isByDays && slots.at(-1)?.start !== starts.at(-1);
  const zone: Place = isUtc ? { ...place, timezone: 'UTC' } : place;
  const sums = totals(slots);
  const total = sums.reduce((sum, [, amount]) => sum + amount, 0n);
  const named = sums.slice(0, NAMED).map(([service]) => service);
  const other = sums.slice(NAMED).reduce((sum, [, amount]) => sum + amount, 0n);
  const rows: [string, Micros][] = [
    ...sums.slice(0, NAMED),
    ...(sums.length > NAMED ? [['other', other] as [string, Micros]] : []),
  ];
  const latest = nowIndex(slots, now);
  // Of a whole from which something was given back there are no shares.
  const isWhole = rows.every(([, amount]) => amount >= 0n);
  const shares = isWhole ? wholeShares(rows.map(([, amount]) => amount)) : [];
  const bars = slots.map((slot, index) => {
    const isNow = index === latest;
    const label = isNow && period !== 'day' && !isUtc ? t('time.today') : slotLabel(slot.start, period, zone);
    return barOf(slot, named, label, isNow, language);
  });
  const money = (micros: Micros) => formatBalance(micros, language);
  const earlier = isComparable ? spentBetween(entries, before, before + (now - first)) : 0n;
  // Beside nothing all of it is more: that says nothing.
  const difference = earlier === 0n ? 0n : total - earlier;
  return (
    <section class={css.chart} aria-labelledby="usage" data-part="spend">
      <div class={css.chartHead}>
        <h2 id="usage">{t('spend.title')}</h2>
        <Segments
          label={t('spend.period')}
          options={PERIODS.map((value) => ({ value, label: t(`period.${value}`) }))}
          value={period}
          onSelect={setPeriod}
        />
      </div>
      <p class={css.sum}>
        <b data-part="spend-sum" title={formatExact(total, language)}>
          {money(total)}
        </b>
        <span>
          {t(`spend.this_${period}`)}
          {difference !== 0n &&
            t(difference > 0n ? 'spend.more' : 'spend.less', {
              amount: money(difference > 0n ? difference : -difference),
            })}
          {isUtc && t('spend.utc')}
          {!isKnown && !isByDays && !isStopped && `, ${t('spend.reading')}`}
          {!isByDays && isStopped && (
            <>
              {t('spend.since', { time: formatMoment(entries.at(-1)?.at ?? now, now, place) })}{' '}
              <Link
                part="spend-read-on"
                onClick={() => {
                  setMost(entries.length + MOST);
                  void history.more();
                }}
              >
                {t('spend.read_on')}
              </Link>
            </>
          )}
        </span>
      </p>
      <div class={css.figures}>
        <Bars
          label={t('spend.label', {
            period: t(`spend.this_${period}`),
            figures: bars.map(({ title }) => title).join('; '),
          })}
          bars={bars}
          figure={(value) => wholeDollars(value, language)}
          unit={CENT}
        />
        {rows.length === 0 && (isKnown || isByDays) ? (
          <p class={css.nothing}>{t('spend.nothing')}</p>
        ) : (
          <ul class={css.legend}>
            {rows.map(([service, amount], index) => (
              <li key={service}>
                <Swatch index={service === 'other' ? NAMED : index} />
                <span class="cut">
                  {service === 'other' ? t('spend.other') : serviceWord(service, locale)}
                </span>
                <span class="t2 num">
                  {amount > 0n && isWhole ? formatPercent(shares[index] ?? 0, language) : ''}
                </span>
                <span class="w5 num" title={formatExact(amount, language)}>
                  {money(amount)}
                </span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}

const DOLLARS = Number(MICROS_PER_CREDIT);
/** The smallest figure of the grid, dollars. */
const CENT = 0.01;

/** One bar: what the named services cost, then the rest; all of it in words on hover. */
function barOf(slot: Slot, named: readonly string[], label: string, now: boolean, language: string): Bar {
  const of = (service: string) => Number(slot.by.get(service) ?? 0n) / DOLLARS;
  let sum = 0n;
  let rest = 0n;
  for (const [service, amount] of slot.by) {
    sum += amount;
    if (!named.includes(service)) rest += amount;
  }
  const title = `${label}: ${formatBalance(sum, language)}`;
  // The rest has the last colour, however few have a name.
  const parts = Array.from({ length: NAMED }, (_, index) => of(named[index] ?? ''));
  return { label, parts: [...parts, Number(rest) / DOLLARS], now, title };
}

/** The slot that is not over yet. */
function nowIndex(slots: readonly Slot[], now: Ms): number {
  return slots.findLastIndex(({ start }) => start <= now);
}

function slotLabel(start: Ms, period: Period, place: Place): string {
  if (period === 'day') return formatTime(start, place);
  const options: Intl.DateTimeFormatOptions =
    period === 'week' ? { weekday: 'short' } : { month: 'short', day: 'numeric' };
  return formatter(place, options).format(start);
}
