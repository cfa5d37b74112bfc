// What the checkout script and the background worker say to each other, over a port that also holds the live connection.
// The worker makes the badge's words and parts: a page's main thread has no time for them, and its process learns of an
// account only what the badge says.
export const CHECKOUT_PORT = 'checkout';
/** The only site whose script may open that port. */
export const CHECKOUT_SITE = 'https://cloud.io.net/';

/** What a page asks. Amounts are decimal texts in credits. */
export interface CheckoutQuestion {
  /** Told again with the answer: what was said of another amount is not said of this one. */
  nr: number;
  /** Null while only a payment is waited for. */
  amount: string | null;
  /** What an hour costs; null when the page does not say. */
  per_hour: string | null;
  service: string | null;
  /** The page's address says that a payment was made. */
  returned: boolean;
}

/** Either a question, or a click: `open` is a place of the side panel. */
export type CheckoutRequest = CheckoutQuestion | { open: string };

/** `card` stands beside the total, `pill` in its row or in a corner. */
export type CheckoutShape = 'card' | 'pill';

/** What the badge is made of. */
export interface CheckoutLook {
  /** The sheet that never changes. */
  css: string;
  /** Markup of each shape; it holds no text, only names of buttons. */
  parts: Record<CheckoutShape, string>;
}

/** What the badge says: its words are style rules, ready to be used. */
export interface CheckoutFace {
  /** Class names: the tone, and which of its parts are there. */
  look: string;
  /** The place of the side panel behind the one filled button. */
  open: string;
  rules: string;
  /** Instead of those of the same parts once the numbers are old. */
  late: string;
  /** For a screen reader. */
  spoken: string;
}

export interface CheckoutWords {
  /** The question's. */
  nr: number;
  /** Null: nothing is said. */
  face: CheckoutFace | null;
  /** From then on the numbers are old, ms of this device. */
  stale_at: number | null;
}

/** In one message what is ready at once: each costs a page's main thread. */
export interface CheckoutTold {
  /** First, and again in another language. */
  look?: CheckoutLook;
  /** Once there is a question, and again whenever they change. */
  words?: CheckoutWords;
}
