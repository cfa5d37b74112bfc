// The operator's choices (rules.md section 17) under which a script is played.

export interface Terms {
  /** Purchased credit expires so many ms after it was settled; null for never. */
  purchaseTtl: number | null;
  /** Credit bought by card can be withdrawn so many ms after it was settled. */
  cardHold: number;
}

/** 2026-01-01T00:00:00Z: ms of a script count from here. */
export const START = 1_767_225_600_000;

/** What models cost: micros per million tokens. */
export const PRICES = {
  small: { input: 150_000n, output: 600_000n },
  odd: { input: 333_333n, output: 1n },
  large: { input: 75_000_000n, output: 300_000_000n },
} as const;
export type ModelName = keyof typeof PRICES;

const MINUTE = 60_000;
export const USUAL_TERMS: Terms = { purchaseTtl: null, cardHold: 0 };
/** Short enough to be met in a short script. */
export const STRICT_TERMS: Terms = { purchaseTtl: 40 * MINUTE, cardHold: 12 * MINUTE };

/** One script in four is played under strict terms. */
export function termsOf(seed: number): Terms {
  return seed % 4 === 0 ? STRICT_TERMS : USUAL_TERMS;
}
