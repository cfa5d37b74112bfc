// Signs this device in: a server, an API key, a name for the device. The key leaves this form once and is not kept. What
// would be lost with the account before is named first.
import { useState } from 'preact/hooks';
import type { SettingsLocale } from '../../locales/settings.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import type { ConnectError, ConnectRequest } from '../../view/messages.ts';
import css from './settings-page.module.css';

type Problem = Exclude<ConnectError, 'other_account'> | 'worker';
const ERROR_ID = 'connect-error';
/** Which field a problem is about. */
const ABOUT: Record<Problem, 'server' | 'api_key' | null> = {
  invalid_request: null,
  invalid_server: 'server',
  unreachable: 'server',
  not_a_server: 'server',
  refused: 'api_key',
  no_account: 'api_key',
  unavailable: null,
  worker: null,
};

interface Props {
  locale: SettingsLocale;
  /** What the fields start with. */
  initial: { server: string; device_name: string };
  /** Changes of the account before that have not been sent, and whose it is. */
  waiting: number;
  name: string;
  /** Null when it worked. */
  connect: (request: ConnectRequest) => Promise<ConnectError | null>;
}

export function ConnectForm({ locale: { t }, initial, waiting: unsent, name, connect }: Props) {
  const [waiting, setWaiting] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  /** Asked for, and not done before a person agrees to what is lost. */
  const [asked, setAsked] = useState<ConnectRequest | null>(null);

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (waiting || !(event.currentTarget instanceof HTMLFormElement)) return;
    const fields = new FormData(event.currentTarget);
    const text = (name: string) => {
      const value = fields.get(name);
      return typeof value === 'string' ? value.trim() : '';
    };
    const request = { server: text('server'), api_key: text('api_key'), device_name: text('device_name') };
    if (!request.server || !request.api_key || !request.device_name) return setProblem('invalid_request');
    await run(request);
  };
  const run = async (request: ConnectRequest) => {
    setWaiting(true);
    setProblem(null);
    setAsked(null);
    // On success the snapshot takes this form away; only a failure comes back here.
    const failure = await connect(request).catch(() => 'worker' as const);
    if (failure === 'other_account') setAsked(request);
    else setProblem(failure);
    setWaiting(false);
  };

  const errorFor = (field: 'server' | 'api_key') => (problem && ABOUT[problem] === field ? ERROR_ID : null);
  return (
    <form class={css.form} noValidate onSubmit={(event) => void submit(event)}>
      {problem && <Banner tone="bad" role="alert" id={ERROR_ID} title={t(`connect.error.${problem}`)} />}
      <Field
        name="server"
        label={t('connect.server')}
        hint={t('connect.server_hint')}
        errorId={errorFor('server')}
        autocomplete="url"
        placeholder="https://"
        maxLength={2048}
        defaultValue={initial.server}
      />
      <Field
        name="api_key"
        label={t('connect.api_key')}
        hint={t('connect.api_key_hint')}
        errorId={errorFor('api_key')}
        type="password"
        autocomplete="off"
        maxLength={512}
      />
      <Field
        name="device_name"
        label={t('connect.device_name')}
        errorId={null}
        autocomplete="off"
        maxLength={64}
        defaultValue={initial.device_name}
      />
      <Button type="submit" kind="primary" waiting={waiting} waitingLabel={t('connect.submit_waiting')}>
        {t('connect.submit')}
      </Button>
      {asked && (
        <ConfirmDialog
          title={
            unsent === 1
              ? t('connect.sign_out_lost_one')
              : t('connect.sign_out_lost', { count: String(unsent) })
          }
          text={name ? t('connect.other_text', { name }) : t('connect.other_text_unnamed')}
          confirm={t('connect.other_anyway')}
          cancel={t('connect.other_keep')}
          danger
          onConfirm={() => void run({ ...asked, force: true })}
          onClose={() => setAsked(null)}
          part="other-account-dialog"
        />
      )}
    </form>
  );
}
