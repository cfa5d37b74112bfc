import { expect, test } from 'vitest';
import { parseAmount as micros } from '../../shared/money.ts';
import { localeOfMessages } from '../locales/test-messages.ts';
import { type CheckoutAnswer, faceOf } from './face.ts';

const EN = localeOfMessages('en');
const DE = localeOfMessages('de');
const NOW = 1_000_000;

type Part = Partial<Omit<CheckoutAnswer, 'standing'>> & { standing?: Partial<CheckoutAnswer['standing']> };
const answer = ({ standing, ...rest }: Part = {}): CheckoutAnswer => ({
  standing: {
    available: '94.3',
    most: '94.3',
    held: '0',
    pending: '0',
    blocked: false,
    fee: 300,
    seq: 7,
    ...standing,
  },
  as_of: NOW - 1,
  stale_at: NOW + 1,
  offline: false,
  time: '14:02',
  fee: '3',
  corrected: false,
  check: null,
  purchase: null,
  ...rest,
});
const due = (amount: string, perHour: string | null = null) => ({
  due: micros(amount),
  perHour: perHour === null ? null : micros(perHour),
});

/** All that a badge says, in the order in which it says it. */
function says(
  checkout: ReturnType<typeof due> | null,
  told: CheckoutAnswer,
  { returned = false, now = NOW, locale = EN } = {},
): string | null {
  const face = faceOf(checkout, told, returned, now, locale);
  if (!face) return null;
  const ways = face.ways.map(({ label, price }) => `${label}: ${price}`);
  const parts = [face.title, face.strong + face.rest, ...ways, face.note, face.action?.label, face.footer];
  return parts
    .filter(Boolean)
    .join(' | ')
    .replaceAll(/[\u00a0\u202f]/g, ' ');
}

const check = (amount: string, shortfall: string) => ({
  amount,
  sufficient: shortfall === '0',
  shortfall,
  seq: 8,
});

test('the server agrees: nothing is said of it', () => {
  expect(says(due('81.9', '1.365'), answer({ check: check('81.9', '0') }))).toBe(
    'Enough credits | $12.40 left after this, about 9 h at this rate | IO Glance, as of 14:02',
  );
});

test('the server counts less: the verdict is its own, and says so', () => {
  expect(says(due('81.9'), answer({ check: check('81.9', '1.9') }))).toBe(
    '$1.90 short | $80.00 available | By card, 3% fee: $1.96 | In USDC, no fee: $1.90 | Corrected: the server counts otherwise | Top up $1.90 | IO Glance, as of 14:02',
  );
  // A shortfall that this device saw too, by another figure.
  expect(says(due('100'), answer({ check: check('100', '6') }))).toMatch(
    /^\$6\.00 short \| \$94\.00 available \| .*Corrected/,
  );
});

test('the server counts more: enough, without a figure that nobody knows', () => {
  const more = check('100', '0');
  expect(says(due('100'), answer({ check: more }))).toBe(
    'Enough credits | The server counts more than this device | IO Glance, as of 14:02',
  );
  // What waits here the server does not know: then nobody can say.
  expect(says(due('100'), answer({ check: more, standing: { pending: '1' } }))).toBeNull();
});

test('what the server said of another amount says nothing of this one', () => {
  expect(says(due('81.9'), answer({ check: check('81.8', '50') }))).toMatch(
    /^Enough credits \| \$12\.40 left/,
  );
});

test('a suspended account is told so, whatever it has', () => {
  const blocked = { blocked: true };
  expect(says(due('81.9'), answer({ standing: blocked }))).toBe(
    'Account suspended | Nothing can be deployed until what is owed is paid | IO Glance, as of 14:02',
  );
  expect(says(due('100'), answer({ standing: { ...blocked, available: '-3.2', most: '-3.2' } }))).toMatch(
    /^Account suspended \| .* \| Top up \$103\.20/,
  );
});

test('no credits at all, and what only looks like none', () => {
  const nothing = { available: '0', most: '0' };
  expect(says(due('5'), answer({ standing: nothing }))).toMatch(
    /^No IO Credits \| This needs \$5\.00 \| By card, 3% fee: \$5\.15 \| In USDC, no fee: \$5\.00 \| Top up \$5\.00/,
  );
  expect(says(due('5'), answer({ standing: { ...nothing, held: '3' } }))).toMatch(
    /^\$5\.00 short \| \$0\.00 available, another \$3\.00 is held/,
  );
});

test.each([
  [null, 'Waiting for confirmation | A payment counts once the ledger has it | IO Glance, as of 14:02'],
  ['pending', 'Waiting for confirmation | A payment counts once the ledger has it | IO Glance, as of 14:02'],
  ['settled', 'Payment confirmed | $50.00 added | IO Glance, as of 14:02'],
  ['failed', 'Payment not received | The ledger says that it failed | IO Glance, as of 14:02'],
  ['charged_back', 'Payment not received | The ledger says that it failed | IO Glance, as of 14:02'],
])('back from a payment that the ledger calls %s', (status, expected) => {
  const purchase = status === null ? null : { status, credits: '50' };
  expect(says(null, answer({ purchase }), { returned: true })).toBe(expected);
});

test('the address is never evidence: on a checkout the numbers stay what the ledger has', () => {
  const pending = answer({ purchase: { status: 'pending', credits: '50' } });
  const told = says(due('100'), pending, { returned: true });
  expect(told).toMatch(/^\$5\.70 short \| \$94\.30 available \| .* \| Waiting for confirmation \| Top up/);
  expect(told?.replace('Waiting for confirmation | ', '')).toBe(says(due('100'), pending));
  // Enough without it: nothing of the payment is said.
  expect(says(due('81.9'), pending, { returned: true })).toBe(says(due('81.9'), pending));
});

test('nothing without a checkout, without numbers, or where it depends on a service that nobody knows', () => {
  expect(says(null, answer())).toBeNull();
  expect(says(due('1'), answer({ as_of: null }))).toBeNull();
  expect(says(due('95'), answer({ standing: { most: '200' } }))).toBeNull();
});

test('old numbers say since when, by the clock alone', () => {
  expect(says(due('1'), answer(), { now: NOW + 1 })).toMatch(/Offline, as of 14:02$/);
  expect(says(due('1'), answer({ offline: true }))).toMatch(/Offline, as of 14:02$/);
});

test('in German', () => {
  expect(says(due('81.9', '1.365'), answer(), { locale: DE })).toMatch(
    /^Guthaben reicht \| Danach bleiben 12,40 \$, bei diesem Preis etwa 9 (Std\.|h) \| /,
  );
  expect(says(due('1234.5'), answer({ check: check('1234.5', '1140.2') }), { locale: DE })).toMatch(
    /^1\.140,20 \$ fehlen \| 94,30 \$ verfügbar \| Mit Karte, 3 % Gebühr: 1\.174,41 \$ \| In USDC, ohne Gebühr: 1\.140,20 \$ \| 1\.140,20 \$ aufladen/,
  );
});

test('the card fee is the one of the standing; another one than was shown is said', () => {
  const fee = { standing: { fee: 450 }, fee: '4.5' };
  expect(says(due('144.3'), answer(fee))).toBe(
    '$50.00 short | $94.30 available | By card, 4.5% fee: $52.25 | In USDC, no fee: $50.00 | Top up $50.00 | IO Glance, as of 14:02',
  );
  expect(says(due('144.3'), answer({ ...fee, corrected: true }))).toMatch(
    /\$52\.25 \|.*\| Corrected: the server counts otherwise \|/,
  );
});

test('what only finance can lift is not answered with ways to pay', () => {
  const standing = { blocked: true, lasting: true as const, available: '-3.2', most: '-3.2' };
  expect(says(due('100'), answer({ standing }))).toBe(
    'Account suspended | Nothing can be deployed until IO Finance lifts it: contact support | IO Glance, as of 14:02',
  );
});
