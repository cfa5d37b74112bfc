// A cluster that costs more than there is: it waits unpaid, its owner tops up within the grace window, it runs.
import { type Micros, MICROS_PER_CREDIT, readBalance } from '../../../shared/money.ts';
import { DAY, HOUR, SECOND } from '../../../shared/time.ts';
import { courseOf, hourlyOf } from './clusters.ts';
import { dice } from './dice.ts';
import { purchaseSteps } from './money.ts';
import type { Plot, Step } from './story.ts';

const DEVICE = { type: 'vm', device: 'H100', quantity: 8 } as const;
/** By so much at least it is more than there is, the allowance included. */
const BEYOND: Micros = 40n * MICROS_PER_CREDIT;
const STEP: Micros = 50n * MICROS_PER_CREDIT;
const MOST_HOURS = 24n;

const isStretch = (day: number) => day % 33 === 19;

export function stretchSteps(plot: Plot, day: number): Step[] {
  const hourly = hourlyOf(plot, DEVICE.type, DEVICE.device);
  if (hourly === null || !isStretch(day)) return [];
  const name = `finetune-${day}`;
  const begin = day * DAY + 12 * HOUR;
  const an_hour = hourly * BigInt(DEVICE.quantity);
  const create: Step = {
    life: begin,
    name: `${name}/create`,
    role: 'owner',
    act: async ({ available, idOf }) => {
      const wanted = ((await available()) + BEYOND) / an_hour + 1n;
      const hours = Number(wanted < 4n ? 4n : wanted > MOST_HOURS ? MOST_HOURS : wanted);
      const id = idOf(`${name}/create`, begin);
      return { kind: 'deployment.create', id, name, ...DEVICE, hours, hourly };
    },
  };
  const topUp = purchaseSteps(
    plot,
    `${name}/top-up`,
    begin + 90 * SECOND,
    'usdc',
    async ({ answerTo }) => {
      const shortfall = (await answerTo(create.name))?.['shortfall'];
      // Nothing is short when its owner had more than anybody thought.
      return typeof shortfall === 'string' ? (readBalance(shortfall) / STEP + 2n) * STEP : null;
    },
    70 * SECOND,
  );
  // It is provisioned once it is paid for; its owner ends it early.
  const course = courseOf(
    name,
    begin + 3 * 60 * SECOND,
    4,
    { ends: 1, extends: 0 },
    dice(plot.seed, name),
    begin,
  );
  return [create, ...topUp, ...course];
}
