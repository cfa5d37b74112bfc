// Whether a person sees what a page says: a total that hides behind CSS is none, one that is dressed up is not trusted.
import { boxOf, contains, parentOf, rootOf, topAt, upwards } from './dom.ts';
import { alphaOf, contrast } from './color.ts';

/** A rectangle in the viewport, CSS pixels. */
export type Box = Pick<DOMRect, 'left' | 'top' | 'right' | 'bottom'>;

const LEAST_SIZE = 6;
const LEAST_ALPHA = 0.3;
const LEAST_CONTRAST = 1.3;
/** Of a text that its ancestors cut, this much must remain. */
const LEAST_SHARE = 0.9;

export const meets = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** Where two boxes meet. */
export const shared = (a: Box, b: Box): Box => ({
  left: Math.max(a.left, b.left),
  top: Math.max(a.top, b.top),
  right: Math.min(a.right, b.right),
  bottom: Math.min(a.bottom, b.bottom),
});

const size = (box: Box) => Math.max(0, box.right - box.left) * Math.max(0, box.bottom - box.top);

/** Drawn at all: not switched off, not transparent, large enough to be read. */
export function isDrawn(element: Element, box: Box): boolean {
  return (
    box.right - box.left >= 1 &&
    box.bottom - box.top >= LEAST_SIZE &&
    Element.prototype.checkVisibility.call(element, {
      opacityProperty: true,
      visibilityProperty: true,
      contentVisibilityAuto: false,
    })
  );
}

/** Of a text in view something else lies over its middle, or it lies where nobody can scroll to. */
function isCovered(element: Element, box: Box, ours: Element | null): boolean {
  const x = (box.left + box.right) / 2;
  const y = (box.top + box.bottom) / 2;
  const root = rootOf(document);
  if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) {
    const right = Math.max(root.scrollWidth, innerWidth);
    const bottom = Math.max(root.scrollHeight, innerHeight);
    return x + scrollX < 0 || y + scrollY < 0 || x + scrollX > right || y + scrollY > bottom;
  }
  const top = topAt(x, y, ours);
  // What its own ancestor is drawn over lies behind that one's ground.
  return !top || !contains(element, top);
}

// Asked only of what is not the usual value: to make each of these ready takes a page's main thread a tenth of a ms and more.
const DECORATION = /^"[^"\p{L}\p{N}$]*"$/u;
const SHADOWS = /^(?:drop-shadow\(.*\)\s*)+$/;
const UPRIGHT = /^(?:matrix\((?:0\.[5-9]\d*|1(?:\.\d+)?), 0, 0, (?:0\.[5-9]\d*|1(?:\.\d+)?), .*\))$/;

/** How an element draws what it holds. */
interface Look {
  isHidden: boolean;
  isOdd: boolean;
  opacity: number;
  /** Where it cuts what it holds; null when it does not. */
  edge: Box | null;
  /** Something that is no text of the page stands before or behind it; asked only near the amount. */
  isDecorated?: boolean;
}
/** The looks of one reading: a label and its amount hang on the same ancestors. */
export type Looks = Map<Element, Look>;

function lookOf(element: Element): Look {
  const style = getComputedStyle(element);
  return {
    isHidden:
      style.clipPath !== 'none' ||
      style.maskImage !== 'none' ||
      style.clip !== 'auto' ||
      (style.filter !== 'none' && !SHADOWS.test(style.filter)),
    isOdd:
      (style.transform !== 'none' && !UPRIGHT.test(style.transform)) ||
      style.rotate !== 'none' ||
      style.unicodeBidi.endsWith('override') ||
      style.textDecorationLine.includes('line-through'),
    opacity: Number(style.opacity),
    edge: cuts(style, element) ? boxOf(element) : null,
  };
}

/**
 * `hidden`: nobody sees it. `odd`: what a person sees may not be what the text says (digits from a style sheet, turned
 * around, struck through). Costly: only for the few texts that decide.
 */
export function howShown(
  element: Element,
  box: Box,
  ours: Element | null,
  known: Looks,
): 'plain' | 'odd' | 'hidden' {
  if (isCovered(element, box, ours)) return 'hidden';
  const own = getComputedStyle(element);
  if (Number.parseFloat(own.fontSize) < LEAST_SIZE) return 'hidden';
  const ink = own.getPropertyValue('-webkit-text-fill-color') || own.color;
  if (alphaOf(ink) < LEAST_ALPHA || contrast(ink, element) < LEAST_CONTRAST) return 'hidden';
  if (!own.writingMode.startsWith('horizontal')) return 'odd';
  let opacity = 1;
  let depth = 0;
  for (const each of upwards(element)) {
    const look = known.get(each) ?? lookOf(each);
    known.set(each, look);
    opacity *= look.opacity;
    if (look.isHidden || (look.edge && size(shared(box, look.edge)) < size(box) * LEAST_SHARE))
      return 'hidden';
    if (look.isOdd) return 'odd';
    // Above the row a picture of its own is no part of the amount.
    if (depth < 3 && (look.isDecorated ??= isDecorated(each))) return 'odd';
    depth += 1;
  }
  return opacity < LEAST_ALPHA ? 'hidden' : 'plain';
}

const isDecorated = (element: Element): boolean =>
  ['::before', '::after'].some((part) => {
    const { content } = getComputedStyle(element, part);
    return content !== 'none' && content !== 'normal' && !DECORATION.test(content);
  });

/** The overflow of html and body is the viewport's. */
function cuts(style: CSSStyleDeclaration, element: Element): boolean {
  if (style.overflowX === 'visible' && style.overflowY === 'visible') return false;
  const parent = parentOf(element);
  return parent !== null && parentOf(parent) !== null;
}
