// The badge's element: a closed shadow root whose outside is the same whatever it says.
import type { BrowserLocale } from '../locales/browser.ts';
import { createElement, createSvg, parentNodeOf } from './dom.ts';
import type { Face, Tone } from './face.ts';
import { CARD, rulesOf, type Spot, wordsOf } from './sheet.ts';

/** A caret no lower than this needs no sliding of the card. */
const LEVEL = 24.5;
const SUPPORT = 'mailto:support@io.net?subject=IO%20Credits';

const PATHS: Record<Tone | 'close' | 'out', string> = {
  enough: 'm3.5 8.5 3 3 6-7',
  short:
    'M7.1 2.9 1.9 11.7a1 1 0 0 0 .9 1.55h10.4a1 1 0 0 0 .9-1.55L8.9 2.9a1.05 1.05 0 0 0-1.8 0ZM8 6.25v2.9M8 11.2v.01',
  wait: 'M8 4.5V8l2.25 1.5M8 2.25a5.75 5.75 0 1 1 0 11.5 5.75 5.75 0 0 1 0-11.5Z',
  close: 'm4.25 4.25 7.5 7.5m0-7.5-7.5 7.5',
  out: 'M4.5 11.5 11.5 4.5M5.75 4.5h5.75v5.75',
};

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

const icon = (path: string, ...more: Element[]): Element =>
  filled(createSvg('svg'), { viewBox: '0 0 16 16', 'aria-hidden': 'true' }, [
    filled(createSvg('path'), { d: path }, []),
    ...more,
  ]);

function mark(): Element {
  const dot = { cx: '8', cy: '8', r: '2.25', fill: 'currentColor', stroke: 'none' };
  return icon('M13.2 5.6A5.75 5.75 0 1 0 13.75 8', filled(createSvg('circle'), dot, []));
}

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
    const key = JSON.stringify([
      face.tone,
      spot.shape,
      face.action !== null,
      face.ways.length,
      face.note !== '',
    ]);
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
    const disc = part('span', 'disc', [icon(PATHS[face.tone])]);
    const close = part('button', 'x', [icon(PATHS.close)], {
      'data-do': 'hide',
      'aria-label': t('checkout_hide'),
    });
    const title = part('span', 'title');
    if (shape === 'pill') {
      const act = face.action
        ? part('button', 'link', [], { 'data-do': 'go' })
        : part('button', 'x', [icon(PATHS.out)], {
            'data-do': 'panel',
            'aria-label': t('checkout_open_panel'),
          });
      this.#body.replaceChildren(
        part('aside', 'pill', [disc, title, act, close], { 'aria-label': 'IO Glance' }),
      );
      return;
    }
    const panel = part('button', 'link', [icon(PATHS.out)], {
      'data-do': 'panel',
      'aria-label': t('checkout_open_panel'),
    });
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
      ...(face.action ? [part('button', 'go', [], { 'data-do': 'go' })] : []),
      ...(face.note ? [part('p', 'note')] : []),
      ...(face.action ? [part('p', 'or', [more])] : []),
      part('footer', '', [mark(), part('span', 'as-of'), panel]),
    ];
    this.#body.replaceChildren(part('aside', 'cb', rows, { 'aria-label': 'IO Glance' }));
  }
}
