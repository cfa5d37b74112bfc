// What the checkout script and the background worker say to each other, over a port that also holds the live connection.
import type { Standing } from '../../shared/verdict.ts';

export const CHECKOUT_PORT = 'checkout';
/** The only site whose script may open that port. */
export const CHECKOUT_SITE = 'https://cloud.io.net/';

/**
 * Either a question, or a click: `open` is a place of the side panel. `amount` is a decimal text in credits, null while
 * only a payment is waited for; `returned` when the page's address says that a payment was made.
 */
export type CheckoutRequest =
  | { amount: string | null; service: string | null; returned: boolean }
  | { open: string };

/** What the server itself says about an amount: `GET /credits/check`. */
export interface Confirmation {
  amount: string;
  sufficient: boolean;
  shortfall: string;
  seq: number;
}

/** What the badge is drawn with, told first, and again in another language: a page has no time to read it from the package. */
export interface CheckoutDress {
  css: string;
  /** The tag of the language that its texts are in. */
  language: string;
  /** Its texts by key, as `public/_locales` has them. */
  texts: Record<string, string>;
}

/** Told at once and again whenever it changes; null while no account's numbers are there. */
export interface CheckoutAnswer {
  standing: Standing;
  /** Last instant at which the server confirmed the numbers, ms of this device; null: never. */
  as_of: number | null;
  /** From then on they count as offline. */
  stale_at: number | null;
  offline: boolean;
  /** That instant as the clock shows it, "14:02", in the account's timezone: a page has no time to load timezones. */
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
