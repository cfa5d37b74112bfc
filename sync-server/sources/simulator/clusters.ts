// Clusters of the simulated account: what it always runs, what it runs now and then, and how each of them goes.
import type { ClusterType } from '../../../shared/clusters.ts';
import type { Micros } from '../../../shared/money.ts';
import { DAY, HOUR, MINUTE, type Ms, SECOND } from '../../../shared/time.ts';
import { type Dice, dice } from './dice.ts';
import type { Plot, Scene, Step } from './story.ts';

/** One kind of work that comes back every `every` ms, at `from` ms after its turn begins. */
interface Track {
  name: string;
  type: ClusterType;
  device: string;
  quantity: number;
  every: Ms;
  from: Ms;
  hours: [min: number, max: number];
  /** How often its owner ends it early, and books more. */
  ends: number;
  extends: number;
  /** Only where somebody may be watching. */
  liveOnly?: true;
}

const TRACKS: readonly Track[] = [
  {
    name: 'llama-serving',
    type: 'container',
    device: 'RTX 4090',
    quantity: 2,
    every: 7 * DAY,
    from: 9 * HOUR,
    hours: [166, 168],
    ends: 0.05,
    extends: 0,
  },
  {
    name: 'staging',
    type: 'kubernetes',
    device: 'L40S',
    quantity: 1,
    every: 3 * DAY,
    from: 10 * HOUR,
    hours: [48, 60],
    ends: 0.1,
    extends: 0.6,
  },
  {
    name: 'embeddings',
    type: 'container',
    device: 'A6000',
    quantity: 1,
    every: 2 * DAY,
    from: 8 * HOUR,
    hours: [44, 48],
    ends: 0.1,
    extends: 0,
  },
  {
    name: 'train-run',
    type: 'ray',
    device: 'A100',
    quantity: 2,
    every: DAY,
    from: 11 * HOUR,
    hours: [3, 8],
    ends: 0.25,
    extends: 0.2,
  },
  {
    name: 'dev-box',
    type: 'vm',
    device: 'L40S',
    quantity: 1,
    every: DAY,
    from: 7 * HOUR,
    hours: [8, 10],
    ends: 0.6,
    extends: 0.1,
  },
  {
    name: 'eval-sweep',
    type: 'mega-ray',
    device: 'RTX 4090',
    quantity: 8,
    every: 3 * DAY,
    from: 15 * HOUR,
    hours: [2, 4],
    ends: 0.2,
    extends: 0.1,
  },
  {
    name: 'batch-job',
    type: 'ray',
    device: 'RTX 4090',
    quantity: 2,
    every: 12 * HOUR,
    from: 5 * HOUR,
    hours: [1, 2],
    ends: 0.3,
    extends: 0,
  },
  {
    name: 'quick-job',
    type: 'ray',
    device: 'RTX 4090',
    quantity: 1,
    every: 2 * HOUR,
    from: 0,
    hours: [1, 1],
    ends: 0.3,
    extends: 0,
    liveOnly: true,
  },
  {
    name: 'kernel-bench',
    type: 'baremetal',
    device: 'H100',
    quantity: 1,
    every: 5 * DAY,
    from: 13 * HOUR,
    hours: [1, 3],
    ends: 0.3,
    extends: 0,
  },
];

/** Price per device and hour; null for what this server does not sell. */
export function hourlyOf({ catalogue }: Plot, type: ClusterType, device: string): Micros | null {
  return catalogue.devices.find((each) => each.type === type && each.device === device)?.hourly ?? null;
}

/** Why a provider gives up. */
const FAULTS = ['no_capacity', 'image_pull_failed'];
const NEVER_RUNS = 0.03;
const BREAKS = 0.015;
const MAY_VARY: Ms = 40 * MINUTE;

/** All that begins on a day of the life. */
export function clusterSteps(plot: Plot, day: number): Step[] {
  return TRACKS.flatMap((track) => {
    const turns: Step[] = [];
    const first = Math.ceil((day * DAY - track.from) / track.every);
    for (let turn = Math.max(0, first); turn * track.every + track.from < (day + 1) * DAY; turn += 1) {
      turns.push(...turnOf(plot, track, turn));
    }
    return turns;
  });
}

function turnOf(plot: Plot, track: Track, turn: number): Step[] {
  const { type, device, quantity } = track;
  const hourly = hourlyOf(plot, type, device);
  if (hourly === null) return [];
  const chance = dice(plot.seed, `${track.name} ${turn}`);
  const begin = turn * track.every + track.from + chance.whole(0, MAY_VARY);
  if (track.liveOnly && !plot.isLive(begin)) return [];
  const hours = chance.whole(...track.hours);
  const name = `${track.name}-${turn + 1}`;
  const create: Step = {
    life: begin,
    name: `${name}/create`,
    role: 'owner',
    act: ({ idOf }) => ({
      kind: 'deployment.create',
      id: idOf(create.name, begin),
      name,
      type,
      device,
      quantity,
      hours,
      hourly,
    }),
  };
  return [create, ...courseOf(name, begin, hours, track, chance)];
}

/** What becomes of a deployment that was asked for at `asked`, and can be provisioned from `begin` on. */
export function courseOf(
  name: string,
  begin: Ms,
  hours: number,
  { ends, extends: prolongs }: Pick<Track, 'ends' | 'extends'>,
  chance: Dice,
  asked: Ms = begin,
): Step[] {
  const idIn = ({ idOf }: Scene) => idOf(`${name}/create`, asked);
  const said = (life: Ms, status: string, reason?: string): Step => ({
    life,
    name: `${name}/${status}`,
    role: 'provider',
    act: (scene) => ({
      kind: 'deployment.status',
      id: idIn(scene),
      status,
      at: scene.at,
      ...(reason !== undefined && { reason }),
    }),
  });
  const deploying = begin + chance.whole(15, 60) * SECOND;
  const steps = [said(deploying, 'deploying')];
  if (chance.chance(NEVER_RUNS)) {
    return [...steps, said(deploying + 3 * MINUTE, 'failed', chance.pick(FAULTS))];
  }
  const running = deploying + chance.whole(60, 240) * SECOND;
  steps.push(said(running, 'running'));
  const share = chance.whole(15, 85) / 100;
  const middle = running + Math.round(share * hours * HOUR);
  if (chance.chance(BREAKS)) return [...steps, said(middle, 'failed', 'hardware_fault')];

  const stop = (life: Ms, early: boolean): Step[] => {
    const terminated = said(life + chance.whole(30, 90) * SECOND, 'terminated');
    const destroyed = said(life + 10 * MINUTE, 'destroyed');
    const end: Step = {
      life,
      name: `${name}/end`,
      role: 'owner',
      act: (scene) => {
        // At more than the real speed its booked time is not over when this life's is.
        const isOver = !early && scene.at >= scene.wallAt(running) + hours * HOUR;
        return isOver ? null : { kind: 'deployment.end', id: idIn(scene) };
      },
    };
    return chance.chance(0.4) ? [end, terminated, destroyed] : [end, terminated];
  };
  if (chance.chance(ends)) return [...steps, ...stop(middle, true)];
  if (!chance.chance(prolongs)) return [...steps, ...stop(running + hours * HOUR, false)];
  const more = chance.whole(1, Math.max(1, Math.floor(hours / 3)));
  const extend: Step = {
    life: running + hours * HOUR - 25 * MINUTE,
    name: `${name}/extend`,
    role: 'owner',
    act: (scene) => ({ kind: 'deployment.extend', id: idIn(scene), hours: more }),
  };
  return [...steps, extend, ...stop(running + (hours + more) * HOUR, true)];
}
