// Notices that a page changed: at once when it touches the total, soon when it touches anything else.
import { type Anchor, totalsInText } from './read-page.ts';

/** Two readings are at least this far apart, whatever the page does. */
const QUIET_MS = 200;
/** A page is first read once it has laid itself out. */
const SETTLE_MS = 100;
/** What no mutation tells (a style sheet, an animation that ends) is noticed by looking again. */
const LOOK_AGAIN_MS = 1_000;
/** So many readings at once within a second; a page that changes its total faster is looked at when it is quiet. */
const MAX_AT_ONCE = 20;

const ATTRIBUTES = ['class', 'style', 'hidden', 'open', 'disabled', 'aria-hidden', 'aria-checked'];

/** Calls `read` now, whenever the page may say something else, and tells it whether words to look at again are there. */
export class Watch {
  readonly #read: () => boolean;
  #seen: [Text, string][] = [];
  #totals = '';
  /** The amount stands right behind its label in the page's text. */
  #isTold = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;
  #last = -Infinity;
  #atOnce = 0;
  #since = 0;

  /** @param read reads the page; true when it should be looked at again without being told. `ours` is the badge */
  constructor(
    read: () => boolean,
    ours: { is: (node: Node) => boolean; isMissing: () => boolean },
    signal: AbortSignal,
  ) {
    this.#read = read;
    const observer = new MutationObserver((records) => {
      if (ours.isMissing()) this.#now();
      else if (!records.every((record) => isOnlyOurs(record, ours.is))) this.#touched();
    });
    observer.observe(document, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
      attributeFilter: ATTRIBUTES,
    });
    for (const event of ['transitionend', 'animationend', 'change', 'toggle']) {
      document.addEventListener(event, () => this.soon(), { signal, capture: true, passive: true });
    }
    signal.addEventListener('abort', () => {
      observer.disconnect();
      clearTimeout(this.#timer);
      clearTimeout(this.#again);
    });
    this.#timer = setTimeout(() => this.#now(), SETTLE_MS);
  }

  /** The texts whose change is noticed at once. */
  follow(anchor: Anchor | null): void {
    const nodes = anchor ? [...anchor.label, ...anchor.value] : [];
    this.#seen = nodes.flatMap((node) => (node instanceof Text ? [[node, node.data]] : []));
    this.#totals = anchor ? totalsInText() : '';
    const value = anchor?.value.map((node) => (node instanceof Text ? node.data : '')).join('') ?? '';
    this.#isTold = value !== '' && this.#totals.includes(value);
  }

  soon(): void {
    this.#timer ??= setTimeout(() => this.#now(), Math.max(16, this.#last + QUIET_MS - performance.now()));
  }

  #touched(): void {
    const isMoved = this.#seen.some(([node, text]) => !node.isConnected || node.data !== text);
    // Drawn anew with the same words: what was said of them still holds.
    const isTorn = isMoved && !(this.#isTold && totalsInText() === this.#totals);
    const now = performance.now();
    if (now - this.#since > 1_000) [this.#since, this.#atOnce] = [now, 0];
    if (!isTorn || this.#atOnce >= MAX_AT_ONCE) {
      this.soon();
      return;
    }
    this.#atOnce += 1;
    this.#now();
  }

  #now(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#again);
    this.#timer = undefined;
    const lookAgain = this.#read();
    this.#last = performance.now();
    if (lookAgain) this.#again = setTimeout(() => this.soon(), LOOK_AGAIN_MS);
  }
}

function isOnlyOurs(
  { target, addedNodes, removedNodes }: MutationRecord,
  isOurs: (node: Node) => boolean,
): boolean {
  if (isOurs(target)) return true;
  const nodes = [...addedNodes, ...removedNodes];
  return nodes.length > 0 && nodes.every(isOurs);
}
