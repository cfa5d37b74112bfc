// Theme and language of every page of the extension.
import { useState } from 'preact/hooks';
import type { SettingsLocale } from '../../locales/settings.ts';
import { Section } from '../../ui/section.tsx';
import { Select } from '../../ui/select.tsx';
import { type Appearance, LANGUAGES, THEMES } from '../../view/appearance.ts';
import css from './settings-page.module.css';

interface Props {
  locale: SettingsLocale;
  initial: Appearance;
  save: (appearance: Appearance) => Promise<void>;
}

export function AppearanceSettings({ locale: { t }, initial, save }: Props) {
  const [chosen, setChosen] = useState(initial);
  const choose = (part: Partial<Appearance>) => {
    const next = { ...chosen, ...part };
    setChosen(next);
    void save(next);
  };
  return (
    <Section title={t('appearance.title')} part="appearance">
      <div class={css.fields}>
        <div class={css.short}>
          <Select
            name="theme"
            label={t('appearance.theme')}
            options={THEMES.map((value) => ({ value, label: t(`appearance.theme.${value}`) }))}
            value={chosen.theme}
            onSelect={(theme) => choose({ theme })}
          />
        </div>
        <div class={css.short}>
          <Select
            name="language"
            label={t('appearance.language')}
            hint={t('appearance.language_hint')}
            options={LANGUAGES.map((value) => ({ value, label: t(`appearance.language.${value}`) }))}
            value={chosen.language}
            onSelect={(language) => choose({ language })}
          />
        </div>
      </div>
    </Section>
  );
}
