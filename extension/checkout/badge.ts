// The badge's element: a closed shadow root whose outside is the same whatever it says.
import type { BrowserLocale } from '../locales/browser.ts';
import { createElement, createSvg, parentNodeOf } from './dom.ts';
import type { Face } from './face.ts';
import { CARD, rulesOf, type Spot, wordsOf } from './sheet.ts';

/** A caret no lower than this needs no sliding of the card. */
const LEVEL = 24.5;
const SUPPORT = 'mailto:support@io.net?subject=IO%20Credits';

export interface BadgeActions {
  /** A place of the side panel. */
  open(place: string): void;
  hide(): void;
}

function filled<E extends Element>(
  element: E,
  attributes: Record<string, string>,
  children: readonly Element[],
): E {
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** An element with a class, attributes and children; never any text. */
const part = (
  name: keyof HTMLElementTagNameMap,
  className: string,
  children: readonly Element[] = [],
  attributes: Record<string, string> = {},
): HTMLElement => filled(createElement(name), { class: className, ...attributes }, children);

const frame = (className: string, children: readonly Element[]): Element =>
  part('aside', className, children, { 'aria-label': 'IO Glance' });

/** What it draws stands in the style sheet, by where it is. */
const icon = (...more: Element[]): Element =>
  filled(createSvg('svg'), { viewBox: '0 0 16 16', 'aria-hidden': 'true' }, [createSvg('path'), ...more]);

export class Badge {
  readonly host: HTMLElement = createElement('div');
  readonly #sheet = new CSSStyleSheet();
  readonly #rules = new CSSStyleSheet();
  readonly #hit = part('div', 'hit');
  readonly #live = part('div', 'live', [], { role: 'status' });
  readonly #body = part('div', 'body');
  readonly #locale: BrowserLocale;
  #home: Node | null = null;
  #said = '';
  #drawn = '';
  #place = '';
  #ruled = '';

  /** @param css the sheet that never changes */
  constructor(locale: BrowserLocale, css: string, actions: BadgeActions, signal: AbortSignal) {
    this.#locale = locale;
    this.#sheet.replaceSync(css);
    this.host.setAttribute('popover', 'manual');
    const root = this.host.attachShadow({ mode: 'closed' });
    root.adoptedStyleSheets = [this.#sheet, this.#rules];
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

  /** True when it was put somewhere and is no longer there: the page took or moved it. */
  get isMissing(): boolean {
    return this.#home !== null && parentNodeOf(this.host) !== this.#home;
  }

  /** Shows a face at a spot, inside `home`: the document, or the modal dialog that makes all else inert. */
  show(face: Face, spot: Spot, isDark: boolean, home: Element): void {
    const { t } = this.#locale;
    const key = JSON.stringify([spot.shape, face.action !== null, face.ways.length, face.note !== '']);
    if (key !== this.#drawn) this.#draw(face, spot);
    this.#drawn = key;
    this.#place = face.action?.open ?? '';
    const fixed = { or: t('checkout_or'), more: t('checkout_request_more'), panel: t('checkout_panel') };
    const words = wordsOf(face, fixed);
    const look = `hit ${isDark ? 'dark' : 'light'} ${face.tone}`;
    if (this.#hit.className !== look) this.#hit.className = look;
    const isNew = parentNodeOf(this.host) !== home;
    if (isNew) {
      home.append(this.host);
      this.#home = home;
    }
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
    this.#announce([face.title, `${face.strong}${face.rest}`, face.note].filter(Boolean).join('. '));
  }

  remove(): void {
    this.#home = null;
    this.host.remove();
  }

  /** Screen readers hear a verdict once, politely. A name is no text: nothing finds it. */
  #announce(words: string): void {
    if (words === this.#said) return;
    this.#said = words;
    this.#live.replaceChildren(part('span', '', [], { role: 'img', 'aria-label': words }));
  }

  #draw(face: Face, { shape }: Spot): void {
    const { t } = this.#locale;
    const button = (act: string, className: string, name?: string) =>
      part('button', className, name ? [icon()] : [], {
        'data-do': act,
        ...(name && { 'aria-label': name }),
      });
    const panel = (className: string) => button('panel', className, t('checkout_open_panel'));
    const disc = part('span', 'disc', [icon()]);
    const close = button('hide', 'x', t('checkout_hide'));
    const title = part('span', 'title');
    if (shape === 'pill') {
      const act = face.action ? button('go', 'link') : panel('x');
      this.#body.replaceChildren(frame('pill', [disc, title, act, close]));
      return;
    }
    const more = part('a', '', [], { href: SUPPORT });
    const rows = [
      part('header', '', [disc, title, close]),
      part('p', 'say', [part('span', 'strong'), part('span', 'rest')]),
      ...(face.ways.length > 0
        ? [
            part(
              'div',
              'ways',
              ['label l1', 'price p1', 'label l2', 'price p2'].map((name) => part('span', name)),
            ),
          ]
        : []),
      ...(face.action ? [button('go', 'go')] : []),
      ...(face.note ? [part('p', 'note')] : []),
      ...(face.action ? [part('p', 'or', [more])] : []),
      part('footer', '', [icon(createSvg('circle')), part('span', 'as-of'), panel('link')]),
    ];
    this.#body.replaceChildren(frame('cb', rows));
  }
}
