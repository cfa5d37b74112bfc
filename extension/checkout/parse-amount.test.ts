import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAmount, parseHourly, parseHours, parseRate, plainText, worth } from './parse-amount.ts';

const usd = (micros: bigint) => ({ nanos: micros * 1_000n, unit: 'usd' });

test.each([
  ['0.721 USDC', 721_000n],
  ['$28.69', 28_690_000n],
  ['$1,234.50', 1_234_500_000n],
  ['1,234.50 IO Credits', 1_234_500_000n],
  ['1,234.50\u00a0IO\u00a0Credits', 1_234_500_000n],
  ['1\u00a0IO Credit', 1_000_000n],
  ['0.000001 USDC', 1n],
  ['  81.900\n USDC ', 81_900_000n],
  ['102.5 credits', 102_500_000n],
  ['28.69 USD', 28_690_000n],
  ['$28.69 USD', 28_690_000n],
  ['$ 5', 5_000_000n],
  ['1,234,567.25 USDC', 1_234_567_250_000n],
  ['12345.67 USDC', 12_345_670_000n],
  ['0 USDC', 0n],
  ['7.5\u202fUSDC', 7_500_000n],
])('%j is an amount', (text, micros) => {
  expect(parseAmount(text)).toEqual(usd(micros));
});

test.each([
  ['$IO 355.068', 355_068_000_000n],
  ['2,840.541 IO COIN', 2_840_541_000_000n],
  ['2840.541 $IO', 2_840_541_000_000n],
  ['1.123456789 IO Coins', 1_123_456_789n],
])('%j is an amount in coins', (text, nanos) => {
  expect(parseAmount(text)).toEqual({ nanos, unit: 'coin' });
});

test.each([
  '',
  '2840.541',
  'USDC',
  '$',
  '-5 USDC',
  '\u22125 USDC',
  '+5 USDC',
  '~$28.69',
  'from $28.69',
  '$28.69/hr',
  '1.337 USDC/hr',
  '$28.69 $30.00',
  '$28.69 - $30.00',
  '1.234,50 USDC',
  '1,5 USDC',
  '12,34 USDC',
  '1,2345.00 USDC',
  '0,721 USDC',
  '00.5 USDC',
  '.5 USDC',
  '5. USDC',
  '1 234.50 USDC',
  "1'234.50 USDC",
  '1e3 USDC',
  '0x10 USDC',
  'NaN USDC',
  '\uff11\uff12 USDC',
  '\u0661\u0662 USDC',
  '0.7\u200b21 USDC',
  '\u202e127.0 USDC',
  '0.0000001 USDC',
  '5 EUR',
  '5 IO',
  '5 USDC USDC',
  '5USDC ',
  '99999999999 USDC',
  `1${'0'.repeat(60)} USDC`,
  'Loading',
  '\u2014',
])('%j is no amount', (text) => {
  expect(parseAmount(text)).toBeNull();
});

test('a price per hour is one, and nothing else is', () => {
  expect(parseHourly('1.337 USDC/hr')).toEqual(usd(1_337_000n));
  expect(parseHourly('$IO 1.59/hr')).toEqual({ nanos: 1_590_000_000n, unit: 'coin' });
  expect(parseHourly('$28.69 / hour')).toEqual(usd(28_690_000n));
  expect(parseHourly('1.337 USDC')).toBeNull();
  expect(parseHourly('75/hr')).toBeNull();
});

test('the rate of IO Coin, in words only', () => {
  expect(parseRate('IO COIN = 0.80 USDC')).toBe(800_000_000n);
  expect(parseRate('1 $IO = $0.80')).toBe(800_000_000n);
  expect(parseRate('1 IO Credit = 1 USDC')).toBeNull();
  expect(parseRate('= 0.80 USDC')).toBeNull();
  expect(parseRate('IO COIN = 0 USDC')).toBeNull();
});

test('hours, in the units that a stepper has', () => {
  expect(parseHours('75/hr', true)).toBe(75);
  expect(parseHours('168 hours', false)).toBe(168);
  expect(parseHours('3 Days', false)).toBe(72);
  expect(parseHours('2 Weeks', false)).toBe(336);
  expect(parseHours('1 Month', false)).toBe(720);
  expect(parseHours('3', true)).toBe(3);
  expect(parseHours('3', false)).toBeNull();
  expect(parseHours('0 hours', true)).toBeNull();
  expect(parseHours('1.5 hours', true)).toBeNull();
});

test('coins are worth their rate, rounded up to a micro; nothing and too much are no price', () => {
  expect(worth({ nanos: 2_840_541_000_000n, unit: 'coin' }, 800_000_000n)).toBe(2_272_432_800n);
  expect(worth({ nanos: 1n, unit: 'coin' }, 1n)).toBe(1n);
  expect(worth({ nanos: 5n, unit: 'coin' }, null)).toBeNull();
  expect(worth({ nanos: 0n, unit: 'usd' }, null)).toBeNull();
  expect(worth({ nanos: 1_000_001_000_000_000n, unit: 'usd' }, null)).toBeNull();
});

test('every amount that is written is read back to the micro', () => {
  const micros = fc.bigInt({ min: 0n, max: 1_000_000_000_000n });
  const shape = fc.constantFrom('$#', '# USDC', '# IO Credits', '$ # USD', '#\u00a0credits');
  fc.assert(
    fc.property(micros, shape, fc.boolean(), (value, form, grouped) => {
      const whole = value / 1_000_000n;
      const fraction = String(value % 1_000_000n).padStart(6, '0');
      const digits = `${grouped ? whole.toLocaleString('en-US') : whole}.${fraction}`;
      expect(parseAmount(form.replace('#', () => digits))).toEqual(usd(value));
    }),
  );
});

test('any text at all is read or declined, never thrown at', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), (text) => {
      expect(() => parseAmount(text)).not.toThrow();
    }),
  );
});

const NUMBER = String.raw`((?:0|[1-9]\d{0,2}(?:,\d{3}){1,3}|[1-9]\d{0,9})(?:\.\d{1,9})?)`;
const pattern = (source: string) => new RegExp(`^${source}$`, 'i');
/** The grammar as one pattern each, which a page has no time for. */
const GRAMMAR = {
  usd: [pattern(String.raw`\$ ?${NUMBER}(?: USD)?`), pattern(`${NUMBER} (?:USDC|USD|(?:IO )?Credits?)`)],
  coin: [pattern(String.raw`\$IO ${NUMBER}`), pattern(String.raw`${NUMBER} (?:\$IO|IO Coins?)`)],
  rate: [pattern(String.raw`(?:1 )?(?:IO Coin|\$IO) = (?:(?:${NUMBER} (?:USDC|USD))|\$${NUMBER})`)],
  hours: [pattern(String.raw`[1-9]\d{0,4} ?(?:\/hr|(?:h|hr|hour|day|week|month)s?)`)],
};
const WORDS =
  '$ $IO IO Coin coins Credits credit USD usdc USDC = 1 0 12 1,234 .5 1.5 0.0000001 /hr hr hours day s , - + e3';
const ODD = ['\u212a', '\u0130', '\u017f', '\u00a0', ' ', ' ', '  '];
const piece = fc.constantFrom(...WORDS.split(' '), ...ODD);
const written = fc.array(piece, { maxLength: 7 }).map((pieces) => pieces.join(''));

test('what is read is what the grammar says, and nothing else', () => {
  const said = (of: readonly RegExp[], text: string) => of.some((each) => each.test(plainText(text)));
  fc.assert(
    fc.property(written, (text) => {
      const amount = parseAmount(text);
      if (said(GRAMMAR.coin, text)) expect(amount?.unit).toBe('coin');
      else if (amount) expect([amount.unit, said(GRAMMAR.usd, text)]).toEqual(['usd', true]);
      else if (said(GRAMMAR.usd, text)) expect(text).toMatch(/\.\d{7}/);
      const digits = GRAMMAR.rate[0]
        ?.exec(plainText(text))
        ?.slice(1)
        .find((each) => each !== undefined);
      const rate = digits === undefined ? null : parseAmount(`${digits} $IO`)?.nanos;
      expect(parseRate(text)).toBe(rate || null);
      expect(parseHours(text, false) !== null).toBe(said(GRAMMAR.hours, text));
    }),
    { numRuns: 3_000 },
  );
});
