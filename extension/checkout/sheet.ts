// The badge's changing style rules: all words and amounts are generated content in them, since `window.find`, selection
// and a page's own fonts reach whatever stands in a document as text. What never changes is public/checkout.css.
import type { Face } from './face.ts';

/** What stays the same whatever the verdict is: a page can measure it, so it must tell nothing. */
export const CARD = { width: 304, height: 256 };
export const PILL = { width: 264, height: 28 };
/** Room around for the shadow and the caret; it takes no clicks. */
const MARGIN = 40;

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

/** A text as a CSS string: each character that could end it or is not plain is escaped. */
function cssString(text: string): string {
  const safe = (char: string) =>
    /[A-Za-z0-9 .,:$%()<>-]/.test(char) ? char : `\\${(char.codePointAt(0) ?? 0xfffd).toString(16)} `;
  return `"${Array.from(text, safe).join('')}"`;
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

/** What the fixed sheet does not say: where the badge is, and its words. @param height of the visible card */
export function rulesOf(words: Record<string, string>, spot: Spot, height: number): string {
  const { shape, x, y, caret, isLeft } = spot;
  const { width, height: room } = shape === 'card' ? CARD : PILL;
  // The card slides within its constant box until it holds the caret.
  const top = caret === null ? 0 : Math.max(0, Math.min(caret - 24, room - height));
  const marks = Object.entries(words).map(([part, text]) => `${part}::before{content:${cssString(text)}}`);
  return `:host{width:${width + 2 * MARGIN}px!important;height:${room + 2 * MARGIN}px!important;translate:${x - MARGIN}px ${y - MARGIN}px!important}
.hit{width:${width}px;height:${room}px}.cb{top:${top}px}.cb::before{top:${(caret ?? 0) - top - 5}px;${isLeft ? 'right:-5px;rotate:180deg' : 'left:-5px'}}
${marks.join('')}`;
}
