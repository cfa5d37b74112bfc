// The badge's element: a closed shadow root whose outside is the same whatever it says.
import type { CheckoutFace, CheckoutLook } from '../view/checkout.ts';
import { createElement, parentNodeOf } from './dom.ts';
import { CARD, rulesOf, type Spot } from './sheet.ts';

/** A caret no lower than this needs no sliding of the card. */
const LEVEL = 24.5;

export interface BadgeActions {
  /** A place of the side panel. */
  open(place: string): void;
  hide(): void;
}

/** What is to be made of its words: taken as they stand, as old, or not at all, since they are of another amount. */
export type State = '' | 'late' | 'checking';

function part(attributes: Record<string, string>): HTMLElement {
  const element = createElement('div');
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

export class Badge {
  readonly host = part({ popover: 'manual' });
  readonly #rules = new CSSStyleSheet();
  readonly #hit = part({ class: 'hit' });
  readonly #live = part({ class: 'live', role: 'status' });
  readonly #body = part({ class: 'body' });
  readonly #look: CheckoutLook;
  #home: Node | null = null;
  #said = '';
  #drawn = '';
  #place = '';
  #ruled = '';

  constructor(look: CheckoutLook, actions: BadgeActions, signal: AbortSignal) {
    this.#look = look;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(look.css);
    const root = this.host.attachShadow({ mode: 'closed' });
    root.adoptedStyleSheets = [sheet, this.#rules];
    this.#hit.append(this.#body, this.#live);
    root.append(this.#hit);
    const listener = (event: Event) => {
      // A page can only click what it can reach, and nothing it does is trusted.
      const target =
        event.isTrusted && event.target instanceof Element ? event.target.closest('[data-do]') : null;
      const act = target?.getAttribute('data-do');
      if (act === 'hide') actions.hide();
      else if (act === 'panel') actions.open('');
      else if (act === 'go') actions.open(this.#place);
    };
    this.#hit.addEventListener('click', listener, { signal });
  }

  get isShown(): boolean {
    return this.#home !== null;
  }

  /** True when it was put somewhere and is no longer there: the page took or moved it. */
  get isMissing(): boolean {
    return this.#home !== null && parentNodeOf(this.host) !== this.#home;
  }

  /** Shows a face at a spot, inside `home`: the document, or the modal dialog that makes all else inert. */
  show(face: CheckoutFace, state: State, spot: Spot, isDark: boolean, home: Element): void {
    if (spot.shape !== this.#drawn) {
      // Our own worker's markup, which holds nothing that came from a page or an account.
      this.#body.innerHTML = this.#look.parts[spot.shape];
      this.#drawn = spot.shape;
    }
    this.#place = face.open;
    const look = `hit ${isDark ? 'dark' : 'light'} ${face.look} ${state}`;
    if (this.#hit.className !== look) this.#hit.className = look;
    const isNew = parentNodeOf(this.host) !== home;
    if (isNew) {
      home.append(this.host);
      this.#home = home;
    }
    const words = face.rules + (state === 'late' ? face.late : '');
    const ruled = JSON.stringify([words, spot]);
    if (ruled !== this.#ruled) {
      this.#rules.replaceSync(rulesOf(words, spot, CARD.height));
      const card = this.#body.firstElementChild;
      if (spot.caret !== null && spot.caret > LEVEL && card) {
        this.#rules.replaceSync(rulesOf(words, spot, card.getBoundingClientRect().height));
      }
      this.#ruled = ruled;
    }
    // Above a page's own layers, and measured from the viewport whatever its ancestors do.
    if (isNew || !this.host.matches(':popover-open')) this.host.showPopover();
    this.#announce(state === 'checking' ? '' : face.spoken);
  }

  remove(): void {
    this.#home = null;
    this.host.remove();
  }

  /** Screen readers hear a verdict once, politely, and find none of another amount. A name is no text: nothing finds it. */
  #announce(words: string): void {
    if (words === this.#said) return;
    this.#said = words;
    this.#live.replaceChildren(...(words ? [part({ role: 'img', 'aria-label': words })] : []));
  }
}
