// A whole life in order: the stories of each day, merged by the moments of their steps.
import { DAY, type Ms, SECOND } from '../../../shared/time.ts';
import { MICROS_PER_CREDIT } from '../../../shared/money.ts';
import { clusterSteps } from './clusters.ts';
import { burstStep, inferenceSteps } from './inference.ts';
import { moneySteps, purchaseSteps } from './money.ts';
import { personSteps } from './person.ts';
import type { Plot, Step } from './story.ts';
import { stretchSteps } from './stretch.ts';

function burst(plot: Plot, day: number): Step[] {
  const job = burstStep(plot, day);
  if (!job) return [];
  // Its owner sees the notice, and pays within the grace window.
  const amount = 200n * MICROS_PER_CREDIT;
  return [
    job,
    ...purchaseSteps(plot, `${job.name}/top-up`, job.life + 100 * SECOND, 'card', () => amount, 80 * SECOND),
  ];
}

function stepsOfDay(plot: Plot, day: number): Step[] {
  return [
    ...personSteps(plot, day),
    ...moneySteps(plot, day),
    ...clusterSteps(plot, day),
    ...stretchSteps(plot, day),
    ...inferenceSteps(plot, day),
    ...burst(plot, day),
  ];
}

const inOrder = (a: Step, b: Step) => a.life - b.life || (a.name < b.name ? -1 : 1);

/** The steps of all stories that begin on `day` or later, in order, without end. */
export function* stepsFrom(plot: Plot, day: number): Generator<Step, never> {
  let ahead: Step[] = [];
  for (let today = day; ; today += 1) {
    const known = [...ahead, ...stepsOfDay(plot, today)].sort(inOrder);
    const end: Ms = (today + 1) * DAY;
    yield* known.filter(({ life }) => life < end);
    ahead = known.filter(({ life }) => life >= end);
  }
}
