// Puts what a checkout page is to be told into words, in the background worker: the page's process hears only what the
// badge says, and reads no code for it.
import * as v from 'valibot';
import type { Browser } from 'wxt/browser';
import { readBalance } from '../../shared/money.ts';
import type { Ms } from '../../shared/time.ts';
import type { BrowserLocale } from '../locales/browser.ts';
import { localeOfTexts } from '../locales/messages.ts';
import { languageOf } from '../locales/text.ts';
import type { CheckoutFace, CheckoutLook, CheckoutTold } from '../view/checkout.ts';
import { type CheckoutAnswer, type Face, faceOf } from './face.ts';
import { lookOf, ruleOf } from './look.ts';

/** What the badge is made of, as it is packed. */
export interface CheckoutDress {
  css: string;
  /** The tag of the language that its texts are in. */
  language: string;
  /** Its texts by key, as `public/_locales` has them. */
  texts: Record<string, string>;
}

/** Decimal text in credits; one operation is at most 1,000,000 (M3). */
export const Amount = v.pipe(v.string(), v.regex(/^\d{1,7}(\.\d{1,6})?$/));
/** A price times a page's quantity may be more than one operation. */
const Hourly = v.pipe(v.string(), v.regex(/^\d{1,13}(\.\d{1,6})?$/));
/** A page's `CheckoutQuestion`: the same to who answers it and to who words the answer. */
export const Question = v.object({
  nr: v.number(),
  amount: v.nullable(Amount),
  per_hour: v.nullable(Hourly),
  service: v.nullable(v.pipe(v.string(), v.regex(/^[a-z0-9]{1,16}$/))),
  returned: v.boolean(),
});
export type Question = v.InferOutput<typeof Question>;

type Port = Pick<Browser.runtime.Port, 'postMessage' | 'onMessage' | 'onDisconnect' | 'sender'>;

/** A port on which dress and answers can be posted as they are: the page hears them in words, each with its question's number. */
export function inWords(port: Port, now: () => Ms): Port {
  let question: Question | null = null;
  let answer: CheckoutAnswer | null = null;
  let locale: BrowserLocale | null = null;
  port.onMessage.addListener((message: unknown) => {
    // What was answered to the last one is none to this.
    if (v.is(Question, message)) [question, answer] = [message, null];
  });
  let said = '';
  const tell = (look?: CheckoutLook) => {
    const face = question && answer && locale && wordsOf(question, answer, now(), locale);
    const words = question && locale && { nr: question.nr, face, stale_at: answer?.stale_at ?? null };
    const text = JSON.stringify(words);
    const isNew = words !== null && (look !== undefined || text !== said);
    said = text;
    const told: CheckoutTold = { ...(look && { look }), ...(isNew && { words }) };
    if (look || isNew) port.postMessage(told);
  };
  return {
    ...(port.sender && { sender: port.sender }),
    onMessage: port.onMessage,
    onDisconnect: port.onDisconnect,
    postMessage(told: CheckoutAnswer | CheckoutDress | null) {
      if (told && 'css' in told) {
        locale = localeOfTexts(languageOf(told.language), told.texts);
        tell(lookOf(told.css, locale));
      } else {
        answer = told;
        tell();
      }
    },
  };
}

/** Null for nothing to say, also of numbers that are none. */
function wordsOf(
  { amount, per_hour, returned }: Question,
  answer: CheckoutAnswer,
  now: Ms,
  locale: BrowserLocale,
): CheckoutFace | null {
  try {
    const checkout = amount === null ? null : { due: readBalance(amount), perHour: perHourOf(per_hour) };
    const face = faceOf(checkout, answer, returned, now, locale);
    const later = faceOf(checkout, answer, returned, answer.stale_at ?? now, locale);
    return face && { ...inRules(face, locale), late: ruleOf('.as-of', later?.footer ?? face.footer) };
  } catch {
    return null;
  }
}

const perHourOf = (text: string | null) => (text === null ? null : readBalance(text));

/** Words as generated content: `window.find`, selection and a page's own fonts reach whatever stands in a document as text. */
function inRules(face: Face, { t }: BrowserLocale): Omit<CheckoutFace, 'late'> {
  const { tone, title, strong, rest, ways, note, action, footer } = face;
  const [first, second] = ways;
  const parts = { ways: ways.length > 0, go: action !== null, note: note !== '' };
  return {
    look: [tone, ...Object.entries(parts).flatMap(([part, has]) => (has ? [`has-${part}`] : []))].join(' '),
    open: action?.open ?? '',
    spoken: [title, `${strong}${rest}`, note].filter(Boolean).join('. '),
    rules: Object.entries({
      '.title': title,
      '.strong': strong,
      '.rest': rest,
      '.l1': first?.label ?? '',
      '.p1': first?.price ?? '',
      '.l2': second?.label ?? '',
      '.p2': second?.price ?? '',
      '.note': note,
      '.go': action?.label ?? '',
      '.pill .link': action?.short ?? '',
      '.or': t('checkout_or'),
      '.or a': t('checkout_request_more'),
      '.as-of': footer,
      'footer .link': t('checkout_panel'),
    })
      .map(([part, text]) => ruleOf(part, text))
      .join(''),
  };
}
