// The checkout script's life on a page: reads, asks and draws, again whenever page or numbers change.
import type { Browser } from 'wxt/browser';
import { formatAmount, type Micros } from '../../shared/money.ts';
import type { Ms } from '../../shared/time.ts';
import type { CheckoutWords } from '../view/checkout.ts';
import { Badge } from './badge.ts';
import { isDark } from './color.ts';
import { bodyOf, parentOf, rootOf } from './dom.ts';
import { type Checkout, describe } from './find-total.ts';
import { choosePlace, dialogOf } from './place.ts';
import { type Anchor, readPage } from './read-page.ts';
import { openTalk } from './talk.ts';
import { type Watch, watchPage } from './watch.ts';

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
  /** The last that were told, maybe of an earlier question. */
  let words: CheckoutWords | null = null;
  let asked = '';
  /** Number of what is asked now. */
  let nr = 0;
  let css = '';
  /** Made with the first answer: most pages are no checkout. */
  let badge: Badge | null = null;
  let hiddenAt: string | null = null;
  let removals = 0;
  let moving: ReturnType<typeof setTimeout> | undefined;
  let aging: ReturnType<typeof setTimeout> | undefined;
  let said = '';

  const talk = openTalk(
    runtime,
    ({ look, words: said }) => {
      // The first, or a person chose another language.
      if (look && look.css !== css) {
        badge?.remove();
        css = look.css;
        badge = new Badge(look, { open: (place) => talk.open(place), hide }, signal);
      }
      words = said ?? words;
      draw();
    },
    signal,
  );
  const hide = () => {
    hiddenAt = location.pathname;
    read();
  };
  signal.addEventListener('abort', () => {
    for (const timer of [moving, aging]) clearTimeout(timer);
    badge?.remove();
  });

  /** The address says so, which proves nothing: the ledger is asked. */
  const hasReturned = () => {
    const { search } = location;
    return search.includes('credits_purchase') && /[?&]credits_purchase=success(?:&|$)/.test(search);
  };

  function draw(): void {
    clearTimeout(aging);
    if (!badge) return;
    const isAnswered = words?.nr === nr;
    // What was said of another amount keeps its place, unsaid, until the new words are there.
    const isWanted = hiddenAt === null && removals <= MAX_REMOVALS && (isAnswered || badge.isShown);
    const face = isWanted ? words?.face : null;
    const body = bodyOf(document);
    const near = anchor && parentOf(anchor.value[0] ?? anchor.row);
    const spot = face && choosePlace(anchor, badge.host);
    if (!face || !spot || !body || signal.aborted) {
      badge.remove();
      return;
    }
    const home = near && dialogOf(near);
    // Numbers grow old by time alone.
    const left = (words?.stale_at ?? Infinity) - now();
    const state = !isAnswered ? 'checking' : left <= 0 ? 'late' : '';
    badge.show(face, state, spot, isDark(near ?? body), home ?? rootOf(document));
    if (left > 0 && left < 2 ** 31) aging = setTimeout(draw, left);
  }

  /** Asks for what is on the page now; hangs up when there is nothing. */
  function ask(): void {
    const returned = hasReturned();
    if (hiddenAt !== null || removals > MAX_REMOVALS || (!checkout && !returned)) {
      asked = '';
      words = null;
      talk.close();
      return;
    }
    const textOf = (micros: Micros | null | undefined) => (micros == null ? null : formatAmount(micros));
    const [amount, per_hour] = [textOf(checkout?.due), textOf(checkout?.perHour)];
    const question = { amount, per_hour, service: checkout?.service ?? null, returned };
    const key = JSON.stringify(question);
    if (key === asked) return;
    asked = key;
    nr += 1;
    talk.ask({ nr, ...question });
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
    moving = setTimeout(() => words && draw(), SETTLED_MS);
    if (words && anchor) requestAnimationFrame(draw);
  };
  addEventListener('scroll', moved, { signal, capture: true, passive: true });
  addEventListener('resize', moved, { signal, passive: true });
}
