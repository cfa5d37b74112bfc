// A real io.net account beside this one: its key goes to the server and is kept nowhere here; what the server reads with
// it comes in the book. What io.net does not tell is said to be unknown.
import { useState } from 'preact/hooks';
import { readBalance } from '../../../shared/money.ts';
import type { Source, SourceState } from '../../../shared/sources.ts';
import { Button, Link } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { formatExact } from '../../ui/money.ts';
import { Pill, type Tone } from '../../ui/pill.tsx';
import { Section } from '../../ui/section.tsx';
import { formatMoment } from '../../ui/time.ts';
import { toast } from '../../ui/toast.tsx';
import { type RemoteAnswer, send } from '../../view/messages.ts';
import { usePanel } from '../panel/panel-context.ts';
import css from './settings.module.css';

const TONES: Record<SourceState, Tone> = {
  connecting: 'neutral',
  connected: 'pos',
  key_refused: 'bad',
  not_allowed: 'bad',
  limited: 'warn',
  unreachable: 'warn',
};

export function IonetAccount() {
  const { sections, locale } = usePanel();
  const source = sections.sources?.ionet ?? null;
  return (
    <Section
      title={locale.t('ionet.title')}
      part="ionet"
      aside={source && <Pill tone={TONES[source.state]}>{locale.t(`ionet.state.${source.state}`)}</Pill>}
    >
      {source ? <Connected source={source} /> : <p class="s t2">{locale.t('ionet.text')}</p>}
      <KeyForm isConnected={source !== null} />
      {source && <Disconnect />}
    </Section>
  );
}

/** What was read, how old it is, and what could not be read. */
function Connected({ source }: { source: Source }) {
  const { locale, place, offset } = usePanel();
  const { t } = locale;
  const moment = (at: string) => formatMoment(Date.parse(at), Date.now() + offset, place);
  const money = (amount: string) => formatExact(readBalance(amount), place.language);
  const { key, keys, missing, as_of, state, since } = source;
  const used = key && { used: money(key.used), limit: key.limit === null ? '' : money(key.limit) };
  return (
    <>
      <p class="s t2 num">
        {as_of === null ? t('ionet.never') : t('ionet.as_of', { time: moment(as_of) })}
        {state !== 'connected' && (
          <>
            <span class="sep" />
            {t(`ionet.state.${state}`)} {t('ionet.since', { time: moment(since) })}
          </>
        )}
      </p>
      {missing.length > 0 && (
        <p class="s bad">
          {t('ionet.missing', { parts: missing.map((part) => t(`ionet.part.${part}`)).join(', ') })}
        </p>
      )}
      <ul class={css.rows}>
        <Row name={t('ionet.balance')} value={t('ionet.balance_unknown')} />
        {key && used && (
          <Row
            name={t('ionet.allowance')}
            value={t(key.limit === null ? 'ionet.allowance_used' : 'ionet.allowance_of', used)}
          />
        )}
        {keys && <Row name={t('ionet.all_keys', { count: String(keys.keys) })} value={money(keys.today)} />}
      </ul>
    </>
  );
}

function Row({ name, value }: { name: string; value: string }) {
  return (
    <li class={css.row}>
      <span class="t2">{name}</span>
      <span class="num">{value}</span>
    </li>
  );
}

type Step = 'busy' | 'offline' | 'refused' | null;
const stepAfter = (answer: RemoteAnswer): Step =>
  answer.ok ? null : answer.error === 'refused' ? 'refused' : 'offline';

function KeyForm({ isConnected }: { isConnected: boolean }) {
  const { t } = usePanel().locale;
  // The key lives in this field alone: it is no draft that a device keeps.
  const [key, setKey] = useState('');
  const [step, setStep] = useState<Step>(null);
  async function connect() {
    setStep('busy');
    const answer = await send('ionet', key.trim()).catch((): RemoteAnswer => ({
      ok: false,
      error: 'offline',
    }));
    setStep(stepAfter(answer));
    if (!answer.ok) return;
    setKey('');
    toast(t('ionet.saved'));
  }
  return (
    <form
      class={css.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (key.trim() !== '' && step !== 'busy') void connect();
      }}
    >
      <Field
        name="ionet_key"
        type="password"
        label={t(isConnected ? 'ionet.key_new' : 'ionet.key')}
        maxLength={1024}
        value={key}
        error={step === 'offline' || step === 'refused' ? t(`ionet.${step}`) : null}
        onInput={setKey}
      />
      <div class={css.step} style={{ marginTop: 0 }}>
        <Button
          type="submit"
          part="connect-ionet"
          disabled={key.trim() === ''}
          waiting={step === 'busy'}
          waitingLabel={t('ionet.connecting')}
        >
          {t(isConnected ? 'ionet.change' : 'ionet.connect')}
        </Button>
      </div>
    </form>
  );
}

function Disconnect() {
  const { t } = usePanel().locale;
  const [step, setStep] = useState<Step | 'asking'>(null);
  async function disconnect() {
    setStep('busy');
    const answer = await send('remote', 'DELETE /sources/ionet').catch((): RemoteAnswer => ({
      ok: false,
      error: 'offline',
    }));
    setStep(stepAfter(answer));
    if (answer.ok) toast(t('ionet.disconnected'));
  }
  return (
    <p class="s">
      <Link part="disconnect-ionet" onClick={() => setStep('asking')}>
        {t('ionet.disconnect')}
      </Link>
      {(step === 'offline' || step === 'refused') && <span class="bad"> {t('ionet.offline')}</span>}
      {step === 'asking' && (
        <ConfirmDialog
          title={t('ionet.disconnect_title')}
          text={t('ionet.disconnect_text')}
          confirm={t('ionet.disconnect')}
          cancel={t('action.cancel')}
          danger
          part="ionet-dialog"
          onClose={() => setStep(null)}
          onConfirm={() => void disconnect()}
        />
      )}
    </p>
  );
}
