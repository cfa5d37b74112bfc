// Finds the amount due among the rows of a page that look alike, or says why it does not. Pure: rows in, finding out.
import { formatAmount, type Micros } from '../../shared/money.ts';
import {
  type Amount,
  parseAmount,
  parseHourly,
  parseHours,
  parseRate,
  plainText,
  worth,
} from './parse-amount.ts';

/** A row as a person reads it: its cells from the side where reading starts. */
export type Row = readonly string[];

/** What a page says: rows with the words of a checkout, the pay buttons, the address's path. */
export interface PageText {
  rows: readonly Row[];
  buttons: readonly string[];
  path: string;
}

/** Why a page gets no verdict. */
export type Decline =
  | 'no_total'
  | 'no_pay_button'
  | 'no_checkout'
  | 'hidden'
  | 'odd_text'
  | 'unreadable'
  | 'ambiguous'
  | 'no_rate'
  | 'other_fee'
  | 'too_big';

export interface Checkout {
  /** What is to pay, in micros of a credit. */
  due: Micros;
  /** Booked hours, when the page says so. */
  hours: number | null;
  /** What an hour of it costs, micros; null when the page does not say. */
  perHour: Micros | null;
  /** Service of the contract; null when the page could be for several. */
  service: string | null;
}

export type Finding = { ok: true; checkout: Checkout } | { ok: false; why: Decline };

/** The one label whose amount is due. `Cost`, `Total Cost Per Card` and all others are not. */
const DUE = 'total cost';
const DUE_INLINE = /^total cost ?:? (?=[$\d])(.+)$/i;
/** Invisible characters and those that turn the order of what stands between them. */
export const GHOSTS = String.raw`[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0]`;
const INVISIBLE = new RegExp(GHOSTS, 'g');

/** Stands for a value that a person may see otherwise than the page's text says. */
export const ODD = '\u200b';

export const PAY = /^(?:pay & deploy(?: (?:container|vm|cluster))?|deploy (?:container|vm|cluster))$/i;
/** A button that says "Pay" is a checkout; "Deploy Cluster" alone also stands on a dashboard. */
export const PAYS = /^pay & /i;
/** Where coins are spoken of, fees and rates decide. */
export const COIN = /\$io\b|io\s*coin/i;
/** What stands between a label and its amount without meaning anything. */
const ORNAMENT = /^[iⓘℹ?:·•]$/;
const OPTION = /^(?:io coin|usdc|(?:io )?credits|credit\/debit card|credit card)$/i;
const SIGNS =
  /^(?:cloud services fee|ionet fee|covered by io credits|remaining amount to pay|paying with io credits|price update in)\b/i;
const OPTION_FEE = /^cloud services fee: ?(\d{1,2}(?:\.\d{1,2})?)%$/i;
// Labels are compared, in small letters: a pattern takes a page's main thread a twentieth of a ms to make ready.
const HOURS = ['hours'];
const DURATION = ['duration', 'enter duration', 'billing duration', 'rental duration', 'booking duration'];
const PER_CARD = ['average per card'];
const HOURLY = [
  'hourly price',
  'hourly rate',
  'hourly cost',
  'price per hour',
  'rate per hour',
  'cost per hour',
];
/** What it is a quantity of stands behind it: "Quantity (GPUs/CPUs)". */
const QUANTITY = ['quantity'];
const OF_WHAT = /^quantity \([a-z/ ]+\)$/;

const no = (why: Decline): Finding => ({ ok: false, why });
/** A text without what nobody sees of it. */
export const visibleText = (text: string) => plainText(text.replaceAll(INVISIBLE, ''));

/** Cells behind a label, without what is only an ornament. */
function behind(row: Row, at: number): string[] {
  return row.slice(at + 1).filter((cell) => !ORNAMENT.test(plainText(cell)));
}

/** A cell as a label: in small letters, without the colon that ends it. */
function labelOf(cell: string): string {
  const small = plainText(cell).toLowerCase();
  const open = small.endsWith(':') ? small.slice(0, -1).trimEnd() : small;
  return open.startsWith('quantity (') && OF_WHAT.test(open) ? 'quantity' : open;
}

type Due = Amount | 'odd_text' | 'unreadable' | 'ambiguous';

/** What a row says is due; null when it says nothing of the kind. */
function dueOf(row: Row): Due | null {
  const at = row.findIndex((cell) => labelOf(visibleText(cell)) === DUE);
  const inline = row.flatMap((cell) => DUE_INLINE.exec(visibleText(cell))?.[1] ?? [])[0];
  if (at < 0 && inline === undefined) return null;
  if (row.some((cell) => visibleText(cell) !== plainText(cell))) return 'odd_text';
  const cells = at < 0 ? [inline ?? ''] : behind(row, at);
  const amount = parseAmount(cells[0] ?? '');
  if (!amount) return 'unreadable';
  const others = at < 0 ? row.filter((cell) => parseAmount(cell)) : cells.slice(1);
  return others.some((cell) => /\d/.test(cell)) ? 'ambiguous' : amount;
}

/** The one thing that all rows agree on; null when none says it or two differ. */
function agreed<T extends string | number | bigint>(values: readonly (T | null)[]): T | null {
  const known = new Set(values.filter((value) => value !== null));
  return known.size === 1 ? ([...known][0] ?? null) : null;
}

/** A row, and its cells as labels. */
interface Labelled {
  row: Row;
  labels: readonly string[];
}

/** Reads the value of every row with one of such labels. */
function read<T>(
  rows: readonly Labelled[],
  wanted: readonly string[],
  value: (cells: string[]) => T | null,
): (T | null)[] {
  return rows.flatMap(({ row, labels }) => {
    const at = labels.findIndex((label) => wanted.includes(label));
    return at < 0 ? [] : [value(behind(row, at))];
  });
}

function hoursOf(rows: readonly Labelled[]): number | null {
  const joined = (cells: string[]) => cells.slice(0, 2).join(' ');
  const spoken = (isHours: boolean) => (cells: string[]) =>
    parseHours(cells[0] ?? '', isHours) ?? parseHours(joined(cells), isHours);
  return agreed([...read(rows, HOURS, spoken(true)), ...read(rows, DURATION, spoken(false))]);
}

/** All of it for an hour: from what is due when the hours are known, else from the prices shown. */
function perHourOf(
  rows: readonly Labelled[],
  due: Micros,
  hours: number | null,
  rate: bigint | null,
): Micros | null {
  if (hours !== null) return due / BigInt(hours);
  const price = (cells: string[]) => {
    const hourly = parseHourly(cells[0] ?? '');
    return hourly && worth(hourly, rate);
  };
  const all = agreed(read(rows, HOURLY, price));
  if (all !== null) return all;
  const card = agreed(read(rows, PER_CARD, price));
  const quantity = agreed(
    read(rows, QUANTITY, ([cell = '']) =>
      /^[1-9]\d{0,4}$/.test(plainText(cell)) ? Number(plainText(cell)) : null,
    ),
  );
  return card !== null && quantity !== null ? card * BigInt(quantity) : null;
}

/** Which service is paid for; null when the page does not tell. */
function serviceOf(buttons: readonly string[], path: string): string | null {
  const words = buttons.map((button) => plainText(button).toLowerCase());
  const vm = words.some((word) => word.endsWith(' vm'));
  const container = words.some((word) => word.endsWith(' container'));
  if (vm !== container) return vm ? 'vm' : 'caas';
  if (words.some((word) => word.endsWith(' cluster'))) return null;
  if (path.startsWith('/cloud/virtual-machines')) return 'vm';
  return path.startsWith('/cloud/container') ? 'caas' : null;
}

/** What a page asks to pay, or why that cannot be said for certain. */
export function findTotal({ rows, buttons, path }: PageText): Finding {
  const dues = rows.map(dueOf).filter((due) => due !== null);
  if (dues.length === 0) return no('no_total');
  const pays = buttons.filter((button) => PAY.test(plainText(button)));
  if (pays.length === 0) return no('no_pay_button');
  const cells = rows.flat().map(plainText);
  const isCheckout =
    pays.some((button) => PAYS.test(plainText(button))) ||
    cells.some((cell) => OPTION.test(cell) || SIGNS.test(cell));
  if (!isCheckout) return no('no_checkout');

  const amounts: Amount[] = [];
  for (const due of dues) {
    if (typeof due === 'string') return no(due);
    amounts.push(due);
  }
  const [first] = amounts;
  if (!first || amounts.some(({ nanos, unit }) => nanos !== first.nanos || unit !== first.unit)) {
    return no('ambiguous');
  }
  const rates = cells.filter((cell) => cell.includes('=')).flatMap((cell) => parseRate(cell) ?? []);
  const rate = agreed(rates);
  if (first.unit === 'coin') {
    if (rate === null) return no('no_rate');
    // What is paid in credits has another fee than what is paid in coins: this total is not what credits would pay.
    const fees = cells.flatMap((cell) => OPTION_FEE.exec(cell)?.[1] ?? []);
    if (new Set(fees.map(Number)).size > 1) return no('other_fee');
  }
  const due = worth(first, rate);
  if (due === null) return no('unreadable');
  const labelled = rows.map((row) => ({ row, labels: row.map(labelOf) }));
  const hours = hoursOf(labelled);
  return {
    ok: true,
    checkout: { due, hours, perHour: perHourOf(labelled, due, hours, rate), service: serviceOf(pays, path) },
  };
}

/** A finding in one line, for the debug view. */
export function describe(finding: Finding): string {
  if (!finding.ok) return finding.why;
  const { due, hours, service } = finding.checkout;
  return `due ${formatAmount(due)}, ${hours ?? '?'} h, ${service ?? 'any service'}`;
}
