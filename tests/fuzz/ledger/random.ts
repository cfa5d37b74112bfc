// Seeded choices: the same seed tells the same story on every machine.

export interface Random {
  /** Integer in 0..below-1. */
  below(below: number): number;
  /** True in `percent` of 100 cases. */
  percent(percent: number): boolean;
  /** One of them; the list must not be empty. */
  pick<T>(from: readonly T[]): T;
  /** One of them by weight. */
  weighted<T>(from: readonly (readonly [weight: number, value: T])[]): T;
}

/** SplitMix32: small, and good enough to choose with. */
export function random(seed: number): Random {
  let state = seed | 0;
  const below = (limit: number) => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return Math.floor((((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32) * limit);
  };
  const pick = <T>(from: readonly T[]): T => {
    const chosen = from[below(from.length)];
    if (chosen === undefined) throw new Error('nothing to pick from');
    return chosen;
  };
  return {
    below,
    pick,
    percent: (percent) => below(100) < percent,
    weighted: (from) => {
      let rest = below(from.reduce((sum, [weight]) => sum + weight, 0));
      for (const [weight, value] of from) {
        if (rest < weight) return value;
        rest -= weight;
      }
      throw new Error('weights are whole numbers above zero');
    },
  };
}
