// Which notifications the browser shows. It is asked for its permission when the first one is switched on, never before.
import { useState } from 'preact/hooks';
import type { SettingsLocale } from '../../locales/settings.ts';
import { Banner } from '../../ui/banner.tsx';
import { Switch } from '../../ui/choice.tsx';
import { Section } from '../../ui/section.tsx';
import { NOTIFY_TOPICS, type NotifyTopic, type Preferences } from '../../view/preferences.ts';
import css from './settings-page.module.css';

interface Props {
  locale: SettingsLocale;
  preferences: Preferences;
  change: (part: Partial<Preferences>) => void;
  /** Asks the browser; true when it allows notifications. */
  allow: () => Promise<boolean>;
}

export function NotifySettings({ locale: { t }, preferences: { notify }, change, allow }: Props) {
  const [isDenied, setDenied] = useState(false);
  const turn = async (topic: NotifyTopic, on: boolean) => {
    const others = notify.filter((each) => each !== topic);
    const allowed = !on || (await allow());
    setDenied(!allowed);
    change({ notify: on && allowed ? [...others, topic] : others });
  };
  return (
    <Section title={t('notify.title')} part="notify">
      <p class={`s t2 ${css.hint}`}>{t('notify.hint')}</p>
      {isDenied && (
        <div class={css.step}>
          <Banner title={t('notify.denied')} role="alert" />
        </div>
      )}
      <div class={css.switches}>
        {NOTIFY_TOPICS.map((topic) => (
          <Switch
            key={`${topic} ${notify.includes(topic)}`}
            name={`notify-${topic}`}
            label={t(`notify.${topic}`)}
            checked={notify.includes(topic)}
            onChange={(on) => void turn(topic, on)}
          />
        ))}
      </div>
    </Section>
  );
}
