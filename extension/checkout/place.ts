// Where the badge goes: beside the total's card, inside its row, in the corner, or nowhere. Never over text or controls.
import type { CheckoutShape } from '../view/checkout.ts';
import { boxOf, closest, contains, parentOf, queryAll, rootOf, textWalker, topAt, upwards } from './dom.ts';
import { type Anchor, boxOfNode, boxOfNodes } from './read-page.ts';
import { CARD, PILL, type Spot } from './sheet.ts';
import { alphaOf } from './color.ts';
import { type Box, meets, shared } from './visible.ts';

const BESIDE = 16;
const BEFORE_AMOUNT = 12;
const CORNER = 16;
const EDGE = 8;
/** From the top of a card to the middle of its verdict row. */
const VERDICT_ROW = 24;
/** Texts of a page beyond which no place is looked for: a checkout has some dozens. */
const MAX_PARTS = 4_000;
/** So long a spot that was free counts as free. */
const SURE_MS = 2_500;

const CONTROL =
  'a,button,input,select,textarea,summary,label,img,svg,canvas,video,iframe,object,embed,[contenteditable],[role=button]';

/** Whether any text or control of the page lies within a box. */
function isFree(box: Box, ours: Element | null): boolean {
  if (box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > innerHeight) return false;
  return partsIn(box)?.every(([element, part]) => !isOnTop(element, part, ours)) ?? false;
}

/** The texts and controls within a box, seen or not; null on a page of more than there is time to look at. */
function partsIn(box: Box): [Element, Box][] | null {
  const root = rootOf(document);
  const all: [Element, Box][] = [];
  const walker = textWalker(root);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (all.length === MAX_PARTS) return null;
    const element = parentOf(node);
    if (element && (node as Text).data.trim() !== '') all.push([element, boxOfNode(node)]); // the walker shows texts only
  }
  for (const control of queryAll(root, CONTROL)) all.push([control, boxOf(control)]);
  return all.flatMap(([element, own]) => (meets(own, box) ? [[element, shared(own, box)]] : []));
}

/** False for what lies under something else, or was cut off: at its middle and near its edges. */
function isOnTop(element: Element, { left, top, right, bottom }: Box, ours: Element | null): boolean {
  const shares = [0.5, 0.02, 0.98];
  return shares.some((across) =>
    shares.some((down) => {
      const hit = topAt(left + (right - left) * across, top + (bottom - top) * down, ours);
      return hit !== null && contains(element, hit);
    }),
  );
}

/** The card that a row lies in: the nearest ancestor with an edge or a ground of its own, before the page's. */
function cardOf(row: Element): Element {
  const width = innerWidth;
  for (const each of upwards(row)) {
    if (parentOf(each) === null || boxOf(each).right - boxOf(each).left > width * 0.9) break;
    const style = getComputedStyle(each);
    const hasEdge =
      Number.parseFloat(style.borderRightWidth) > 0 && Number.parseFloat(style.borderLeftWidth) > 0;
    if (hasEdge || style.boxShadow !== 'none') return each;
    if (
      each !== row &&
      alphaOf(style.backgroundColor) > 0.5 &&
      Number.parseFloat(style.borderTopLeftRadius) > 0
    ) {
      return each;
    }
  }
  return row;
}

const boxAt = (shape: CheckoutShape, x: number, y: number): Box => {
  const { width, height } = shape === 'card' ? CARD : PILL;
  return { left: x, top: y, right: x + width, bottom: y + height };
};

/** All places there are for a total (null: a payment without a checkout), best first. */
function spots(anchor: Anchor | null): Spot[] {
  const corner: Spot = {
    shape: 'pill',
    x: innerWidth - PILL.width - CORNER,
    y: innerHeight - PILL.height - CORNER,
    caret: null,
    isLeft: false,
  };
  const label = anchor && boxOfNodes(anchor.label);
  const value = anchor && boxOfNodes(anchor.value);
  if (!label || !value) return [corner];
  const middle = (value.top + value.bottom) / 2;
  if (middle < 0 || middle > innerHeight) return [corner];
  const card = boxOf(cardOf(anchor.row));
  const { isRtl } = anchor;
  const lowest = Math.max(EDGE, innerHeight - CARD.height - EDGE);
  const y = Math.max(EDGE, Math.min(middle - VERDICT_ROW, lowest));
  const x = isRtl ? card.left - BESIDE - CARD.width : card.right + BESIDE;
  const inRow: Spot = {
    shape: 'pill',
    x: isRtl ? value.right + BEFORE_AMOUNT : value.left - BEFORE_AMOUNT - PILL.width,
    y: middle - PILL.height / 2,
    caret: null,
    isLeft: false,
  };
  return [{ shape: 'card', x, y, caret: middle - y, isLeft: isRtl }, inRow, corner];
}

let last: { key: string; spot: Spot | null; at: number } | null = null;

/** The first spot that covers nothing; null when there is none. Looked for anew when the total moved, or after a while. */
export function choosePlace(anchor: Anchor | null, ours: Element | null): Spot | null {
  const found = spots(anchor).map((spot) => ({ ...spot, x: Math.round(spot.x), y: Math.round(spot.y) }));
  const key = JSON.stringify([found, innerWidth, innerHeight]);
  const now = performance.now();
  if (last?.key !== key || now - last.at > SURE_MS) {
    const spot = found.find(({ shape, x, y }) => isFree(boxAt(shape, x, y), ours)) ?? null;
    last = { key, spot, at: now };
  }
  return last.spot;
}

/** The open modal dialog that holds an element; null when there is none. */
export function dialogOf(element: Element): Element | null {
  const dialog = closest(element, 'dialog');
  return dialog?.matches(':modal') ? dialog : null;
}
