// The checkout script's life on a page: reads, asks, judges and draws, again whenever page or numbers change.
import type { Browser } from 'wxt/browser';
import { formatAmount } from '../../shared/money.ts';
import type { Ms } from '../../shared/time.ts';
import type { BrowserLocale } from '../locales/browser.ts';
import { localeOfTexts } from '../locales/messages.ts';
import { languageOf } from '../locales/text.ts';
import type { CheckoutAnswer } from '../view/checkout.ts';
import { Badge } from './badge.ts';
import { isDark } from './color.ts';
import { bodyOf, parentOf, rootOf } from './dom.ts';
import { faceOf } from './face.ts';
import { type Checkout, describe } from './find-total.ts';
import { choosePlace, dialogOf } from './place.ts';
import { type Anchor, readPage } from './read-page.ts';
import { openTalk } from './talk.ts';
import { type Watch, watchPage } from './watch.ts';

/** Amounts change under a stepper: the server is asked when they rest. */
const ASK_AFTER_MS = 250;
/** After a scroll the spot is checked anew once it is over. */
const SETTLED_MS = 120;
/** A page that takes the badge away so often does not want it. */
const MAX_REMOVALS = 5;

export interface CheckoutDeps {
  /** Null once this script outlived its extension. */
  runtime: () => Pick<typeof Browser.runtime, 'connect'> | null;
  now: () => Ms;
  signal: AbortSignal;
  /** Development builds say what was found, and why not. */
  debug: ((line: string) => void) | null;
}

export function runCheckout({ runtime, now, signal, debug }: CheckoutDeps): void {
  let checkout: Checkout | null = null;
  let anchor: Anchor | null = null;
  let answer: CheckoutAnswer | null = null;
  let asked = '';
  let locale: BrowserLocale | null = null;
  /** Made with the first answer: most pages are no checkout. */
  let badge: Badge | null = null;
  let hiddenAt: string | null = null;
  let removals = 0;
  let asking: ReturnType<typeof setTimeout> | undefined;
  let moving: ReturnType<typeof setTimeout> | undefined;
  let aging: ReturnType<typeof setTimeout> | undefined;
  let said = '';

  const talk = openTalk(
    runtime,
    (told) => {
      if (!told || !('css' in told)) answer = told;
      else if (told.language !== locale?.language) {
        // The first, or a person chose another language.
        badge?.remove();
        locale = localeOfTexts(languageOf(told.language), told.texts);
        badge = new Badge(locale, told.css, { open: (place) => talk.open(place), hide }, signal);
      }
      draw();
    },
    signal,
  );
  const hide = () => {
    hiddenAt = location.pathname;
    read();
  };
  signal.addEventListener('abort', () => {
    for (const timer of [asking, moving, aging]) clearTimeout(timer);
    badge?.remove();
  });

  /** The address says so, which proves nothing: the ledger is asked. */
  const hasReturned = () => /[?&]credits_purchase=success(?:&|$)/.test(location.search);

  function draw(): void {
    clearTimeout(aging);
    const returned = hasReturned();
    const isWanted = hiddenAt === null && removals <= MAX_REMOVALS;
    if (!badge || !locale) return;
    const face = answer && isWanted ? safeFace(answer, locale, returned) : null;
    const body = bodyOf(document);
    const near = anchor && parentOf(anchor.value[0] ?? anchor.row);
    const spot = face && choosePlace(anchor, badge.host);
    if (!face || !spot || !body || signal.aborted) {
      badge.remove();
      return;
    }
    const home = near && dialogOf(near);
    badge.show(face, spot, isDark(near ?? body), home ?? rootOf(document));
    // Numbers grow old by time alone.
    const left = (answer?.stale_at ?? Infinity) - now();
    if (left > 0 && left < 2 ** 31) aging = setTimeout(draw, left);
  }

  function safeFace(told: CheckoutAnswer, words: BrowserLocale, returned: boolean) {
    try {
      return faceOf(checkout, told, returned, now(), words);
    } catch {
      // Numbers that are none: nothing is said.
      return null;
    }
  }

  /** Asks for what is on the page now; hangs up when there is nothing. */
  function ask(): void {
    const returned = hasReturned();
    clearTimeout(asking);
    if (hiddenAt !== null || removals > MAX_REMOVALS || (!checkout && !returned)) {
      asked = '';
      answer = null;
      talk.close();
      return;
    }
    const amount = checkout && formatAmount(checkout.due);
    const service = checkout?.service ?? null;
    const key = JSON.stringify([amount, service, returned]);
    if (key === asked) return;
    // Numbers of another service are not this one's.
    if (asked !== '' && JSON.parse(asked)[1] !== service) answer = null;
    const send = () => talk.ask({ amount, service, returned });
    if (asked === '') send();
    else asking = setTimeout(send, ASK_AFTER_MS);
    asked = key;
  }

  /** Answers whether to look again by itself: there are words of a checkout, or a payment is waited for. */
  function read(): boolean {
    if (signal.aborted) return false;
    // Asked for once there is something to take away: it costs a page that is no checkout.
    if (asked !== '' && !runtime()) return false;
    if (hiddenAt !== null && hiddenAt !== location.pathname) hiddenAt = null;
    if (badge?.isMissing) {
      removals += 1;
      badge.remove();
    }
    const reading = readPage(location.pathname, badge?.host ?? null);
    checkout = reading.finding.ok ? reading.finding.checkout : null;
    anchor = reading.anchor;
    watch?.follow(anchor);
    if (import.meta.env.DEV && debug) {
      const line = describe(reading.finding);
      if (line !== said) debug(line);
      said = line;
    }
    ask();
    draw();
    return reading.hasWords || hasReturned();
  }

  let watch: Watch | null = null;
  watch = watchPage(read, () => badge, signal);

  const moved = () => {
    clearTimeout(moving);
    moving = setTimeout(() => answer && draw(), SETTLED_MS);
    if (answer && anchor) requestAnimationFrame(draw);
  };
  addEventListener('scroll', moved, { signal, capture: true, passive: true });
  addEventListener('resize', moved, { signal, passive: true });
}
