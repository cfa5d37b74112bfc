// What is filtered, as CSV (RFC 4180) or JSON. Amounts are exact and in ASCII; times are UTC.
import type { Entry } from '../../../shared/account.ts';
import { toRfc3339 } from '../../../shared/time.ts';

/** The five fields of the product's own log first, then what else an entry says. */
const COLUMNS = ['service', 'at', 'type', 'amount', 'id', 'balance', 'status', 'ref', 'code', 'n'] as const;

/** What makes a spreadsheet take a cell for a formula (OWASP, CSV injection); a number of ours is none. */
const FORMULA = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/;
const NUMBER = /^-?\d+(\.\d+)?$/;

function cell(value: string): string {
  const harmless = FORMULA.test(value) && !NUMBER.test(value) ? `'${value}` : value;
  return `"${harmless.replaceAll('"', '""')}"`;
}

function fields(entry: Entry): Record<(typeof COLUMNS)[number], string | number> {
  const { service, type, amount, id, balance, status, ref = '', code = '', n } = entry;
  return { service, at: toRfc3339(entry.at), type, amount, id, balance, status, ref, code, n };
}

export function toCsv(entries: readonly Entry[]): string {
  const lines = entries.map((entry) => {
    const row = fields(entry);
    return COLUMNS.map((name) => cell(String(row[name]))).join(',');
  });
  return [COLUMNS.map(cell).join(','), ...lines, ''].join('\r\n');
}

export function toJson(entries: readonly Entry[]): string {
  return `${JSON.stringify({ items: entries.map(fields), next_cursor: null }, null, 1)}\n`;
}

/** Hands a text to the browser as a file. */
export function download(text: string, name: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has opened it once the click was handled.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
