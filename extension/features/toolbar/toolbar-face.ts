// What the toolbar button says: at most four characters, a colour for the state, and the full sentence on hover.
import { MICROS_PER_CREDIT, readBalance } from '../../../shared/money.ts';
import type { BrowserLocale } from '../../locales/browser.ts';
import { formatShort } from '../../ui/durations.ts';
import { formatBalance, formatToolbar } from '../../ui/money.ts';
import { formatMoment } from '../../ui/time.ts';
import type { BadgeMode } from '../../view/preferences.ts';
import { freshness, type Snapshot } from '../../view/snapshot.ts';
import { planPercent } from './plan-percent.ts';

export interface ToolbarFace {
  text: string;
  color: string;
  title: string;
}

const OK = '#3f4cdb';
const LOW = '#8a5600';
const BELOW_ZERO = '#c3212e';
const OFFLINE = '#50545d';
/** Under this many credits an account that has been used counts as low. */
const LOW_UNDER = 5n * MICROS_PER_CREDIT;

/** `now` is this device's. */
export function toolbarFace(
  snapshot: Snapshot | null,
  now: number,
  locale: BrowserLocale,
  mode: BadgeMode,
): ToolbarFace {
  const { t, language } = locale;
  if (snapshot === null) return { text: '', color: OFFLINE, title: t('toolbar_first_run') };
  const asText = (text: string) => (mode === 'nothing' ? '' : text);
  if (snapshot.confirmed_at === null)
    return { text: asText('?'), color: OFFLINE, title: t('toolbar_waiting') };
  const balance = snapshot.credits ? readBalance(snapshot.credits.balance) : 0n;
  const available = snapshot.credits ? readBalance(snapshot.credits.available) : 0n;
  const told = figureOf(snapshot, now + snapshot.clock_offset, locale, mode);
  const text = asText(told === null ? formatToolbar(balance) : told.text);
  const state = freshness(snapshot, now);
  const isBelow = available < 0n || balance < 0n;
  const key =
    state === 'signed_out'
      ? 'signed_out'
      : state === 'stale'
        ? 'offline'
        : isBelow
          ? 'below_zero'
          : 'updated';
  const place = { language, timezone: snapshot.account.timezone };
  const sentence = t(
    `toolbar_${key}`,
    formatBalance(balance, language),
    formatMoment(snapshot.confirmed_at, now, place),
  );
  const title = told?.more ? `${sentence}\n${told.more}` : sentence;
  if (state !== 'fresh') return { text, color: OFFLINE, title };
  const isLow = snapshot.recent.length > 0 && available < LOW_UNDER;
  const used = told?.percent ?? 0;
  const bad = isBelow || used >= 100;
  const low = isLow || used >= 80 || snapshot.alerts.includes('runway_hours');
  return { text, color: bad ? BELOW_ZERO : low ? LOW : OK, title };
}

/** What stands there instead of the balance; null for the balance itself. */
function figureOf(
  snapshot: Snapshot,
  now: number,
  { t }: BrowserLocale,
  mode: BadgeMode,
): { text: string; more?: string; percent?: number } | null {
  if (mode === 'plan') {
    const percent = planPercent(snapshot.plan, now);
    if (percent === null || !snapshot.plan) return { text: '' };
    const text = `${Math.min(999, Math.floor(percent))}%`;
    return { text, more: t('toolbar_plan', snapshot.plan.title, text), percent };
  }
  if (mode === 'runway') {
    const { runway } = snapshot;
    if (!runway || readBalance(runway.per_hour) === 0n) return { text: '' };
    if (runway.confidence === 'gathering') return { text: '?' };
    const left = Math.max(0, (runway.ends_at ?? Number.POSITIVE_INFINITY) - now);
    if (left === Number.POSITIVE_INFINITY) return { text: '999d' };
    const text = formatShort(left);
    return { text, more: t('toolbar_runway', text) };
  }
  return null;
}
