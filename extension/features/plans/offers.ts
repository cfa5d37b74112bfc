// The plans on offer, as the server tells them: asked for when the tab opens, kept so that they stand there offline.
import { useEffect, useState } from 'preact/hooks';
import * as v from 'valibot';
import { send } from '../../view/messages.ts';
import { stored, keep } from '../panel/stored.ts';

const amount = v.pipe(v.string(), v.regex(/^\d{1,13}(\.\d{1,6})?$/));
const word = v.pipe(v.string(), v.maxLength(200));

export const Offer = v.object({
  plan: word,
  title: word,
  cycle: word,
  allowance: amount,
  monthly_credits: v.nullable(amount),
  discount_percent: v.number(),
  features: v.pipe(v.array(word), v.maxLength(20)),
});
export type Offer = v.InferOutput<typeof Offer>;

const Offers = v.pipe(v.array(Offer), v.maxLength(20));
const Answer = v.object({ items: Offers });
const KEY = 'plans';

/** Null while unknown; `failed` when they could not be asked for now (what was known before still stands). */
export function useOffers(): { offers: Offer[] | null; failed: boolean; retry: () => void } {
  const [offers, setOffers] = useState<Offer[] | null>(() => stored(KEY, v.nullable(Offers), null));
  const [failed, setFailed] = useState(false);
  const ask = async () => {
    setFailed(false);
    const answer = await send('remote', 'GET /plans').catch(() => null);
    const read = v.safeParse(Answer, answer?.ok ? answer.body : null);
    if (!read.success) return setFailed(true);
    keep(KEY, read.output.items);
    setOffers(read.output.items);
  };
  useEffect(() => void ask(), []);
  return { offers, failed, retry: () => void ask() };
}
