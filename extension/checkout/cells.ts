// Pieces of text as they lie on the page, joined to cells and rows the way a person reads them. Pure geometry.
import type { Box } from './visible.ts';

/** One text or field in document order; what stands in one control never joins with what is outside. */
export interface Piece extends Box {
  text: string;
  control: unknown;
}

export interface Cell {
  left: number;
  top: number;
  right: number;
  bottom: number;
  text: string;
  control: unknown;
  /** Its pieces, by their places in the list that was read. */
  pieces: number[];
  /** False when digits do not stand in the order in which the document has them. */
  inOrder: boolean;
}

/** Around two boxes. */
export const around = (a: Box, b: Box): Box => ({
  left: Math.min(a.left, b.left),
  top: Math.min(a.top, b.top),
  right: Math.max(a.right, b.right),
  bottom: Math.max(a.bottom, b.bottom),
});

const height = (box: Box) => box.bottom - box.top;

/** Whether two boxes share half the height of the lower one. */
function onOneLine(a: Box, b: Box): boolean {
  const shared = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return shared >= Math.min(height(a), height(b)) / 2;
}

/** Space between two pieces on a line, whichever comes first; below zero when they overlap. */
const gap = (a: Pick<Box, 'left' | 'right'>, b: Pick<Box, 'left' | 'right'>) =>
  Math.max(a.left, b.left) - Math.min(a.right, b.right);

/** Further apart than this share of their height, two pieces are two cells. */
const JOIN = 0.6;
const SPACE = 0.08;
const DIGIT = /\d/;

export function cellsOf(pieces: readonly Piece[]): Cell[] {
  const cells: Cell[] = [];
  let last: Piece | null = null;
  pieces.forEach((piece, at) => {
    const cell = cells.at(-1);
    const room = Math.min(height(piece), last ? height(last) : 0);
    // From the whole cell: where reading turns, a unit stands on the far side of its digits.
    const between = cell ? gap(cell, piece) : 0;
    const joins =
      last !== null && cell?.control === piece.control && onOneLine(last, piece) && between <= JOIN * room;
    if (!cell || !last || !joins) {
      const { text, control, left, top, right, bottom } = piece;
      cells.push({ text, control, left, top, right, bottom, pieces: [at], inOrder: true });
    } else {
      const isSpaced = between > SPACE * room;
      if (between < -1 || (piece.left < last.left && DIGIT.test(last.text) && DIGIT.test(piece.text))) {
        cell.inOrder = false;
      }
      cell.text += (isSpaced ? ' ' : '') + piece.text;
      cell.pieces.push(at);
      Object.assign(cell, around(cell, piece));
    }
    last = piece;
  });
  return cells;
}

/** The cells on a cell's line from it onwards, nearest first: rightwards, or leftwards where reading goes that way. */
export function rowFrom(label: Cell, cells: readonly Cell[], isRtl: boolean): Cell[] {
  const ahead = (cell: Cell) => (isRtl ? label.left - cell.right : cell.left - label.right);
  const others = cells.filter((cell) => cell !== label && onOneLine(label, cell) && ahead(cell) >= -1);
  return [label, ...others.sort((a, b) => ahead(a) - ahead(b))];
}

/** The one cell right below a label; null when something stands beside the two or there are more. */
export function below(label: Cell, cells: readonly Cell[]): Cell | null {
  const [other, ...more] = cells.filter((cell) => cell !== label);
  if (!other || more.length > 0) return null;
  const near = other.top - label.bottom;
  const starts = Math.min(Math.abs(other.left - label.left), Math.abs(other.right - label.right));
  return near >= -2 && near < height(label) * 1.5 && starts < 4 ? other : null;
}
