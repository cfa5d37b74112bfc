// Calls of the simulated account to IO Intelligence: more by day than by night, less at the weekend, over all models.
import { MICROS_PER_CENT, MICROS_PER_CREDIT, type Micros } from '../../../shared/money.ts';
import { DAY, HOUR, MINUTE, type Ms } from '../../../shared/time.ts';
import type { ModelPrice } from '../catalogue.ts';
import { dice } from './dice.ts';
import type { Plot, Scene, Step } from './story.ts';

const BPS = 10_000n;
const PER = 1_000_000n;
/** Tokens read for each one written. */
const READ = 3n;
/** How often each model of the catalogue is called, in its order. */
const WEIGHTS = [8, 2, 6, 5, 4];
/** What an hour's calls may cost, in cents. */
const CENTS: readonly [number, number] = [1, 5];
const PORTIONS = 20;
/** A gateway reports what is over; its calls of an hour are in by then. */
const REPORTED_AFTER: Ms = 35 * MINUTE;

const isDay = (hour: number) => hour % 24 >= 7 && hour % 24 < 22;
/** The life's first day counts as a Thursday: so the day on which its past ends is none of a weekend. */
const isWeekend = (hour: number) => (Math.floor(hour / 24) + 3) % 7 >= 5;

/** As many tokens as cost about so much at a price. */
function tokensFor(cost: Micros, { input, output }: Pick<ModelPrice, 'input' | 'output'>) {
  const written = (cost * PER) / (READ * input + output);
  return { input_tokens: Number(written * READ), output_tokens: Number(written) };
}

/** The usage of one model, priced as the account's plan says; only a live account may have changed its plan. */
export async function usageOf(scene: Scene, id: string, price: ModelPrice, cost: Micros) {
  const part = BPS - (await scene.discount());
  const rate = { input: (price.input * part) / BPS, output: (price.output * part) / BPS };
  return { kind: 'usage', id, model: price.model, ...tokensFor(cost, price), rate, at: scene.at } as const;
}

/** All calls of a day of the life: hourly sums where the past is written, small portions where it is watched. */
export function inferenceSteps(plot: Plot, day: number): Step[] {
  const { models } = plot.catalogue;
  const called = models.flatMap((price, index) => Array.from({ length: WEIGHTS[index] ?? 1 }, () => price));
  if (called.length === 0) return [];
  return Array.from({ length: 24 }, (_, index) => day * 24 + index).flatMap((hour) => {
    const chance = dice(plot.seed, `inference ${hour}`);
    const cost = BigInt(chance.whole(...CENTS)) * MICROS_PER_CENT;
    const price = chance.pick(called);
    const quiet = !isDay(hour) || isWeekend(hour);
    const sum = reported(hour, price, cost);
    const isKept = chance.chance(quiet ? 0.25 : 1) && !plot.isLive(sum.life);
    return [...(isKept ? [sum] : []), ...portions(plot, hour, called)];
  });
}

function reported(hour: number, price: ModelPrice, cost: Micros): Step {
  const name = `calls-${hour}`;
  const rate = { input: price.input, output: price.output };
  return {
    life: hour * HOUR + REPORTED_AFTER,
    name,
    role: 'gateway',
    act: ({ at }) => ({ kind: 'usage', id: name, model: price.model, ...tokensFor(cost, price), rate, at }),
  };
}

function portions(plot: Plot, hour: number, called: readonly ModelPrice[]): Step[] {
  const begin = hour * HOUR;
  if (!plot.isLive(begin) && !plot.isLive(begin + HOUR)) return [];
  return Array.from({ length: PORTIONS }, (_, index): Step => {
    const name = `calls-${hour}-${index}`;
    const chance = dice(plot.seed, name);
    const cost = BigInt(chance.whole(10, 40)) * (MICROS_PER_CENT / 100n);
    const price = chance.pick(called);
    return {
      life: begin + index * (HOUR / PORTIONS) + chance.whole(0, MINUTE),
      name,
      role: 'gateway',
      act: (scene) => usageOf(scene, name, price, cost),
    };
  }).filter(({ life }) => plot.isLive(life));
}

/** Days whose calls are one great job that nobody thought of: it costs more than there is. */
const isBurst = (day: number) => day % 35 === 31;

/** So far below zero it goes, and only from less than so much. */
const BELOW = 5n * MICROS_PER_CREDIT;
const MOST = 600n * MICROS_PER_CREDIT;

/** The great job of a day: it goes a little below zero, within the allowance. */
export function burstStep({ catalogue }: Plot, day: number): Step | null {
  const price = catalogue.models.toSorted((a, b) => Number(b.output - a.output))[0];
  if (!price || !isBurst(day)) return null;
  const name = `great-job-${day}`;
  return {
    life: day * DAY + 14 * HOUR,
    name,
    role: 'gateway',
    act: async (scene) => {
      const free = await scene.available();
      const isSmall = free > 0n && free < MOST;
      return isSmall ? usageOf(scene, name, price, free + BELOW) : null;
    },
  };
}
