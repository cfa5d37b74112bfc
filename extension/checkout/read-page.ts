// Reads the rows of a checkout off the page: what stands beside "Total Cost" on the screen, whatever the markup is.
// Writes nothing; looks closely only at the few texts that decide.
import { around, below, type Cell, cellsOf, type Piece, rowFrom } from './cells.ts';
import { bodyOf, boxOf, closest, contains, parentOf, queryAll, textOf, textWalker, upwards } from './dom.ts';
import {
  COIN,
  findTotal,
  type Finding,
  GHOSTS,
  ODD,
  PAY,
  PAYS,
  type Row,
  visibleText,
} from './find-total.ts';
import { type Box, howShown, isDrawn, type Looks, meets } from './visible.ts';

/** Texts of a page beyond which it is not read: a checkout is small. */
const MAX_TEXTS = 150_000;
const MAX_ROW_TEXTS = 300;
const MAX_TOTALS = 20;
const MAX_OTHERS = 24;

const CONTROLS = 'button,a,summary,[role=button],[role=radio],[role=tab],label';
const BUTTONS = 'button,a,[role=button],input[type=submit]';

/** Without these letters side by side there is no total: invisible characters among them make one doubtful, never one. */
const TOTAL = /total\s*cost/gi;
const HAS_GHOST = new RegExp(GHOSTS);
const OTHERS =
  /hours|duration|average\s*per\s*card|quantity|hourly|per\s*hour|io\s*coin(?:\s*=)?|\$io\s*=|cloud\s*services|ionet\s*fee|io\s*credits|remaining\s*amount|price\s*update|credit\s*card/gi;
/** Of these what is wanted beside every total: durations, prices per hour, and what a coin is worth. */
const TIMES = /hour|duration|average|quantity|=/i;

/** Where the total stands: for the badge, and to notice at once that it changed. */
export interface Anchor {
  label: readonly Node[];
  value: readonly Node[];
  /** Both, as they were drawn. */
  pieces: readonly Shown[];
  /** What holds label and value. */
  row: Element;
  isRtl: boolean;
}

export interface Reading {
  finding: Finding;
  anchor: Anchor | null;
  /** The words of a checkout are there, whether or not it can be read now. */
  hasWords: boolean;
}

interface Shown extends Piece {
  node: Node;
}

interface ReadRow {
  cells: Cell[];
  pieces: readonly Shown[];
  container: Element;
  isRtl: boolean;
  isTorn: boolean;
}

const range = new Range();

/** Around all texts that are still on the page; null when none is. */
export function boxOfNodes(nodes: readonly Node[]): Box | null {
  const boxes = nodes.filter((node) => node.isConnected).map<Box>(boxOfNode);
  return boxes.length > 0 ? boxes.reduce(around) : null;
}

/** Of one that is on the page. */
export function boxOfNode(node: Node): DOMRect {
  if (node instanceof Element) return boxOf(node);
  range.selectNodeContents(node);
  return range.getBoundingClientRect();
}

/** What a field says that belongs to a duration or a quantity; nothing else that a person typed is read. */
function fieldText(field: Element): string {
  if (field instanceof HTMLSelectElement) return field.selectedOptions[0]?.text ?? '';
  if (!(field instanceof HTMLInputElement) || !['number', 'text'].includes(field.type)) return '';
  return /^\d{1,5}$/.test(field.value) ? field.value : '';
}

/** The drawn texts and fields of an element in document order; null for more than a row could have. */
function piecesOf(container: Element): Shown[] | null {
  const pieces: Shown[] = [];
  const add = (node: Node, element: Element, text: string) => {
    const { left, top, right, bottom } = boxOfNode(node);
    const box = { left, top, right, bottom };
    if (isDrawn(element, box)) pieces.push({ ...box, node, text, control: closest(element, CONTROLS) });
  };
  const walker = textWalker(container);
  let count = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = (node as Text).data; // the walker shows texts only
    count += 1;
    if (count > MAX_ROW_TEXTS) return null;
    const element = parentOf(node);
    if (element && text.trim() !== '') add(node, element, text);
  }
  for (const field of queryAll(container, 'input,select')) {
    const text = fieldText(field);
    if (text !== '') add(field, field, text);
  }
  return pieces;
}

/** The row that a text opens: climbs from it until something stands beside it, or below it and alone. */
function readRow(node: Node, buttons: readonly Element[]): ReadRow | null {
  let alone: ReadRow | null = null;
  for (const container of upwards(parentOf(node))) {
    if (parentOf(container) === null || buttons.some((button) => contains(container, button))) return alone;
    const pieces = piecesOf(container);
    if (!pieces) return alone;
    const cells = cellsOf(pieces);
    const label = cells.find((cell) => cell.pieces.some((at) => pieces[at]?.node === node));
    if (!label) return null;
    const isRtl = getComputedStyle(container).direction === 'rtl';
    const row = rowFrom(label, cells, isRtl);
    const beside = row.slice(1).filter(({ text }) => text.trim().length > 1);
    const under = below(label, cells);
    const found = {
      cells: beside.length > 0 ? row : under ? [label, under] : [label],
      pieces,
      container,
      isRtl,
    };
    const value = beside[0] ?? under;
    const isTorn = value
      ? !value.inOrder || cells.some((cell) => cell !== value && meets(cell, shrunk(value)))
      : false;
    if (value) return { ...found, isTorn };
    alone ??= { ...found, isTorn };
  }
  return alone;
}

const shrunk = (box: Box): Box => ({
  left: box.left + 1,
  top: box.top + 2,
  right: box.right - 1,
  bottom: box.bottom - 2,
});

const textsOf = ({ cells }: ReadRow): Row => cells.map(({ text }) => text);

/** The cell beside or below the label; undefined when label and amount are one text. */
const valueOf = ({ cells }: ReadRow): Cell | undefined =>
  cells.slice(1).find(({ text }) => text.trim().length > 1);

/** By every node of label and value. A label whose amount lies under something is no hidden row but a doubtful one. */
function judgeRow(read: ReadRow, ours: Element | null, known: Looks): 'plain' | 'odd' | 'hidden' {
  const pieces = [read.cells[0], valueOf(read)].flatMap((cell) => cell?.pieces ?? []);
  const shown = new Set(
    pieces.map((at) => {
      const piece = read.pieces[at];
      const element = piece && elementOf(piece.node);
      return element ? howShown(element, piece, ours, known) : 'hidden';
    }),
  );
  if (shown.has('hidden') && shown.size === 1) return 'hidden';
  return read.isTorn || shown.size > 1 || shown.has('odd') ? 'odd' : 'plain';
}

/** Where each "Total Cost" begins in a text, also one with invisible characters in it. */
function totalsIn(text: string): number[] {
  const word = (letters: string) => letters.split('').join(`${GHOSTS}*`);
  const pattern = HAS_GHOST.test(text)
    ? new RegExp(`${word('total')}(?:\\s|${GHOSTS})*${word('cost')}`, 'gi')
    : TOTAL;
  return [...text.matchAll(pattern)].map(({ index }) => index);
}

/** The texts in which places of the page's joined text lie, by place; null for a page of too many texts. */
function nodesAt(body: Element, places: readonly number[]): Map<number, Node> | null {
  const wanted = places.toSorted((a, b) => a - b);
  const found = new Map<number, Node>();
  const walker = textWalker(body);
  let next = 0;
  let end = 0;
  for (let count = 0; next < wanted.length; count += 1) {
    const node = walker.nextNode();
    if (!node) break;
    if (count === MAX_TEXTS) return null;
    end += (node as Text).data.length; // the walker shows texts only
    for (let place = wanted[next]; place !== undefined && place < end; place = wanted[next]) {
      found.set(place, node);
      next += 1;
    }
  }
  return found;
}

const wordsOf = (button: Element): string =>
  button instanceof HTMLInputElement ? button.value : (textOf(button) ?? '');

function drawnButtons(body: Element): Element[] {
  return [...queryAll(body, BUTTONS)].filter((button) => {
    const text = wordsOf(button);
    return text.length < 100 && PAY.test(visibleText(text)) && isDrawn(button, boxOf(button));
  });
}

const silent = (why: (Finding & { ok: false })['why'], hasWords: boolean): Reading => ({
  finding: { ok: false, why },
  anchor: null,
  hasWords,
});

/** What follows each "Total Cost" in the page's text, without looking at its layout: to notice cheaply that one changed. */
export function totalsInText(): string {
  const text = textOf(bodyOf(document)) ?? '';
  return totalsIn(text)
    .map((at) => text.slice(at, at + 80))
    .join('|');
}

/** Reads the page as it stands. `ours` is the badge's element, which is no part of it. */
export function readPage(path: string, ours: Element | null): Reading {
  const body = bodyOf(document);
  const text = (body && textOf(body)) ?? '';
  if (!body || text.search(TOTAL) < 0) return silent('no_total', false);
  const drawn = drawnButtons(body);
  if (drawn.length === 0) return silent('no_pay_button', true);
  const buttons = drawn.map(wordsOf);
  const totals = totalsIn(text);
  const others = [...text.matchAll(OTHERS)];
  const nodes = nodesAt(body, [...totals, ...others.map(({ index }) => index)]);
  const opened = new Set(totals.map((at) => nodes?.get(at)));
  if (!nodes || opened.size > MAX_TOTALS) return silent('too_big', true);

  const known: Looks = new Map();
  const rows: Row[] = [];
  let anchor: Anchor | null = null;
  let first = 0;
  let isHidden = false;
  for (const node of opened) {
    const read = node && isInView(node) ? readRow(node, drawn) : null;
    if (!read) continue;
    const texts = textsOf(read);
    // What is no total needs no look at how it is drawn.
    const shown = texts.some(isDueLabel) ? judgeRow(read, ours, known) : 'plain';
    if (shown === 'hidden') {
      isHidden = true;
      continue;
    }
    rows.push(shown === 'odd' ? [texts[0] ?? '', ODD] : texts);
    const [label] = read.cells;
    if (anchor || !label || !isDueLabel(label.text)) continue;
    // Label and amount may be one text.
    const value = valueOf(read) ?? label;
    const piecesIn = (cell: Cell) => cell.pieces.flatMap((at) => read.pieces[at] ?? []);
    const [labels, values] = [piecesIn(label), piecesIn(value)];
    anchor = {
      label: labels.map((piece) => piece.node),
      value: values.map((piece) => piece.node),
      pieces: [...labels, ...values],
      row: read.container,
      isRtl: read.isRtl,
    };
    first = totals.find((at) => nodes.get(at) === node) ?? 0;
  }
  if (rows.length === 0) return silent(isHidden ? 'hidden' : 'no_total', true);
  // All else tells a checkout from a dashboard, and fees apart: nothing to read where the total leaves no doubt.
  const isPlain = buttons.some((each) => PAYS.test(visibleText(each))) && !COIN.test(rows.flat().join(' '));
  const near = others
    .filter(([word]) => !isPlain || TIMES.test(word))
    .sort((a, b) => Math.abs(a.index - first) - Math.abs(b.index - first))
    .slice(0, MAX_OTHERS);
  for (const node of new Set(near.map(({ index }) => nodes.get(index)))) {
    const read = node && isInView(node) ? readRow(node, drawn) : null;
    // A total among them was read above.
    if (read && !textsOf(read).some(isDueLabel)) rows.push(textsOf(read));
  }
  const finding = findTotal({ rows, buttons, path });
  return { finding, anchor: finding.ok ? anchor : null, hasWords: true };
}

const isDueLabel = (text: string) => /^total cost\b(?! per)/i.test(visibleText(text));

/** Whether a total stands where it was read, plain to see: to notice cheaply that no style sheet changed it. */
export function standsAsRead({ pieces }: Anchor, ours: Element | null): boolean {
  const known: Looks = new Map();
  return pieces.every(({ node, left, top, right, bottom }) => {
    const element = elementOf(node);
    const box = boxOfNode(node);
    const isThere = box.left === left && box.top === top && box.right === right && box.bottom === bottom;
    return isThere && element !== null && howShown(element, box, ours, known) === 'plain';
  });
}

const elementOf = (node: Node): Element | null => (node instanceof Element ? node : parentOf(node));

function isInView(node: Node): boolean {
  const element = parentOf(node);
  return element !== null && isDrawn(element, boxOfNode(node));
}
