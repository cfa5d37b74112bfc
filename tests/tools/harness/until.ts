// Waits for something that no event announces, with a deadline and the last reason in the error.

const STEP_MS = 50;
/** Long enough for a machine that does much else: whoever waits is done as soon as it is true. */
export const PATIENCE_MS = 20_000;

/** Asks again until `ask` answers something true; throws with what was seen last when `ms` are over. */
export async function until<T>(
  what: string,
  ask: () => Promise<T> | T,
  ms = PATIENCE_MS,
  stepMs = STEP_MS,
): Promise<NonNullable<T>> {
  const deadline = performance.now() + ms;
  let last: unknown;
  do {
    try {
      const value = await ask();
      if (value) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, stepMs));
  } while (performance.now() < deadline);
  throw new Error(`After ${ms} ms still not: ${what}. Last seen: ${String(last)}`, { cause: last });
}
