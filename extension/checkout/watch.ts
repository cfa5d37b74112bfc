// Notices that a page changed: at once when it touches the total, soon when it touches anything else.
import { type Anchor, standsAsRead, totalsInText } from './read-page.ts';

/** Two readings are at least this far apart, whatever the page does. */
const QUIET_MS = 200;
/** A page is first read once it has laid itself out. */
const SETTLE_MS = 100;
/** What no mutation tells (a style sheet, an animation that ends) is noticed by looking again. */
const LOOK_AGAIN_MS = 1_000;
/** So often in a row it is enough that the total stands as it stood. */
const MAX_GLANCES = 4;
/** So many readings at once within a second; a page that changes its total faster is looked at when it is quiet. */
const MAX_AT_ONCE = 20;

const ATTRIBUTES = ['class', 'style', 'hidden', 'open', 'disabled', 'aria-hidden', 'aria-checked'];

/** The badge's own element, whose changes are not the page's. */
interface Ours {
  host: Element;
  isMissing: boolean;
}

export interface Watch {
  /** The texts whose change is noticed at once. */
  follow(anchor: Anchor | null): void;
}

/**
 * Calls `read` whenever the page may say something else.
 * @param read reads the page; true when it should be looked at again without being told
 */
export function watchPage(read: () => boolean, ours: () => Ours | null, signal: AbortSignal): Watch {
  let anchor: Anchor | null = null;
  let glances = 0;
  let seen: [Text, string][] = [];
  let totals = '';
  /** The amount stands right behind its label in the page's text. */
  let isTold = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  let last = -Infinity;
  let atOnce = 0;
  let since = 0;

  function readNow(): void {
    clearTimeout(timer);
    clearTimeout(again);
    timer = undefined;
    const lookAgain = read();
    last = performance.now();
    glances = 0;
    if (lookAgain) again = setTimeout(glance, LOOK_AGAIN_MS);
  }

  function readSoon(): void {
    timer ??= setTimeout(readNow, Math.max(16, last + QUIET_MS - performance.now()));
  }

  /** Reads again, or sees that what was read stands as it stood. */
  function glance(): void {
    glances += 1;
    const isSame = anchor !== null && standsAsRead(anchor, ours()?.host ?? null);
    if (isSame && glances < MAX_GLANCES) again = setTimeout(glance, LOOK_AGAIN_MS);
    else readSoon();
  }

  function touched(): void {
    const isMoved = seen.some(([node, text]) => !node.isConnected || node.data !== text);
    // Drawn anew with the same words: what was said of them still holds.
    const isTorn = isMoved && !(isTold && totalsInText() === totals);
    const now = performance.now();
    if (now - since > 1_000) [since, atOnce] = [now, 0];
    if (!isTorn || atOnce >= MAX_AT_ONCE) {
      readSoon();
      return;
    }
    atOnce += 1;
    readNow();
  }

  const observer = new MutationObserver((records) => {
    const badge = ours();
    if (badge?.isMissing) readNow();
    else if (!records.every((record) => isOnlyOf(badge?.host, record))) touched();
  });
  observer.observe(document, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
    attributeFilter: ATTRIBUTES,
  });
  const soon = (event: Event) => {
    if (event.target !== ours()?.host) readSoon();
  };
  for (const event of ['transitionend', 'animationend', 'change', 'toggle']) {
    document.addEventListener(event, soon, { signal, capture: true, passive: true });
  }
  signal.addEventListener('abort', () => {
    observer.disconnect();
    clearTimeout(timer);
    clearTimeout(again);
  });
  timer = setTimeout(readNow, SETTLE_MS);

  return {
    follow(found) {
      anchor = found;
      const nodes = found ? [...found.label, ...found.value] : [];
      seen = nodes.flatMap((node) => (node instanceof Text ? [[node, node.data]] : []));
      totals = found ? totalsInText() : '';
      const value = found?.value.map((node) => (node instanceof Text ? node.data : '')).join('') ?? '';
      isTold = value !== '' && totals.includes(value);
    },
  };
}

function isOnlyOf(host: Element | undefined, { target, addedNodes, removedNodes }: MutationRecord): boolean {
  if (target === host) return true;
  const nodes = [...addedNodes, ...removedNodes];
  return nodes.length > 0 && nodes.every((node) => node === host);
}
