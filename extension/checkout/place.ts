// Where the badge goes: beside the total's card, inside its row, in the corner, or nowhere. Never over text or controls.
import { boxOf, closest, elementAt, elementsAt, parentOf, upwards } from './dom.ts';
import { type Anchor, boxOfNodes } from './read-page.ts';
import { CARD, PILL, type Shape, type Spot } from './sheet.ts';
import { alphaOf } from './color.ts';
import { type Box, meets } from './visible.ts';

const BESIDE = 16;
const BEFORE_AMOUNT = 12;
const CORNER = 16;
const EDGE = 8;
/** From the top of a card to the middle of its verdict row. */
const VERDICT_ROW = 24;
/** Between two looks: no control and no line of text is smaller both ways. */
const STEP = { x: 24, y: 14 };
/** So long a spot that was free counts as free. */
const SURE_MS = 2_500;

const CONTROL =
  'a,button,input,select,textarea,summary,label,img,svg,canvas,video,iframe,object,embed,[contenteditable],[role=button]';

/** Whether any text or control of the page lies within a box. */
function isFree(box: Box, ours: Element | null): boolean {
  if (box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > innerHeight) return false;
  const seen = new Set<Element>();
  const stops = (from: number, to: number, step: number) => {
    const list = [];
    for (let at = from + 1; at < to; at += step) list.push(at);
    return [...list, to - 1];
  };
  for (const y of stops(box.top, box.bottom, STEP.y)) {
    for (const x of stops(box.left, box.right, STEP.x)) {
      const hit = elementAt(x, y);
      const top = hit === ours ? elementsAt(x, y).find((element) => element !== ours) : hit;
      if (!top || seen.has(top)) continue;
      seen.add(top);
      if (closest(top, CONTROL) || hasTextIn(top, box)) return false;
    }
  }
  return true;
}

/** An element's own texts, not those of its children: these are hit by themselves. */
function hasTextIn(element: Element, box: Box): boolean {
  return [...element.childNodes].some((child) => {
    if (!(child instanceof Text) || child.data.trim() === '') return false;
    const own = boxOfNodes([child]);
    return own !== null && meets(own, box);
  });
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

const boxAt = (shape: Shape, x: number, y: number): Box => {
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
