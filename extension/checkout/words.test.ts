import { expect, test } from 'vitest';
import { readMessages } from '../locales/test-messages.ts';
import type { Language } from '../locales/text.ts';
import type { CheckoutLook, CheckoutQuestion, CheckoutTold, CheckoutWords } from '../view/checkout.ts';
import type { CheckoutAnswer } from './face.ts';
import { inWords } from './words.ts';

const NOW = 1_000_000;
const dress = (language: Language) => {
  const texts = Object.entries(readMessages(language)).map(([key, { message }]) => [key, message]);
  return { css: '.cb{}', language, texts: Object.fromEntries(texts) };
};
const ANSWER: CheckoutAnswer = {
  standing: {
    available: '94.3',
    most: '94.3',
    held: '0',
    pending: '0',
    blocked: false,
    fee: 300,
    seq: 7,
  },
  as_of: NOW - 1,
  stale_at: NOW + 1,
  offline: false,
  time: '14:02',
  fee: '3',
  corrected: false,
  check: null,
  purchase: null,
};

function setUp() {
  const told: CheckoutTold[] = [];
  let ask: (question: unknown) => void = () => {};
  const port = inWords(
    {
      postMessage: (message: CheckoutTold) => void told.push(message),
      onMessage: { addListener: (listener: typeof ask) => (ask = listener) },
      onDisconnect: { addListener: () => {} },
    } as never, // the members that are used
    () => NOW,
  );
  const question = (part: Partial<CheckoutQuestion>) =>
    ask({ nr: 1, amount: '81.9', per_hour: '1.365', service: null, returned: false, ...part });
  return { told, question, port };
}

/** The words of one part, as its rule has them. */
function said({ face }: CheckoutWords, part: string, of: 'rules' | 'late' = 'rules'): string | undefined {
  const rule = face?.[of].split('}').find((each) => each.startsWith(`${part}::before{`));
  const text = rule && /content:"(.*)"$/.exec(rule)?.[1];
  return text?.replace(/\\([0-9a-f]+) /g, (_, code: string) =>
    String.fromCodePoint(Number.parseInt(code, 16)),
  );
}
const last = (told: readonly CheckoutTold[]): CheckoutWords => told.at(-1)?.words ?? expect.fail('no words');
const lookOf = (told: CheckoutTold | undefined): CheckoutLook => told?.look ?? expect.fail('no look');

test('dressed first: the sheet and the parts of both shapes, in the language of the dress', () => {
  const { told, port } = setUp();
  port.postMessage(dress('de'));
  const { css, parts } = lookOf(told[0]);
  expect(css).toBe('.cb{}.checking .title::before{content:"Wird gepr\\fc ft"}');
  expect(parts.pill).toContain('aria-label="Auf dieser Seite ausblenden"');
  expect(parts.card).toContain('href="mailto:support@io.net?subject=IO%20Credits"');
  // No text that a page could find: only markup.
  for (const shape of [parts.pill, parts.card]) expect(shape.replaceAll(/<[^>]*>/g, '').trim()).toBe('');
  expect(told).toHaveLength(1);
});

test('words that could end an attribute end none', () => {
  const { told, port } = setUp();
  const texts = { checkout_hide: '"><b>&', checkout_checking: '"}*{}' };
  port.postMessage({ ...dress('en'), texts });
  const { css, parts } = lookOf(told[0]);
  expect(parts.pill).toContain('aria-label="&#34;>&#60;b>&#38;"');
  expect(css).toBe('.cb{}.checking .title::before{content:"\\22 \\7d \\2a \\7b \\7d "}');
});

test('enough: its words as rules, with the number of the question', () => {
  const { told, question, port } = setUp();
  port.postMessage(dress('en'));
  question({ nr: 4 });
  port.postMessage(ANSWER);
  const words = last(told);
  expect([words.nr, words.stale_at, words.face?.look, words.face?.open]).toEqual([4, NOW + 1, 'enough', '']);
  expect(said(words, '.title')).toBe('Enough credits');
  expect(said(words, '.strong')).toBe('$12.40 left after this');
  expect(said(words, '.rest')).toBe(', about 9\u00a0h at this rate');
  expect([said(words, '.as-of'), said(words, '.as-of', 'late')]).toEqual([
    'IO Glance, as of 14:02',
    'Offline, as of 14:02',
  ]);
  expect(words.face?.spoken).toBe('Enough credits. $12.40 left after this, about 9\u00a0h at this rate');
});

test('short: the parts that it has, and where its button leads', () => {
  const { told, question, port } = setUp();
  port.postMessage(dress('de'));
  question({ amount: '94.801' });
  port.postMessage(ANSWER);
  const words = last(told);
  expect(words.face?.look).toBe('short has-ways has-go has-note');
  expect(words.face?.open).toBe('#billing/purchase?amount=1');
  expect(['.title', '.p1', '.p2', '.go'].map((part) => said(words, part)?.replaceAll('\u00a0', ' '))).toEqual(
    ['0,51 $ fehlen', '1,03 $', '1,00 $', '1,00 $ aufladen'],
  );
});

test('another question is answered anew: nothing is said of it by what was told of the last', () => {
  const { told, question, port } = setUp();
  port.postMessage(dress('en'));
  question({ nr: 1 });
  port.postMessage(ANSWER);
  question({ nr: 2, amount: '500' });
  // Another language, before there is an answer.
  port.postMessage(dress('de'));
  expect(last(told)).toEqual({ nr: 2, face: null, stale_at: null });
  port.postMessage(ANSWER);
  expect([last(told).nr, said(last(told), '.title')?.replaceAll('\u00a0', ' ')]).toEqual([
    2,
    '405,70 $ fehlen',
  ]);
});

test('an answer without numbers, or with some that are none, is nothing to say', () => {
  const { told, question, port } = setUp();
  port.postMessage(dress('en'));
  question({});
  port.postMessage(null);
  expect(last(told).face).toBeNull();
  port.postMessage({ ...ANSWER, standing: { ...ANSWER.standing, available: 'many' } });
  expect(last(told).face).toBeNull();
});

test('one message holds what is ready at once, and what says the same as before is none', () => {
  const { told, question, port } = setUp();
  question({});
  port.postMessage(ANSWER);
  expect(told).toEqual([]);
  port.postMessage(dress('en'));
  expect(told.map((each) => Object.keys(each))).toEqual([['look', 'words']]);
  // The server agrees.
  port.postMessage({ ...ANSWER, check: { amount: '81.9', sufficient: true, shortfall: '0', seq: 7 } });
  expect(told).toHaveLength(1);
  port.postMessage({ ...ANSWER, check: { amount: '81.9', sufficient: false, shortfall: '1', seq: 7 } });
  expect(said(last(told), '.title')).toBe('$1.00 short');
  // The same again, to a page that asks anew: it heard nothing of this number.
  question({ nr: 2 });
  port.postMessage(ANSWER);
  question({ nr: 3 });
  port.postMessage(ANSWER);
  expect([told.length, last(told).nr]).toEqual([4, 3]);
});

test.each([
  ['no number', { nr: '1' }],
  ['no amount', { amount: '1e3' }],
  ['no price', { per_hour: '-1' }],
  // What nobody answers: words of the last answer are none to it.
  ['an amount over the most', { amount: '12345678' }],
  ['no service', { service: 'VM; drop' }],
])('a question with %s is none', (_, part) => {
  const { told, question, port } = setUp();
  port.postMessage(dress('en'));
  question(part as never); // what a page could send
  port.postMessage(ANSWER);
  expect(told).toHaveLength(1);
});
