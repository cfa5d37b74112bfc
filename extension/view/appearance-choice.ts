// How the choice of theme and language is kept and followed; what every first paint needs of it stands in appearance.ts.
import { type Appearance, APPEARANCE_KEY, parseAppearance } from './appearance.ts';
import type { Areas } from './areas.ts';

export async function writeAppearance(areas: Pick<Areas, 'local'>, appearance: Appearance): Promise<void> {
  await areas.local.set({ [APPEARANCE_KEY]: appearance });
}

/** Calls `listener` after each change, until `signal` aborts. */
export function watchAppearance(
  areas: Pick<Areas, 'local'>,
  listener: (appearance: Appearance) => void,
  signal: AbortSignal,
): void {
  const onChanged = (changes: Record<string, { newValue?: unknown }>) => {
    if (changes[APPEARANCE_KEY]) listener(parseAppearance(changes[APPEARANCE_KEY].newValue));
  };
  areas.local.onChanged.addListener(onChanged);
  signal.addEventListener('abort', () => areas.local.onChanged.removeListener(onChanged));
}
