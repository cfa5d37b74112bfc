// The connection section of the settings: who is signed in where, or the form that signs in.
import { useState } from 'preact/hooks';
import type { SettingsLocale } from '../../locales/settings.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { Section } from '../../ui/section.tsx';
import type { ConnectError, ConnectRequest, ForgetAnswer } from '../../view/messages.ts';
import type { Snapshot } from '../../view/snapshot.ts';
import { SyncLine } from '../sync-state/sync-line.tsx';
import { ConnectForm } from './connect-form.tsx';
import css from './settings-page.module.css';

interface Props {
  snapshot: Snapshot | null;
  now: number;
  locale: SettingsLocale;
  initial: { server: string; device_name: string };
  connect: (request: ConnectRequest) => Promise<ConnectError | null>;
  /** Without force it answers what would be lost, and does nothing then. */
  signOut: (force: boolean) => Promise<ForgetAnswer>;
}

export function Connection({ snapshot, now, locale, initial, connect, signOut }: Props) {
  const { t } = locale;
  const signedIn = snapshot !== null && snapshot.connection !== 'signed_out';
  return (
    <Section title={t('connect.title')}>
      {signedIn ? (
        <SignedIn snapshot={snapshot} now={now} locale={locale} signOut={signOut} />
      ) : (
        <>
          {snapshot && (
            <div class={css.step}>
              <Banner title={t('connect.signed_out')} />
            </div>
          )}
          <p class="vh" data-part="connection" role="status">
            {t('connect.not_connected')}
          </p>
          <ConnectForm
            locale={locale}
            initial={initial}
            waiting={snapshot?.waiting ?? 0}
            name={snapshot?.account.name ?? ''}
            connect={connect}
          />
        </>
      )}
    </Section>
  );
}

function SignedIn({
  snapshot,
  now,
  locale,
  signOut,
}: Pick<Props, 'now' | 'locale' | 'signOut'> & { snapshot: Snapshot }) {
  const { t } = locale;
  const [waiting, setWaiting] = useState(false);
  const [lost, setLost] = useState(0);
  const { name, server, device_name } = snapshot.account;
  const leave = (force: boolean) => {
    setWaiting(true);
    setLost(0);
    // When it is done the snapshot takes this section away.
    void signOut(force)
      .then((answer) => setLost(force ? 0 : answer.waiting))
      .catch(() => {})
      .finally(() => setWaiting(false));
  };
  return (
    <>
      <div class={css.account}>
        <p data-part="connection" role="status">
          {name ? t('connect.connected', { name }) : t('connect.connected_unnamed')}
        </p>
        <SyncLine snapshot={snapshot} now={now} locale={locale} />
      </div>
      <p class={`s t2 ${css.where}`}>
        {server} · {device_name}
      </p>
      <Button
        part="sign-out"
        waiting={waiting}
        waitingLabel={t('connect.sign_out_waiting')}
        onClick={() => leave(false)}
      >
        {t('connect.sign_out')}
      </Button>
      <p class={`s t2 ${css.hint}`}>{t('connect.sign_out_hint')}</p>
      {lost > 0 && (
        <ConfirmDialog
          title={
            lost === 1 ? t('connect.sign_out_lost_one') : t('connect.sign_out_lost', { count: String(lost) })
          }
          text={t('connect.sign_out_lost_text')}
          confirm={t('connect.sign_out_anyway')}
          cancel={t('connect.stay')}
          danger
          onConfirm={() => leave(true)}
          onClose={() => setLost(0)}
          part="sign-out-dialog"
        />
      )}
    </>
  );
}
