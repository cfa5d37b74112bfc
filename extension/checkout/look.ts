// What the badge is made of: markup for its two shapes and the sheet that never changes. The worker makes both, since a
// page's main thread would build each element on its own. No text stands in it: words are style rules.
import type { BrowserLocale } from '../locales/browser.ts';
import type { CheckoutLook } from '../view/checkout.ts';

const SUPPORT = 'mailto:support@io.net?subject=IO%20Credits';

/** What it draws stands in the sheet, by where it is. */
const icon = (more = '') => `<svg viewBox="0 0 16 16" aria-hidden="true"><path/>${more}</svg>`;
const DISC = `<span class="disc">${icon()}</span><span class="title"></span>`;

/** Markup in the shapes and words of the sheet, which public/checkout.css is. */
export function lookOf(css: string, { t }: BrowserLocale): CheckoutLook {
  const button = (act: string, className: string, key: string) =>
    `<button data-do="${act}" class="${className}" aria-label="${inMarkup(t(key))}">${icon()}</button>`;
  const panel = (className: string) => button('panel', className, 'checkout_open_panel');
  const close = button('hide', 'x', 'checkout_hide');
  const frame = (className: string, parts: string) =>
    `<aside class="${className}" aria-label="IO Glance">${parts}</aside>`;
  const span = (className: string) => `<span class="${className}"></span>`;
  return {
    // What was said is of another amount: until there are new words its own are not drawn.
    css: css + ruleOf('.checking .title', t('checkout_checking')),
    parts: {
      pill: frame('pill', `${DISC}<button data-do="go" class="link"></button>${panel('x')}${close}`),
      card: frame(
        'cb',
        `<header>${DISC}${close}</header>
<p class="say">${span('strong')}${span('rest')}</p>
<div class="ways">${['label l1', 'price p1', 'label l2', 'price p2'].map(span).join('')}</div>
<button data-do="go" class="go"></button>
<p class="note"></p>
<p class="or"><a href="${SUPPORT}"></a></p>
<footer>${icon('<circle/>')}${span('as-of')}${panel('link')}</footer>`,
      ),
    },
  };
}

const inMarkup = (text: string) => text.replace(/[&"<]/g, (char) => `&#${char.charCodeAt(0)};`);

/** A text as generated content: each character that could end it or is not plain is escaped. */
export function ruleOf(part: string, text: string): string {
  const safe = (char: string) =>
    /[A-Za-z0-9 .,:$%()<>-]/.test(char) ? char : `\\${(char.codePointAt(0) ?? 0xfffd).toString(16)} `;
  return `${part}::before{content:"${Array.from(text, safe).join('')}"}`;
}
