// What a hostile page can try against the badge. Each runs in the page's own world and answers all that it learned.
import type { Page } from 'puppeteer-core';

/** Before anything else runs: what later code would call is bent, and what it might pass by is recorded. */
export function bendEverything(): void {
  const spied: string[] = [];
  Object.assign(window, { spied });
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function attachShadow(init) {
    spied.push('attachShadow');
    return attach.call(this, { ...init, mode: 'open' });
  };
  const replace = CSSStyleSheet.prototype.replaceSync;
  CSSStyleSheet.prototype.replaceSync = function replaceSync(text) {
    spied.push(text);
    replace.call(this, text);
  };
  for (const name of ['setAttribute', 'append', 'replaceChildren', 'getBoundingClientRect'] as const) {
    const own: unknown = Reflect.get(Element.prototype, name);
    Reflect.set(Element.prototype, name, function bent(this: Element, ...args: unknown[]) {
      if (this.localName !== 'main') spied.push(`${name} ${args.map(String).join(' ')}`);
      return Reflect.apply(own as () => unknown, this, args); // a function of the prototype
    });
  }
  const root: object = Object.prototype;
  for (const key of ['due', 'ok', 'amount', 'available', 'toJSON', 'then']) {
    Object.defineProperty(root, key, {
      configurable: true,
      get() {
        spied.push(`get ${key}`);
        return undefined;
      },
      set() {
        spied.push(`set ${key}`);
      },
    });
  }
}

/** The language itself, once the page has drawn what it wants to show. */
export function bendLanguage(): void {
  Reflect.set(String.prototype, 'replace', () => '1 USDC');
  Reflect.set(RegExp.prototype, 'exec', () => null);
  JSON.stringify = () => '{}';
  Intl.NumberFormat.prototype.formatToParts = () => [{ type: 'literal', value: '$1' }];
}

/** Names that shadow members of `document` and of forms. */
export const CLOBBER = [
  'body',
  'documentElement',
  'querySelectorAll',
  'createElement',
  'elementsFromPoint',
  'createTreeWalker',
]
  .map((name) => `<form name="${name}"><input name="parentElement"><input name="textContent"></form>`)
  .join('');

/** Every digit in fonts of every name that a badge could use, fetched from the page's own site when it is drawn. */
export const FONTS = [
  'system-ui',
  'sans-serif',
  'serif',
  'monospace',
  'ui-sans-serif',
  'initial',
  'inherit',
  'Inter',
  'Arial',
  '-apple-system',
  'BlinkMacSystemFont',
]
  .flatMap((family) =>
    '0123456789$.'
      .split('')
      .map(
        (char) =>
          `@font-face{font-family:"${family}";src:url("/look-alike/font?${family}&${char.charCodeAt(0)}");unicode-range:U+${char.charCodeAt(0).toString(16)}}`,
      ),
  )
  .join('');

/** All that a page can see of the badge: to be the same whatever the badge says. */
export function spy(page: Page, words: readonly string[]): Promise<Record<string, unknown>> {
  return page.evaluate(async (searched) => {
    const host = document.querySelector('[popover]');
    if (!(host instanceof HTMLElement)) return { host: 'none' };
    const found = searched.filter((word) => {
      getSelection()?.removeAllRanges();
      const { find } = window as unknown as { find(text: string, ...flags: boolean[]): boolean }; // not in the types
      return find(word, false, false, true, false, true, true);
    });
    getSelection()?.selectAllChildren(document.documentElement);
    const selected = String(getSelection());
    let copied = '';
    document.addEventListener(
      'copy',
      (event) => (copied = String(event.clipboardData?.getData('text/plain'))),
      { once: true },
    );
    document.execCommand('selectAll');
    document.execCommand('copy');
    getSelection()?.removeAllRanges();
    const box = host.getBoundingClientRect();
    const hits: string[] = [];
    for (let y = Math.max(0, box.top); y < Math.min(innerHeight, box.bottom); y += 6) {
      let row = '';
      for (let x = Math.max(0, box.left); x < Math.min(innerWidth, box.right); x += 6) {
        const top = document.elementFromPoint(x, y);
        row += top === host ? '#' : '.';
      }
      hits.push(row);
    }
    const caret = document.caretPositionFromPoint(box.left + 80, box.top + 60)?.offsetNode.nodeName;
    const style = getComputedStyle(host);
    const computed = Array.from(style, (name) => `${name}:${style.getPropertyValue(name)}`);
    const pseudo = ['::before', '::after', '::backdrop'].map((part) => getComputedStyle(host, part).content);
    host.style.cssText =
      'font-family:Arial!important;width:auto!important;display:inline!important;overflow:visible!important';
    const bent = [host.offsetWidth, host.offsetHeight, getComputedStyle(host).fontFamily];
    host.removeAttribute('style');
    const paints = await new Promise<string[]>((resolve) => {
      const seen: string[] = [];
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) seen.push(JSON.stringify(entry.toJSON()));
      }).observe({ type: 'largest-contentful-paint', buffered: true });
      setTimeout(() => resolve(seen), 100);
    });
    return {
      found,
      selected: searched.filter((word) => selected.includes(word)),
      copied: searched.filter((word) => copied.includes(word)),
      shadow: host.shadowRoot === null ? 'null' : 'open',
      html: host.outerHTML.replace(' style=""', ''),
      sizes: [host.offsetWidth, host.offsetHeight, host.scrollWidth, host.scrollHeight, host.clientHeight],
      place: [box.left, box.top],
      rects: host.getClientRects().length,
      page: [document.documentElement.scrollWidth, document.documentElement.scrollHeight],
      hits,
      caret,
      computed,
      pseudo,
      bent,
      sheets: document.styleSheets.length + document.adoptedStyleSheets.length,
      animations: document.getAnimations().length,
      paints: paints.length,
      markup: host.getHTML({ serializableShadowRoots: true }),
      clone: (host.cloneNode(true) as HTMLElement).outerHTML.replace(' style=""', ''),
    };
  }, words);
}
