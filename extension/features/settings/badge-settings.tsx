// How often the number at the toolbar button is brought up to date while nothing is open.
import { useState } from 'preact/hooks';
import type { SettingsLocale } from '../../locales/settings.ts';
import { type Preferences, SYNC_MINUTES } from '../../view/preferences.ts';

interface Props {
  locale: SettingsLocale;
  initial: Preferences;
  save: (preferences: Preferences) => Promise<void>;
}

export function BadgeSettings({ locale: { t }, initial, save }: Props) {
  const [chosen, setChosen] = useState(initial.sync_minutes);
  return (
    <section class="sec" aria-labelledby="badge">
      <h2 id="badge">{t('preferences.title')}</h2>
      <div class="field">
        <label for="sync_minutes">{t('preferences.sync_minutes')}</label>
        <select
          id="sync_minutes"
          name="sync_minutes"
          value={chosen}
          aria-describedby="sync_minutes-hint"
          onChange={(event) => {
            const minutes = SYNC_MINUTES.find((choice) => String(choice) === event.currentTarget.value);
            if (minutes === undefined) return;
            setChosen(minutes);
            void save({ ...initial, sync_minutes: minutes });
          }}
        >
          {SYNC_MINUTES.map((minutes) => (
            <option key={minutes} value={minutes}>
              {minutes === 1
                ? t('preferences.every_minute')
                : t('preferences.every_minutes', { count: String(minutes) })}
            </option>
          ))}
        </select>
        <p class="s t2" id="sync_minutes-hint">
          {t('preferences.hint')}
        </p>
      </div>
    </section>
  );
}
