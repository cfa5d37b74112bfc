// The badge's style sheet. All words and amounts are generated content in it, with generic fonts: `window.find`,
// selection and a page's own fonts reach whatever stands in a document as text. Measures: mockups/checkout-*.html.
import type { Face, Tone } from './face.ts';

/** What stays the same whatever the verdict is: a page can measure it, so it must tell nothing. */
export const CARD = { width: 304, height: 256 };
export const PILL = { width: 264, height: 28 };
/** Room around for the shadow and the caret; it takes no clicks. */
export const MARGIN = 40;

export type Shape = 'card' | 'pill';

export interface Spot {
  shape: Shape;
  /** Left upper corner of the constant box, in the viewport. */
  x: number;
  y: number;
  /** Where the total's row is, from the box's top; null without a caret. */
  caret: number | null;
  /** The box is left of the total. */
  isLeft: boolean;
}

const LIGHT =
  '--o:#fff;--line:#e3e5e9;--t1:#14171e;--t2:#50545d;--t3:#646973;--h:#f1f2f5;--a:#3f4cdb;--ah:#363ec8;--at:#3c48d3;--pos:#007748;--pos-s:#e6f7ee;--warn:#8a5600;--warn-s:#fff3d9;--edge:#14171e14;--sh:0 0 0 1px #14171e14,0 8px 24px #14171e24;color-scheme:light;';
const DARK =
  '--o:#1a1c20;--line:#25282d;--t1:#f2f3f5;--t2:#a9acb4;--t3:#868b93;--h:#222429;--a:#4e60e8;--ah:#5569ee;--at:#99abfd;--pos:#4bdc95;--pos-s:#0f2a1d;--warn:#f7bc50;--warn-s:#2c210d;--edge:#ffffff17;--sh:0 0 0 1px #ffffff17,0 12px 32px #0000008c;color-scheme:dark;';
const TONES: Record<Tone, string> = {
  enough: '--i:var(--pos);--is:var(--pos-s);',
  short: '--i:var(--warn);--is:var(--warn-s);',
  wait: '--i:var(--t2);--is:var(--h);',
};

// Inherited values and the page's own rules for this element are shut out; a host rule that is important wins over both.
const HOST = `:host{all:initial!important;direction:ltr!important;unicode-bidi:isolate!important;display:block!important;position:fixed!important;inset:0 auto auto 0!important;margin:0!important;pointer-events:none!important;contain:strict!important;user-select:none!important;-webkit-user-select:none!important;z-index:2147483647!important;`;

const BASE = `
*,*::before{box-sizing:border-box;margin:0;padding:0;font-family:system-ui,sans-serif;font-variant-numeric:tabular-nums}
.hit{position:absolute;left:${MARGIN}px;top:${MARGIN}px;pointer-events:auto;cursor:default;font:400 13px/20px system-ui,sans-serif;color:var(--t1)}
.cb{position:absolute;left:0;width:100%;border-radius:10px;background:var(--o);box-shadow:var(--sh);padding:12px 16px 0}
.cb::before{content:"";position:absolute;width:10px;height:10px;transform:rotate(45deg);background:var(--o);box-shadow:-1px 1px 0 0 var(--edge)}
header{display:flex;align-items:center;gap:8px;min-height:24px}
.title{flex:1;font-weight:600;font-size:15px;line-height:20px}
.disc{display:grid;place-items:center;flex:none;width:20px;height:20px;border-radius:50%;background:var(--is);color:var(--i)}
svg{display:block;width:12px;height:12px;fill:none;stroke:currentColor;stroke-width:2.25;stroke-linecap:round;stroke-linejoin:round}
button,a{all:unset;box-sizing:border-box;cursor:pointer;border-radius:6px}
button:focus-visible,a:focus-visible{outline:2px solid var(--at);outline-offset:2px}
.x{display:grid;place-items:center;flex:none;width:24px;height:24px;margin-right:-4px;color:var(--t3)}
.x svg{width:16px;height:16px;stroke-width:1.5}
.x:hover{background:var(--h)}
.say{margin-top:4px;color:var(--t2)}
.strong::before{font-weight:500;color:var(--t1)}
.ways{margin:8px 0 12px;display:grid;grid-template-columns:1fr auto;gap:4px 12px}
.label::before{color:var(--t2)}
.price{text-align:right;font-weight:500}
.go{display:block;width:100%;height:32px;padding:6px 12px;text-align:center;font-weight:600;line-height:20px;background:var(--a);color:#fff}
.go:hover{background:var(--ah)}
.note,.or{margin-top:8px;font-size:12px;line-height:16px;color:var(--t2)}
.link,.or a{color:var(--at)}
.or a{margin-left:.3em}
.link:hover,.or a:hover{text-decoration:underline}
footer{display:flex;align-items:center;gap:6px;min-height:36px;margin:12px -16px 0;padding:0 10px 0 16px;border-top:1px solid var(--line);font-size:12px;line-height:16px;color:var(--t3)}
footer svg{flex:none;width:14px;height:14px;color:var(--at);stroke-width:1.75}
footer .link{margin-left:auto;display:inline-flex;align-items:center;gap:4px;padding:2px 6px}
footer .link svg{stroke-width:1.5}
.pill{position:absolute;right:0;top:0;display:flex;align-items:center;gap:6px;height:28px;max-width:100%;padding:0 4px 0 8px;border-radius:14px;background:var(--o);box-shadow:var(--sh);font-weight:500;white-space:nowrap}
.pill .title{font-weight:500;font-size:13px}
.pill .disc{width:16px;height:16px}
.pill .disc svg{width:10px;height:10px}
.pill .x{width:20px;height:20px;margin:0;border-radius:50%}
.pill .x svg{width:12px;height:12px}
.live{position:absolute;left:0;top:0;width:1px;height:1px;overflow:hidden}
[hidden]{display:none!important}
@media (forced-colors:active){.cb,.pill,.go{border:1px solid ButtonBorder}}
`;

/** A text as a CSS string: each character that could end it or is not plain is escaped. */
export function cssString(text: string): string {
  const safe = (char: string) =>
    /[A-Za-z0-9 .,:$%()<>-]/.test(char) ? char : `\\${(char.codePointAt(0) ?? 0xfffd).toString(16)} `;
  return `"${[...text].map(safe).join('')}"`;
}

/** Which words stand in which part. */
export function wordsOf(
  face: Face,
  fixed: { or: string; more: string; panel: string },
): Record<string, string> {
  const [first, second] = face.ways;
  return {
    '.title': face.title,
    '.strong': face.strong,
    '.rest': face.rest,
    '.l1': first?.label ?? '',
    '.p1': first?.price ?? '',
    '.l2': second?.label ?? '',
    '.p2': second?.price ?? '',
    '.note': face.note,
    '.go': face.action?.label ?? '',
    '.pill .link': face.action?.short ?? '',
    '.or': fixed.or,
    '.or a': fixed.more,
    '.as-of': face.footer,
    'footer .link': fixed.panel,
  };
}

/** The whole sheet of a face at a spot. @param height of the visible card, known once it is drawn */
export function sheetOf(
  tone: Tone,
  words: Record<string, string>,
  spot: Spot,
  isDark: boolean,
  height: number,
): string {
  const { shape, x, y, caret, isLeft } = spot;
  const { width, height: room } = shape === 'card' ? CARD : PILL;
  // The card slides within its constant box until it holds the caret.
  const top = caret === null ? 0 : Math.max(0, Math.min(caret - 24, room - height));
  const side = isLeft ? 'right:-5px' : 'left:-5px';
  const turn = isLeft ? 'box-shadow:1px -1px 0 0 var(--edge);' : '';
  const marks = Object.entries(words).map(([part, text]) => `${part}::before{content:${cssString(text)}}`);
  return `${HOST}width:${width + 2 * MARGIN}px!important;height:${room + 2 * MARGIN}px!important;translate:${x - MARGIN}px ${y - MARGIN}px!important}
.hit{width:${width}px;height:${room}px;${isDark ? DARK : LIGHT}${TONES[tone]}}${BASE}
.cb{top:${top}px}.cb::before{${caret === null ? 'display:none' : `top:${caret - top - 5}px;${side};${turn}`}}
${marks.join('\n')}`;
}
