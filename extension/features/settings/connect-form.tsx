// Signs this device in: a server, an API key, a name for the device. The key leaves this form once and is not kept.
import { useState } from 'preact/hooks';
import type { SettingsLocale } from '../../locales/settings.ts';
import { Field } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import type { ConnectError, ConnectRequest } from '../../view/messages.ts';

type Problem = ConnectError | 'worker';
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
  /** Null when it worked. */
  connect: (request: ConnectRequest) => Promise<ConnectError | null>;
}

export function ConnectForm({ locale: { t }, initial, connect }: Props) {
  const [waiting, setWaiting] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

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
    setWaiting(true);
    setProblem(null);
    // On success the snapshot takes this form away; only a failure comes back here.
    setProblem(await connect(request).catch(() => 'worker' as const));
    setWaiting(false);
  };

  const errorFor = (field: 'server' | 'api_key') => (problem && ABOUT[problem] === field ? ERROR_ID : null);
  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      {problem && (
        <div class="banner error" role="alert" id={ERROR_ID}>
          <Icon name="alert" />
          <p>{t(`connect.error.${problem}`)}</p>
        </div>
      )}
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
        placeholder=""
        defaultValue=""
        secret
        autocomplete="off"
        maxLength={512}
      />
      <Field
        name="device_name"
        label={t('connect.device_name')}
        errorId={null}
        placeholder=""
        autocomplete="off"
        maxLength={64}
        defaultValue={initial.device_name}
      />
      <button type="submit" class="btn pri" aria-disabled={waiting}>
        {t(waiting ? 'connect.submit_waiting' : 'connect.submit')}
      </button>
    </form>
  );
}
