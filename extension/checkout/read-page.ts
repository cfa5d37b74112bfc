// Reads the rows of a checkout off the page: what stands beside "Total Cost" on the screen, whatever the markup is.
// Writes nothing; looks closely only at the few texts that decide.
import { below, type Cell, cellsOf, type Piece, rowFrom } from './cells.ts';
import { bodyOf, boxOf, closest, contains, parentOf, queryAll, textOf, textWalker, upwards } from './dom.ts';
import { findTotal, type Finding, GHOSTS, ODD, PAY, type Row, visibleText } from './find-total.ts';
import { type Box, howShown, isDrawn, meets } from './visible.ts';

/** Texts of a page beyond which it is not read: a checkout is small. */
const MAX_TEXTS = 150_000;
const MAX_ROW_TEXTS = 300;
const MAX_TOTALS = 20;
const MAX_OTHERS = 24;

const CONTROLS = 'button,a,summary,[role=button],[role=radio],[role=tab],label';
const BUTTONS = 'button,a,[role=button],input[type=submit]';

/** Invisible characters may stand between any two letters: such a label must not be overlooked. */
const word = (letters: string) => letters.split('').join(`${GHOSTS}*`);
const TOTAL = new RegExp(`${word('total')}(?:\\s|${GHOSTS})*${word('cost')}`, 'gi');
const OTHERS =
  /hours|duration|average\s*per\s*card|quantity|hourly|per\s*hour|io\s*coin|\$io\s*=|cloud\s*services|ionet\s*fee|io\s*credits|remaining\s*amount|price\s*update|credit\s*card/gi;

/** Where the total stands: for the badge, and to notice at once that it changed. */
export interface Anchor {
  label: readonly Node[];
  value: readonly Node[];
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
  const boxes = nodes.filter((node) => node.isConnected).map(boxOfNode);
  const [first, ...more] = boxes;
  return (
    (first &&
      more.reduce<Box>(
        (a, b) => ({
          left: Math.min(a.left, b.left),
          top: Math.min(a.top, b.top),
          right: Math.max(a.right, b.right),
          bottom: Math.max(a.bottom, b.bottom),
        }),
        first,
      )) ??
    null
  );
}

function boxOfNode(node: Node): DOMRect {
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

/** Every node of a row's label and value, with what it is drawn in. */
function judgeRow(read: ReadRow, ours: Element | null): 'plain' | 'odd' | 'hidden' {
  let verdict: 'plain' | 'odd' = read.isTorn ? 'odd' : 'plain';
  const [label, ...rest] = read.cells;
  const value = rest.find(({ text }) => text.trim().length > 1);
  for (const cell of [label, value]) {
    for (const at of cell?.pieces ?? []) {
      const piece = read.pieces[at];
      const element = piece && (piece.node instanceof Element ? piece.node : parentOf(piece.node));
      const shown = element ? howShown(element, piece, ours) : 'hidden';
      if (shown === 'hidden') return 'hidden';
      if (shown === 'odd') verdict = 'odd';
    }
  }
  return verdict;
}

/** Texts of the page, joined, with where each begins. */
function textMap(body: Element): { nodes: Node[]; starts: number[]; text: string } | null {
  const nodes: Node[] = [];
  const starts: number[] = [];
  const parts: string[] = [];
  let at = 0;
  const walker = textWalker(body);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const { data } = node as Text; // the walker shows texts only
    nodes.push(node);
    starts.push(at);
    parts.push(data);
    at += data.length;
    if (nodes.length > MAX_TEXTS) return null;
  }
  return { nodes, starts, text: parts.join('') };
}

/** Which text a place in the joined text lies in. */
function indexAt(starts: readonly number[], place: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}

function drawnButtons(body: Element): Element[] {
  return [...queryAll(body, BUTTONS)].filter((button) => {
    const text = button instanceof HTMLInputElement ? button.value : (textOf(button) ?? '');
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
  return [...text.matchAll(TOTAL)].map(({ index }) => text.slice(index, index + 80)).join('|');
}

/** Reads the page as it stands. `ours` is the badge's element, which is no part of it. */
export function readPage(path: string, ours: Element | null): Reading {
  const body = bodyOf(document);
  if (!body || (textOf(body) ?? '').search(TOTAL) < 0) return silent('no_total', false);
  const buttons = drawnButtons(body);
  if (buttons.length === 0) return silent('no_pay_button', true);
  const map = textMap(body);
  if (!map) return silent('too_big', true);
  const places = [...map.text.matchAll(TOTAL)].map(({ index }) => indexAt(map.starts, index));
  const totals = [...new Set(places)];
  if (totals.length > MAX_TOTALS) return silent('too_big', true);

  const rows: Row[] = [];
  let anchor: Anchor | null = null;
  let first = -1;
  let isHidden = false;
  for (const at of totals) {
    const node = map.nodes[at];
    const read = node && isInView(node) ? readRow(node, buttons) : null;
    if (!read) continue;
    const texts = textsOf(read);
    const shown = judgeRow(read, ours);
    if (shown === 'hidden') {
      isHidden = true;
      continue;
    }
    rows.push(shown === 'odd' ? [texts[0] ?? '', ODD] : texts);
    const [label] = read.cells;
    if (anchor || !label || !isDueLabel(label.text)) continue;
    // Label and amount may be one text.
    const value = read.cells.slice(1).find(({ text }) => text.trim().length > 1) ?? label;
    const nodesOf = (cell: Cell) => cell.pieces.flatMap((piece) => read.pieces[piece]?.node ?? []);
    anchor = { label: nodesOf(label), value: nodesOf(value), row: read.container, isRtl: read.isRtl };
    first = at;
  }
  if (rows.length === 0) return silent(isHidden ? 'hidden' : 'no_total', true);
  const others = [...map.text.matchAll(OTHERS)]
    .map(({ index }) => indexAt(map.starts, index))
    .sort((a, b) => Math.abs(a - first) - Math.abs(b - first))
    .slice(0, MAX_OTHERS);
  for (const at of new Set(others)) {
    const node = map.nodes[at];
    const read = node && isInView(node) ? readRow(node, buttons) : null;
    // A total among them was read above.
    if (read && !textsOf(read).some(isDueLabel)) rows.push(textsOf(read));
  }
  const finding = findTotal({
    rows,
    buttons: buttons.map((button) =>
      button instanceof HTMLInputElement ? button.value : (textOf(button) ?? ''),
    ),
    path,
  });
  return { finding, anchor: finding.ok ? anchor : null, hasWords: true };
}

const isDueLabel = (text: string) => /^total cost\b(?! per)/i.test(visibleText(text));

function isInView(node: Node): boolean {
  const element = parentOf(node);
  return element !== null && isDrawn(element, boxOfNode(node));
}
