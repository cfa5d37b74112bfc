// Chance from a seed: the same seed and label always fall the same way, whatever else is asked in between.
import { hash } from 'node:crypto';

export interface Dice {
  /** A whole number from `min` to `max`, both included. */
  whole(min: number, max: number): number;
  chance(of: number): boolean;
  /** @throws Error for an empty list */
  pick<T>(list: readonly T[]): T;
}

const RANGE = 2 ** 48;

/** Dice of their own for each label. */
export function dice(seed: string, label: string): Dice {
  let rolls = 0;
  const roll = () => {
    rolls += 1;
    return hash('sha256', `${seed}\n${label}\n${rolls}`, 'buffer').readUIntBE(0, 6) / RANGE;
  };
  const whole = (min: number, max: number) => min + Math.floor(roll() * (max - min + 1));
  return {
    whole,
    chance: (of) => roll() < of,
    pick(list) {
      const found = list[whole(0, list.length - 1)];
      if (found === undefined) throw new Error('There is nothing to pick from.');
      return found;
    },
  };
}
