// What stands on the toolbar button, and how often it is brought up to date while nothing is open.
import type { SettingsLocale } from '../../locales/settings.ts';
import { Section } from '../../ui/section.tsx';
import { Select } from '../../ui/select.tsx';
import { BADGE_MODES, type Preferences, SYNC_MINUTES } from '../../view/preferences.ts';
import css from './settings-page.module.css';

interface Props {
  locale: SettingsLocale;
  preferences: Preferences;
  change: (part: Partial<Preferences>) => void;
}

export function BadgeSettings({ locale: { t }, preferences, change }: Props) {
  return (
    <Section title={t('preferences.title')} part="badge">
      <div class={css.fields}>
        <div class={css.short}>
          <Select
            name="badge"
            label={t('preferences.badge')}
            options={BADGE_MODES.map((value) => ({ value, label: t(`preferences.badge.${value}`) }))}
            value={preferences.badge}
            onSelect={(badge) => change({ badge })}
          />
        </div>
        <div class={css.short}>
          <Select
            name="sync_minutes"
            label={t('preferences.sync_minutes')}
            hint={t('preferences.hint')}
            options={SYNC_MINUTES.map((minutes) => ({
              value: String(minutes),
              label:
                minutes === 1
                  ? t('preferences.every_minute')
                  : t('preferences.every_minutes', { count: String(minutes) }),
            }))}
            value={String(preferences.sync_minutes)}
            onSelect={(value) => {
              const sync_minutes = SYNC_MINUTES.find((minutes) => String(minutes) === value);
              if (sync_minutes !== undefined) change({ sync_minutes });
            }}
          />
        </div>
      </div>
    </Section>
  );
}
