// Removes all that this browser keeps, after one question. What was not sent yet is named before it is lost.
import { useState } from 'preact/hooks';
import type { SettingsLocale } from '../../locales/settings.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { Section } from '../../ui/section.tsx';
import type { ForgetAnswer } from '../../view/messages.ts';
import css from './settings-page.module.css';

interface Props {
  locale: SettingsLocale;
  /** Without force it answers what would be lost, and does nothing then. */
  wipe: (force: boolean) => Promise<ForgetAnswer>;
}

export function Wipe({ locale: { t }, wipe }: Props) {
  const [asked, setAsked] = useState(false);
  const [lost, setLost] = useState(0);
  const [failed, setFailed] = useState(false);
  const close = () => {
    setAsked(false);
    setLost(0);
  };
  const run = async () => {
    try {
      const { waiting } = await wipe(lost > 0);
      if (waiting > 0 && lost === 0) return setLost(waiting);
    } catch {
      setFailed(true);
    }
    close();
  };
  return (
    <Section title={t('wipe.title')} part="wipe">
      <p class={`s t2 ${css.hint}`}>{t('wipe.text')}</p>
      {failed && (
        <div class={css.step}>
          <Banner tone="bad" role="alert" title={t('wipe.failed')} />
        </div>
      )}
      <div class={css.step}>
        <Button kind="danger" popup="dialog" part="wipe-button" onClick={() => setAsked(true)}>
          {t('wipe.button')}
        </Button>
      </div>
      {asked && (
        <ConfirmDialog
          title={t('wipe.confirm')}
          text={lost > 0 ? t('wipe.lost', { count: String(lost) }) : t('wipe.confirm_text')}
          confirm={t('wipe.do')}
          cancel={t('wipe.keep')}
          danger
          onConfirm={() => void run()}
          onClose={close}
          part="wipe-dialog"
        />
      )}
    </Section>
  );
}
