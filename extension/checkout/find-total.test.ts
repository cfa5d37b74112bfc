import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatAmount } from '../../shared/money.ts';
import { type Decline, describe, findTotal, type Finding } from './find-total.ts';

/** A page in short: rows by lines, cells by "|", buttons in brackets. */
function page(text: string, path = '/cloud/home'): Finding {
  const lines = text.split('\n').map((line) => line.trim());
  const buttons = lines.flatMap((line) => /^\[(.*)\]$/.exec(line)?.[1] ?? []);
  const rows = lines.filter((line) => line !== '' && !line.startsWith('[')).map((line) => line.split('|'));
  return findTotal({ rows, buttons, path });
}

const CLASSIC = `Conversion between IO Credits & USDC is:|1 IO Credit = 1 USDC
  Quantity (GPUs/CPUs)|4\nAverage Per Card|$IO 1.59/hr\nHours|1/hr\nTotal Cost Per Card|0.180 USDC\nCost|0.720 USDC
  Cloud Services Fee|0.0144 USDC\nIONET FEE (0.25%)|0.0018 USDC
  Total Cost|0.721 USDC\nCovered By IO Credits|0.520 USDC\nRemaining Amount To Pay|0.201 USDC
  [Back]\n[Pay & Deploy Container]`;

test('the classic summary, with all that looks alike', () => {
  expect(page(CLASSIC)).toEqual({
    ok: true,
    checkout: { due: 721_000n, hours: 1, perHour: 721_000n, service: 'caas' },
  });
});

const PAY = '[Pay & Deploy]';

test.each([
  ['a plain row', `Total Cost|28.69 USDC\n${PAY}`, '28.69'],
  ['dollars', `Total Cost|$28.69\n${PAY}`, '28.69'],
  ['thousands', `Total Cost|$1,234.50\n${PAY}`, '1234.5'],
  ['credits', `Total Cost|1,234.50 IO Credits\n${PAY}`, '1234.5'],
  ['non-breaking spaces', `Total\u00a0Cost|5\u00a0USDC\n${PAY}`, '5'],
  ['a colon', `Total Cost:|5 USDC\n${PAY}`, '5'],
  ['one cell', `Total Cost: $5.00\n${PAY}`, '5'],
  ['another case', `TOTAL COST|5 USDC\n${PAY}`, '5'],
  ['an info sign between', `Total Cost|i|5 USDC\n${PAY}`, '5'],
  ['an info sign of another kind', `Total Cost|\u24d8|5 USDC\n${PAY}`, '5'],
  ['text before it on the row', `Order 7|Total Cost|5 USDC\n${PAY}`, '5'],
  ['words behind it', `Total Cost|5 USDC|all in\n${PAY}`, '5'],
  ['a cost before it', `Cost|4 USDC\nTotal Cost|5 USDC\n${PAY}`, '5'],
  ['a cost behind it', `Total Cost|5 USDC\nCost|4 USDC\n${PAY}`, '5'],
  ['a total per card', `Total Cost Per Card|1 USDC\nTotal Cost|5 USDC\n${PAY}`, '5'],
  ['a price per hour', `Total Cost Per Hour|1 USDC\nTotal Cost|5 USDC\n${PAY}`, '5'],
  ['fees', `Cloud Services Fee|9 USDC\nTotal Cost|5 USDC\nIONET FEE (0.25%)|7 USDC\n${PAY}`, '5'],
  [
    'covered and remaining',
    `Total Cost|5 USDC\nCovered By IO Credits|3 USDC\nRemaining Amount To Pay|2 USDC\n${PAY}`,
    '5',
  ],
  ['a balance', `Total Cost|5 USDC\nPaying with IO Credits|5 USDC\nBalance|$94.30\n${PAY}`, '5'],
  ['the same summary twice', `Total Cost|5 USDC\nTotal Cost|5.00 USDC\n${PAY}`, '5'],
  ['a VM', `USDC\nTotal Cost|5 USDC\n[Deploy VM]`, '5'],
  ['a container by option', `IO COIN\nUSDC\nTotal Cost|5 USDC\n[Deploy Container]`, '5'],
  ['a cluster by a fee', `Cloud Services Fee: 2%\nTotal Cost|5 USDC\n[Deploy Cluster]`, '5'],
  [
    'the older summary in words',
    `Total Cost|2840.541 IO COIN\nIO COIN = 0.80 USDC\nPrice update in: 49s\n[Deploy Container]`,
    '2272.4328',
  ],
  ['coins written before', `Total Cost|$IO 10\n1 $IO = $0.80\n${PAY}`, '8'],
  [
    'coins with one fee for all',
    `Cloud Services Fee: 2%\nCloud Services Fee: 2%\nTotal Cost|$IO 10\nIO COIN = 0.5 USDC\n${PAY}`,
    '5',
  ],
  ['a rate that is not needed', `Total Cost|5 USDC\nIO COIN = 0.80 USDC\n${PAY}`, '5'],
  ['the smallest amount', `Total Cost|0.000001 USDC\n${PAY}`, '0.000001'],
  ['the largest amount', `Total Cost|1,000,000 USDC\n${PAY}`, '1000000'],
  ['two pay buttons', `Total Cost|5 USDC\n[Pay & Deploy Container]\n[Pay & Deploy Container]`, '5'],
  [
    'a disabled word of the page',
    `Total Cost|5 USDC\nNot enough credits. Use another payment method or request more.\n${PAY}`,
    '5',
  ],
])('%s', (_name, text, due) => {
  const finding = page(text);
  expect(finding.ok && formatAmount(finding.checkout.due)).toBe(due);
});

test.each<[string, string, Decline]>([
  ['nothing at all', '', 'no_total'],
  ['no total', `Cost|4 USDC\n${PAY}`, 'no_total'],
  ['only a total per card', `Total Cost Per Card|4 USDC\n${PAY}`, 'no_total'],
  ['another total', `Total|4 USDC\n${PAY}`, 'no_total'],
  ['a sentence about it', `The Total Cost is 4 USDC\n${PAY}`, 'no_total'],
  ['no button', 'Total Cost|5 USDC\nUSDC', 'no_pay_button'],
  ['another button', 'Total Cost|5 USDC\nUSDC\n[Back]', 'no_pay_button'],
  ['a cluster page with its cost', 'Total Cost|5 USDC\n[Deploy Cluster]', 'no_checkout'],
  ['two totals', `Total Cost|5 USDC\nTotal Cost|6 USDC\n${PAY}`, 'ambiguous'],
  [
    'two totals in two units',
    `Total Cost|5 USDC\nTotal Cost|$IO 5\nIO COIN = 0.80 USDC\n${PAY}`,
    'ambiguous',
  ],
  ['two amounts in the row', `Total Cost|5 USDC|6 USDC\n${PAY}`, 'ambiguous'],
  ['an old price in the row', `Total Cost|30.00 USDC|28.69 USDC\n${PAY}`, 'ambiguous'],
  ['a second one that cannot be read', `Total Cost|5 USDC\nTotal Cost|\u2014\n${PAY}`, 'unreadable'],
  ['no amount yet', `Total Cost\n${PAY}`, 'unreadable'],
  ['still loading', `Total Cost|...\n${PAY}`, 'unreadable'],
  ['the unit is a picture', `Total Cost|2840.541\n= 0.80 USDC\n[Pay & Deploy Container]`, 'unreadable'],
  ['nothing to pay', `Total Cost|0.00 USDC\n${PAY}`, 'unreadable'],
  ['too much to be true', `Total Cost|1,000,000.01 USDC\n${PAY}`, 'unreadable'],
  ['a price per hour', `Total Cost|28.69 USDC/hr\n${PAY}`, 'unreadable'],
  ['a price from', `Total Cost|from $28.69\n${PAY}`, 'unreadable'],
  ['a comma for a point', `Total Cost|28,69 USDC\n${PAY}`, 'unreadable'],
  ['another word before the amount', `Total Cost|before fees|5 USDC\n${PAY}`, 'unreadable'],
  ['an invisible character in the amount', `Total Cost|5\u200b0 USDC\n${PAY}`, 'odd_text'],
  ['an invisible character in the label', `Total\u200b Cost|5 USDC\n${PAY}`, 'odd_text'],
  ['a turned amount', `Total Cost|\u202e05 USDC\n${PAY}`, 'odd_text'],
  ['coins without a rate', `Total Cost|$IO 10\n${PAY}`, 'no_rate'],
  ['coins with a pictured rate', `Total Cost|$IO 10\n= 0.80 USDC\n${PAY}`, 'no_rate'],
  ['coins with two rates', `Total Cost|$IO 10\nIO COIN = 0.80 USDC\n1 $IO = $0.90\n${PAY}`, 'no_rate'],
  [
    'coins, while credits have another fee',
    `Cloud Services Fee: 0%\nCloud Services Fee: 2%\nTotal Cost|$IO 10\nIO COIN = 0.8 USDC\n${PAY}`,
    'other_fee',
  ],
])('silent: %s', (_name, text, why) => {
  expect(page(text)).toEqual({ ok: false, why });
});

test.each([
  ['Hours|75/hr', 75, '1'],
  ['Hours|75', 75, '1'],
  ['Enter Duration|3|Days', 72, '1.041666'],
  ['Billing Duration|168 Hours', 168, '0.446428'],
  ['Hours|75/hr\nDuration|75 hours', 75, '1'],
  ['Hours|75/hr\nDuration|76 hours', null, null],
  ['Enter Duration|3', null, null],
  ['Average Per Card|1.5 USDC/hr\nQuantity (GPUs/CPUs)|8', null, '12'],
  ['Hourly Price|$2.49/hr', null, '2.49'],
  ['Average Per Card|1.5 USDC/hr', null, null],
])('duration and price per hour: %s', (rows, hours, perHour) => {
  const finding = page(`Total Cost|75 USDC\n${rows}\n${PAY}`);
  const { checkout } = finding.ok ? finding : {};
  expect([checkout?.hours, checkout?.perHour == null ? null : formatAmount(checkout.perHour)]).toEqual([
    hours,
    perHour,
  ]);
});

test.each([
  ['[Pay & Deploy Container]', '/cloud/home', 'caas'],
  ['[Deploy VM]', '/cloud/home', 'vm'],
  ['[Pay & Deploy]', '/cloud/virtual-machines', 'vm'],
  ['[Pay & Deploy]', '/cloud/container', 'caas'],
  ['[Pay & Deploy]', '/cloud/home', null],
  ['[Deploy Cluster]', '/cloud/container', null],
  ['[Deploy VM]\n[Deploy Container]', '/cloud/home', null],
])('service of %s on %s', (button, path, service) => {
  const finding = page(`USDC\nTotal Cost|5 USDC\n${button}`, path);
  expect(finding.ok && finding.checkout.service).toBe(service);
});

test('a debug view says what was found, and why not', () => {
  expect(describe(page(CLASSIC))).toBe('due 0.721, 1 h, caas');
  expect(describe(page(''))).toBe('no_total');
});

const amount = fc.integer({ min: 1, max: 99_999_999 }).map((cents) => `${(cents / 100).toFixed(2)} USDC`);
const decoyLabel = fc.constantFrom(
  'Cost',
  'Total',
  'Total Cost Per Card',
  'Total Cost Per Hour',
  'Total Costs',
  'Estimated Total Cost',
  'Sub Total Cost',
  'Cloud Services Fee',
  'IONET FEE (0.25%)',
  'Covered By IO Credits',
  'Remaining Amount To Pay',
  'Balance',
  'Average Per Card',
  'Hours',
  'Total Cost Saved',
);
const decoy = fc.tuple(decoyLabel, amount);

test('one true total among any decoys in any order is found', () => {
  fc.assert(
    fc.property(amount, fc.array(decoy, { maxLength: 30 }), fc.nat(), (total, decoys, at) => {
      const rows: string[][] = decoys.map((row) => [...row]);
      rows.splice(at % (rows.length + 1), 0, ['Total Cost', total]);
      const finding = findTotal({ rows, buttons: ['Pay & Deploy Container'], path: '/' });
      expect(finding.ok && `${(Number(finding.checkout.due) / 1e6).toFixed(2)} USDC`).toBe(total);
    }),
  );
});

test('pages with broken, doubled and torn rows are right or silent, never wrong', () => {
  const piece = fc.oneof(
    amount,
    fc.constantFrom(
      '',
      '\u2014',
      'i',
      '5',
      '5 USDC/hr',
      '0.00 USDC',
      'USDC',
      '$',
      '\u200b7 USDC',
      'Total Cost',
    ),
    fc.string({ maxLength: 12 }),
  );
  const row = fc.tuple(fc.oneof(decoyLabel, fc.constant('Total Cost')), fc.array(piece, { maxLength: 3 }));
  fc.assert(
    fc.property(amount, fc.array(row, { maxLength: 12 }), (total, rows) => {
      const text = [['Total Cost', total], ...rows.map(([label, cells]) => [label, ...cells])];
      const finding = findTotal({ rows: text, buttons: ['Pay & Deploy'], path: '/' });
      const said = finding.ok ? `${(Number(finding.checkout.due) / 1e6).toFixed(2)} USDC` : 'silent';
      expect(['silent', total]).toContain(said);
    }),
  );
});
