// The badge's changing style rules: all words and amounts are generated content in them, since `window.find`, selection
// and a page's own fonts reach whatever stands in a document as text. What never changes is public/checkout.css.
import type { CheckoutShape } from '../view/checkout.ts';

/** What stays the same whatever the verdict is: a page can measure it, so it must tell nothing. */
export const CARD = { width: 304, height: 256 };
export const PILL = { width: 264, height: 28 };
/** Room around for the shadow and the caret; it takes no clicks. */
const MARGIN = 40;

export interface Spot {
  shape: CheckoutShape;
  /** Left upper corner of the constant box, in the viewport. */
  x: number;
  y: number;
  /** Where the total's row is, from the box's top; null without a caret. */
  caret: number | null;
  /** The box is left of the total. */
  isLeft: boolean;
}

/** What the fixed sheet does not say: where the badge is, and its words. @param words as rules. @param height of the visible card */
export function rulesOf(words: string, spot: Spot, height: number): string {
  const { shape, x, y, caret, isLeft } = spot;
  const { width, height: room } = shape === 'card' ? CARD : PILL;
  // The card slides within its constant box until it holds the caret.
  const top = caret === null ? 0 : Math.max(0, Math.min(caret - 24, room - height));
  return `:host{width:${width + 2 * MARGIN}px!important;height:${room + 2 * MARGIN}px!important;translate:${x - MARGIN}px ${y - MARGIN}px!important}
.hit{width:${width}px;height:${room}px}.cb{top:${top}px}.cb::before{top:${(caret ?? 0) - top - 5}px;${isLeft ? 'right:-5px;rotate:180deg' : 'left:-5px'}}
${words}`;
}
