// The texts of the toolbar button: few, so that the background worker carries every language.
import { toolbar as german } from './de/toolbar.ts';
import { toolbar as english, type ToolbarKey } from './en/toolbar.ts';
import { languageOf, type Locale, localeOf } from './text.ts';

export type ToolbarLocale = Locale<ToolbarKey>;

/** The texts for a browser's language tag. */
export function toolbarLocale(tag: string): ToolbarLocale {
  const language = languageOf(tag);
  return localeOf(language, language === 'de' ? german : english);
}
