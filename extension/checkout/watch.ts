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

/** Calls `read` now, whenever the page may say something else, and tells it whether words to look at again are there. */
export class Watch {
  readonly #read: () => boolean;
  readonly #ours: () => Ours | null;
  #anchor: Anchor | null = null;
  #glances = 0;
  #seen: [Text, string][] = [];
  #totals = '';
  /** The amount stands right behind its label in the page's text. */
  #isTold = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;
  #last = -Infinity;
  #atOnce = 0;
  #since = 0;

  /** @param read reads the page; true when it should be looked at again without being told */
  constructor(read: () => boolean, ours: () => Ours | null, signal: AbortSignal) {
    this.#read = read;
    this.#ours = ours;
    const observer = new MutationObserver((records) => {
      const badge = ours();
      if (badge?.isMissing) this.#now();
      else if (!records.every((record) => isOnlyOf(badge?.host, record))) this.#touched();
    });
    observer.observe(document, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
      attributeFilter: ATTRIBUTES,
    });
    const soon = (event: Event) => {
      if (event.target !== ours()?.host) this.soon();
    };
    for (const event of ['transitionend', 'animationend', 'change', 'toggle']) {
      document.addEventListener(event, soon, { signal, capture: true, passive: true });
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
    this.#anchor = anchor;
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
    this.#glances = 0;
    if (lookAgain) this.#again = setTimeout(() => this.#glance(), LOOK_AGAIN_MS);
  }

  /** Reads again, or sees that what was read stands as it stood. */
  #glance(): void {
    this.#glances += 1;
    const isSame = this.#anchor !== null && standsAsRead(this.#anchor, this.#ours()?.host ?? null);
    if (isSame && this.#glances < MAX_GLANCES) this.#again = setTimeout(() => this.#glance(), LOOK_AGAIN_MS);
    else this.soon();
  }
}

function isOnlyOf(host: Element | undefined, { target, addedNodes, removedNodes }: MutationRecord): boolean {
  if (target === host) return true;
  const nodes = [...addedNodes, ...removedNodes];
  return nodes.length > 0 && nodes.every((node) => node === host);
}
