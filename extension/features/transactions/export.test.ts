import { expect, test } from 'vitest';
import { toCsv, toJson } from './export.ts';

const entry = {
  n: 7,
  id: 'e7',
  at: Date.parse('2026-11-21T14:00:00Z'),
  service: 'vm',
  type: 'usage',
  amount: '-8.960001',
  balance: '106.4',
  status: 'completed',
};

test('CSV: a header, a line per entry, exact amounts with an ASCII minus, UTC', () => {
  expect(toCsv([entry]).split('\r\n')).toEqual([
    '"service","at","type","amount","id","balance","status","ref","code","n"',
    '"vm","2026-11-21T14:00:00.000Z","usage","-8.960001","e7","106.4","completed","","","7"',
    '',
  ]);
});

test.each(['=HYPERLINK("http://x")', '+1+1', '-2+3', '@SUM(A1)', '\t=1', '＝1', ' =1'])(
  'a reference %j is no formula in a spreadsheet',
  (ref) => {
    expect(toCsv([{ ...entry, ref }])).toContain(`"'${ref.replaceAll('"', '""')}"`);
  },
);

test('JSON reads back to the same fields', () => {
  expect(JSON.parse(toJson([entry])).items).toEqual([
    { ...entry, at: '2026-11-21T14:00:00.000Z', ref: '', code: '' },
  ]);
});
