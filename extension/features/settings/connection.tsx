// The connection section of the settings: who is signed in where, or the form that signs in.
import { useState } from 'preact/hooks';
import type { SettingsLocale } from '../../locales/settings.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import type { ConnectError, ConnectRequest } from '../../view/messages.ts';
import type { Snapshot } from '../../view/snapshot.ts';
import { SyncLine } from '../sync-state/sync-line.tsx';
import { ConnectForm } from './connect-form.tsx';

interface Props {
  snapshot: Snapshot | null;
  now: number;
  locale: SettingsLocale;
  initial: { server: string; device_name: string };
  connect: (request: ConnectRequest) => Promise<ConnectError | null>;
  signOut: () => Promise<void>;
}

export function Connection({ snapshot, now, locale, initial, connect, signOut }: Props) {
  const { t } = locale;
  const signedIn = snapshot !== null && snapshot.connection !== 'signed_out';
  return (
    <section class="sec" aria-labelledby="connection">
      <h2 id="connection">{t('connect.title')}</h2>
      {signedIn ? (
        <SignedIn snapshot={snapshot} now={now} locale={locale} signOut={signOut} />
      ) : (
        <>
          {snapshot && <Banner title={t('connect.signed_out')} />}
          <p class="vh" data-part="connection" role="status">
            {t('connect.not_connected')}
          </p>
          <ConnectForm locale={locale} initial={initial} connect={connect} />
        </>
      )}
    </section>
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
  const { name, server, device_name } = snapshot.account;
  return (
    <>
      <div class="account">
        <p data-part="connection" role="status">
          {name ? t('connect.connected', { name }) : t('connect.connected_unnamed')}
        </p>
        <SyncLine snapshot={snapshot} now={now} locale={locale} />
      </div>
      <p class="s t2 where">
        {server} · {device_name}
      </p>
      <Button
        part="sign-out"
        waiting={waiting}
        waitingLabel={t('connect.sign_out_waiting')}
        onClick={() => {
          setWaiting(true);
          void signOut().catch(() => setWaiting(false));
        }}
      >
        {t('connect.sign_out')}
      </Button>
      <p class="s t2 hint">{t('connect.sign_out_hint')}</p>
    </>
  );
}
