// How money comes into the simulated account and leaves it: purchases, gifts, withdrawals.
import { type Micros, MICROS_PER_CREDIT, readBalance } from '../../../shared/money.ts';
import type { PayMethod } from '../../../shared/fees.ts';
import { DAY, HOUR, MINUTE, type Ms, SECOND } from '../../../shared/time.ts';
import { dice } from './dice.ts';
import { DEMO_WALLET } from './person.ts';
import type { Plot, Role, Scene, Step } from './story.ts';

const credits = (whole: number): Micros => BigInt(whole) * MICROS_PER_CREDIT;

/** Under this the owner buys more, when looking. */
const LOW = credits(130);
const LOOKS: readonly Ms[] = [7 * HOUR + 10 * MINUTE, 17 * HOUR + 40 * MINUTE];
const PROVIDER = 'spherepay';
const DECLINED = 0.06;

async function textOf({ answerTo }: Scene, name: string, field: string): Promise<string | null> {
  const value = (await answerTo(name))?.[field];
  return typeof value === 'string' ? value : null;
}

/** A purchase and what its provider says of it. `amount` answers null when nothing is bought after all. */
export function purchaseSteps(
  plot: Plot,
  name: string,
  life: Ms,
  method: PayMethod,
  amount: (scene: Scene) => Micros | null | Promise<Micros | null>,
  paysAfter: Ms = dice(plot.seed, `${name}/pays`).whole(60, 180) * SECOND,
): Step[] {
  const start: Step = {
    life,
    name: `${name}/buy`,
    role: 'owner',
    act: async (scene) => {
      const wanted = await amount(scene);
      return wanted === null ? null : { kind: 'purchase.start', amount: wanted, method };
    },
  };
  const pay: Step = {
    life: life + paysAfter,
    name: `${name}/pay`,
    role: 'system',
    act: async (scene) => {
      const purchase_id = await textOf(scene, start.name, 'id');
      const total = await textOf(scene, start.name, 'total');
      if (purchase_id === null || total === null) return null;
      const payment = { purchase_id, payment_id: `pay-${purchase_id}`, provider: PROVIDER };
      return { kind: 'payment.succeeded', ...payment, amount: readBalance(total) };
    },
  };
  return [start, pay];
}

/** A card that is declined; its owner tries again with another way to pay. */
function declined(
  plot: Plot,
  name: string,
  life: Ms,
  amount: (scene: Scene) => Promise<Micros | null>,
): Step[] {
  const [start, pay] = purchaseSteps(plot, `${name}/declined`, life, 'card', amount);
  if (!start || !pay) return [];
  const fail: Step = {
    ...pay,
    act: async (scene) => {
      const purchase_id = await textOf(scene, start.name, 'id');
      if (purchase_id === null) return null;
      return { kind: 'payment.failed', purchase_id, payment_id: `pay-${purchase_id}`, provider: PROVIDER };
    },
  };
  return [start, fail, ...purchaseSteps(plot, name, life + 9 * MINUTE, 'usdc', amount)];
}

/** The owner looks at the balance twice a day, and buys when it is low. */
function looks(plot: Plot, day: number): Step[] {
  return LOOKS.flatMap((from, index) => {
    const name = `top-up-${day}-${index}`;
    const chance = dice(plot.seed, name);
    const size = credits(chance.pick([150, 150, 200, 250]));
    const amount = async ({ available }: Scene) => ((await available()) < LOW ? size : null);
    const life = day * DAY + from + chance.whole(0, 30) * MINUTE;
    // Now and then a card is declined, and once a month it surely is.
    if (index === 1 && day % 30 === 13) return declined(plot, name, life, async () => size);
    if (chance.chance(DECLINED)) return declined(plot, name, life, amount);
    return purchaseSteps(plot, name, life, chance.pick(['card', 'usdc', 'io_coin']), amount);
  });
}

function gift(day: number, amount: number, days: number, services?: ['inference']): Step {
  const name = `gift-${day}`;
  return {
    life: day * DAY + 10 * HOUR,
    name,
    role: 'finance',
    act: ({ at }) => ({
      kind: 'grant',
      id: name,
      amount: credits(amount),
      source: 'promo',
      expires_at: at + days * DAY,
      ...(services && { services }),
    }),
  };
}

/** Gifts by the day they come: how much, for how many days, for what. */
function gifts(day: number): Step[] {
  if (day === 0) return [gift(day, 10, 30)];
  if (day % 50 === 34) return [gift(day, 12, 14, ['inference'])];
  return day % 30 === 27 && day > 80 ? [gift(day, 15, 10, ['inference'])] : [];
}

function withdrawal(day: number, amount: number, fate: 'paid' | 'rejected'): Step[] {
  const name = `withdrawal-${day}`;
  const begin = day * DAY + 10 * HOUR;
  const request: Step = {
    life: begin,
    name: `${name}/request`,
    role: 'owner',
    act: () => ({ kind: 'withdrawal.request', amount: credits(amount), wallet_address: DEMO_WALLET }),
  };
  const then = (
    step: 'approve' | 'second' | 'reject' | 'send' | 'paid',
    after: Ms,
    role: Role = 'finance',
  ): Step => ({
    life: begin + after,
    name: `${name}/${step}`,
    role,
    act: async (scene) => {
      const id = await textOf(scene, request.name, 'id');
      if (id === null) return null;
      if (step === 'reject')
        return { kind: 'withdrawal.reject', id, reason: 'The wallet could not be verified.' };
      if (step === 'paid') {
        return { kind: 'withdrawal.paid', id, tx_url: `https://solscan.io/tx/${scene.idOf(name, begin)}` };
      }
      return { kind: `withdrawal.${step === 'second' ? 'approve' : step}`, id };
    },
  });
  const review = 26 * HOUR;
  if (fate === 'rejected') return [request, then('reject', review)];
  const isLarge = amount >= 1000;
  const second = isLarge ? [then('second', LARGE_REVIEW, 'second')] : [];
  const sent = (isLarge ? LARGE_REVIEW : review) + 2 * HOUR;
  return [request, then('approve', review), ...second, then('send', sent), then('paid', sent + 2 * HOUR)];
}

/** A large withdrawal waits so long for its second approval. */
const LARGE_REVIEW = 8 * DAY;

/** Withdrawals, and the purchases that make them possible; every 30 days from the 84th on a large one, long under review. */
function withdrawals(plot: Plot, day: number): Step[] {
  const buys = (size: number) =>
    purchaseSteps(plot, `reserve-${day}`, day * DAY + 9 * HOUR, 'usdc', () => credits(size));
  if (day === 40) return [...buys(250), ...withdrawal(day, 120, 'paid')];
  if (day === 61) return [...buys(120), ...withdrawal(day, 60, 'rejected')];
  if (day % 30 === 20 && day > 60) return buys(1200);
  return day % 30 === 24 && day > 60 ? withdrawal(day, 1000, 'paid') : [];
}

/** All money of a day that comes without a cluster's need. */
export function moneySteps(plot: Plot, day: number): Step[] {
  const first =
    day === 0 ? purchaseSteps(plot, 'first-purchase', 9 * HOUR + 5 * MINUTE, 'card', () => credits(250)) : [];
  return [...first, ...gifts(day), ...withdrawals(plot, day), ...(day === 0 ? [] : looks(plot, day))];
}
