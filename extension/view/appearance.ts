// How a person wants every page to look: theme and language. Kept apart from the preferences, since the first paint
// waits for it and must not carry a schema library.
import type { Areas } from './areas.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export const LANGUAGES = ['system', 'en', 'de'] as const;

export interface Appearance {
  theme: (typeof THEMES)[number];
  language: (typeof LANGUAGES)[number];
}

export const APPEARANCE_KEY = 'appearance';

/** What does not read as a choice is the system's. */
export function parseAppearance(stored: unknown): Appearance {
  const { theme, language } = Object(stored);
  return {
    theme: THEMES.find((each) => each === theme) ?? 'system',
    language: LANGUAGES.find((each) => each === language) ?? 'system',
  };
}

export async function readAppearance(areas: Pick<Areas, 'local'>): Promise<Appearance> {
  return parseAppearance((await areas.local.get(APPEARANCE_KEY))[APPEARANCE_KEY]);
}

/** The language tag that a page speaks: the person's choice, else the browser's. */
export function tagOf({ language }: Appearance): string {
  return language === 'system' ? navigator.language : language;
}

/** Sets the theme on the page; the tokens do the rest. */
export function applyTheme({ theme }: Appearance, root: HTMLElement): void {
  if (theme === 'system') delete root.dataset['theme'];
  else root.dataset['theme'] = theme;
}
