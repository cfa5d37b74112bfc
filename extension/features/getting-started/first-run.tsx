// What a device without an account shows: what will stand here, and the one step.
import { momentsLocale } from '../../locales/moments.ts';
import type { Language } from '../../locales/text.ts';
import { Button } from '../../ui/button.tsx';
import { Mark } from '../../ui/mark.tsx';
import css from './first-run.module.css';

export function FirstRun({ language, openSettings }: { language: Language; openSettings: () => void }) {
  const { t } = momentsLocale(language);
  return (
    <main class={css.first}>
      <Mark size={48} />
      <h1>{t('first_run.title')}</h1>
      <p>{t('first_run.text')}</p>
      <Button kind="primary" onClick={openSettings}>
        {t('first_run.button')}
      </Button>
    </main>
  );
}
