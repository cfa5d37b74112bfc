// CSV as RFC 4180 has it, every cell quoted, and nothing in it that a spreadsheet would run (OWASP, CSV injection).

/** What makes a spreadsheet take a cell for a formula: also the full-width forms, and blanks before them. */
const FORMULA = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/;
/** A number of ours is no formula, though it may start with a minus. */
const NUMBER = /^-?\d+(\.\d+)?$/;

/** One quoted cell. */
export function csvCell(value: string): string {
  const harmless = FORMULA.test(value) && !NUMBER.test(value) ? `'${value}` : value;
  return `"${harmless.replaceAll('"', '""')}"`;
}

/** One line with its end. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}
