// What the toolbar button says: at most four characters, a colour for the state, and the full sentence on hover.
import { readBalance, MICROS_PER_CREDIT } from '../../../shared/money.ts';
import type { ToolbarLocale } from '../../locales/toolbar.ts';
import { formatBalance, formatToolbar } from '../../ui/money.ts';
import { formatMoment } from '../../ui/time.ts';
import { freshness, type Snapshot } from '../../view/snapshot.ts';

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

export function toolbarFace(snapshot: Snapshot | null, now: number, locale: ToolbarLocale): ToolbarFace {
  const { t, language } = locale;
  if (snapshot === null) return { text: '', color: OFFLINE, title: t('toolbar.first_run') };
  if (snapshot.confirmed_at === null) return { text: '?', color: OFFLINE, title: t('toolbar.waiting') };
  const balance = snapshot.credits ? readBalance(snapshot.credits.balance) : 0n;
  const available = snapshot.credits ? readBalance(snapshot.credits.available) : 0n;
  const words = {
    amount: formatBalance(balance, language),
    time: formatMoment(snapshot.confirmed_at, now, { language, timezone: snapshot.account.timezone }),
  };
  const text = formatToolbar(balance);
  const state = freshness(snapshot, now);
  if (state === 'signed_out') return { text, color: OFFLINE, title: t('toolbar.signed_out', words) };
  if (state === 'stale') return { text, color: OFFLINE, title: t('toolbar.offline', words) };
  if (available < 0n || balance < 0n)
    return { text, color: BELOW_ZERO, title: t('toolbar.below_zero', words) };
  const low = snapshot.recent.length > 0 && available < LOW_UNDER;
  return { text, color: low ? LOW : OK, title: t('toolbar.updated', words) };
}
