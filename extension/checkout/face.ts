// What the badge says: a verdict and its numbers as words. Pure; it runs in the background worker.
import { formatAmount, type Micros, readBalance } from '../../shared/money.ts';
import { HOUR, type Ms } from '../../shared/time.ts';
import { judge, type Judgement, type Standing } from '../../shared/verdict.ts';
import type { BrowserLocale } from '../locales/browser.ts';
import { formatDuration, RUNWAY_END } from '../ui/durations.ts';
import { formatBalance, formatPrice } from '../ui/money.ts';
import type { Checkout } from './find-total.ts';

type Tone = 'enough' | 'short' | 'wait';

/** What the server itself says about an amount: `GET /credits/check`. */
interface Confirmation {
  amount: string;
  sufficient: boolean;
  shortfall: string;
  seq: number;
}

/** How an account stands, for one question. */
export interface CheckoutAnswer {
  standing: Standing;
  /** Last instant at which the server confirmed the numbers, ms of this device; null: never. */
  as_of: number | null;
  /** From then on they count as offline. */
  stale_at: number | null;
  offline: boolean;
  /** That instant as the clock shows it, "14:02", in the account's timezone. */
  time: string;
  /** The card fee as the standing has it, "4.5". */
  fee: string;
  /** The server takes another fee than the book tells: the standing has the server's. */
  corrected: boolean;
  /** Null while the server was not asked about this amount at these numbers. */
  check: Confirmation | null;
  /** The last purchase of a day, when asked for a payment that returned. */
  purchase: { status: string; credits: string } | null;
}

export interface Face {
  tone: Tone;
  title: string;
  /** One sentence, its first part stronger. */
  strong: string;
  rest: string;
  /** Ways to pay, each with its price; none when nothing is missing. */
  ways: { label: string; price: string }[];
  note: string;
  /** The one filled button: a place of the side panel. */
  action: { label: string; short: string; open: string } | null;
  footer: string;
}

const NOTHING = { strong: '', rest: '', ways: [], note: '', action: null };

/** "9 h", "42 min", "3 d 4 h": an estimate is not told in minutes beside hours. Empty beyond two years. */
function about(left: Ms, language: string): string {
  if (left >= RUNWAY_END) return '';
  return formatDuration(left >= HOUR && left < 24 * HOUR ? Math.floor(left / HOUR) * HOUR : left, language);
}

/** What an amount left pays for, at a price per hour. */
function runway(after: Micros, perHour: Micros | null): Ms | null {
  if (perHour === null || perHour === 0n || after <= 0n) return null;
  return Number((after * BigInt(HOUR)) / perHour);
}

interface Judged {
  result: Judgement;
  /** What is there, as it was judged. */
  standing: Standing;
  isCorrected: boolean;
}

/** The judgement, replaced by the server's where the two differ. */
function judged(due: Micros, { standing, check, corrected }: CheckoutAnswer): Judged | null {
  const result = judge(standing, due);
  const own = result && { result, standing, isCorrected: corrected };
  if (!own || !check || readBalance(check.amount) !== due) return own;
  // The server knows nothing of what waits here.
  const bare = judge({ ...standing, pending: '0' }, due);
  const missing = readBalance(check.shortfall);
  if (bare?.enough === check.sufficient && bare.shortfall === missing) return own;
  if (check.sufficient) {
    // How much more there is it does not say.
    const told = { ...own.result, enough: true, after: 0n, shortfall: 0n };
    return standing.pending === '0' ? { result: told, standing, isCorrected: true } : null;
  }
  const available = formatAmount(due - missing);
  const actual = { ...standing, available, most: available };
  const told = judge(actual, due);
  return told && { result: told, standing: actual, isCorrected: true };
}

/** What the page's address claims about a payment, held against the ledger. */
function paymentFace(
  purchase: CheckoutAnswer['purchase'],
  { t, language }: BrowserLocale,
): Omit<Face, 'footer'> {
  if (purchase?.status === 'settled') {
    const amount = formatBalance(readBalance(purchase.credits), language);
    return {
      ...NOTHING,
      tone: 'enough',
      title: t('checkout_paid'),
      strong: t('checkout_paid_body', amount),
    };
  }
  if (purchase && ['failed', 'expired', 'charged_back'].includes(purchase.status)) {
    return { ...NOTHING, tone: 'short', title: t('checkout_unpaid'), rest: t('checkout_unpaid_body') };
  }
  return { ...NOTHING, tone: 'wait', title: t('checkout_paying'), rest: t('checkout_paying_body') };
}

function enoughFace(
  { after }: Judgement,
  perHour: Micros | null,
  isCorrected: boolean,
  { t, language }: BrowserLocale,
): Omit<Face, 'footer'> {
  const time = runway(after, perHour);
  const words = time === null ? '' : about(time, language);
  const title = t('checkout_enough');
  if (isCorrected) return { ...NOTHING, tone: 'enough', title, rest: t('checkout_enough_server') };
  return {
    ...NOTHING,
    tone: 'enough',
    title,
    strong: t('checkout_left', formatBalance(after, language)),
    rest: words && t('checkout_runway', words),
  };
}

function shortFace(
  due: Micros,
  { result: { shortfall, topUp, blocked }, standing }: Judged,
  fee: string,
  note: string,
  { t, language }: BrowserLocale,
): Omit<Face, 'footer'> {
  const money = (text: string) => formatBalance(readBalance(text), language);
  const price = (micros: Micros) => formatPrice(micros, language);
  const { available, lasting } = standing;
  const part = (key: 'checkout_held' | 'checkout_pending', text: string) =>
    text === '0' ? '' : t(key, money(text));
  const aside = part('checkout_held', standing.held) + part('checkout_pending', standing.pending);
  const isNone = available === '0' && !aside;
  const { card, crypto } = topUp;
  // In crypto there is no fee.
  const amount = price(crypto.total);
  const face = {
    ...NOTHING,
    tone: 'short' as const,
    title: blocked
      ? t('checkout_blocked')
      : isNone
        ? t('checkout_none')
        : t('checkout_short', price(shortfall)),
    rest: blocked
      ? t(lasting ? 'checkout_blocked_lasting' : 'checkout_blocked_body')
      : isNone
        ? t('checkout_none_body', price(due))
        : t('checkout_available', money(available)) + aside,
    note,
  };
  if (shortfall === 0n || lasting) return face;
  return {
    ...face,
    ways: [
      { label: t('checkout_card', fee), price: price(card.total) },
      { label: t('checkout_crypto'), price: amount },
    ],
    note: note || (crypto.credits > shortfall ? t('checkout_minimum', amount) : ''),
    action: {
      label: t('checkout_top_up', amount),
      short: t('checkout_top_up_short'),
      // The purchase form takes cents.
      open: `#billing/purchase?amount=${formatAmount(card.credits)}`,
    },
  };
}

/**
 * What to say at an instant; null for nothing: no checkout, or a verdict that nobody can be sure of.
 * @param returned the page's address says that a payment was made
 */
export function faceOf(
  checkout: Pick<Checkout, 'due' | 'perHour'> | null,
  answer: CheckoutAnswer,
  returned: boolean,
  now: Ms,
  locale: BrowserLocale,
): Face | null {
  const { t } = locale;
  const { as_of, stale_at, offline, time, purchase } = answer;
  // Never confirmed: no number of it is right.
  if (as_of === null) return null;
  const isStale = offline || (stale_at !== null && now >= stale_at);
  const footer = t(isStale ? 'checkout_offline' : 'checkout_as_of', time);
  if (!checkout) return returned ? { ...paymentFace(purchase, locale), footer } : null;
  const told = judged(checkout.due, answer);
  if (!told) return null;
  const { result, isCorrected } = told;
  if (result.enough && !result.blocked) {
    return { ...enoughFace(result, checkout.perHour, isCorrected, locale), footer };
  }
  const isPaying = returned && purchase?.status !== 'settled';
  const note = isPaying ? t('checkout_paying') : isCorrected ? t('checkout_corrected') : '';
  return { ...shortFace(checkout.due, told, answer.fee, note, locale), footer };
}
