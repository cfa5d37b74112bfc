// Devices that are signed in, asked of the server; another one is signed out from here.
import { useEffect, useState } from 'preact/hooks';
import * as v from 'valibot';
import { Button, Link } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { panel as window_ } from '../../ui/icons.ts';
import { Pill } from '../../ui/pill.tsx';
import { Section } from '../../ui/section.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { formatFull, formatMoment } from '../../ui/time.ts';
import { toast } from '../../ui/toast.tsx';
import { send } from '../../view/messages.ts';
import { usePanel } from '../panel/panel-context.ts';
import css from './settings.module.css';

const text = v.pipe(v.string(), v.maxLength(200));
const Session = v.object({
  id: text,
  device_name: text,
  created_at: text,
  last_seen_at: text,
  current: v.boolean(),
});
type Session = v.InferOutput<typeof Session>;
const Answer = v.object({ items: v.array(Session) });

export function Devices() {
  const { locale, snapshot } = usePanel();
  const { t } = locale;
  const [sessions, setSessions] = useState<Session[] | null>(null);
  const [failed, setFailed] = useState(false);
  const isLive = snapshot.connection === 'live';
  const load = async () => {
    setFailed(false);
    const answer = await send('remote', 'GET /sessions').catch(() => null);
    const read = v.safeParse(Answer, answer?.ok ? answer.body : null);
    if (read.success) setSessions(read.output.items);
    else setFailed(true);
  };
  const ask = () => void load();
  useEffect(ask, [isLive]);
  return (
    <Section title={t('devices.title')} part="devices">
      {sessions !== null ? (
        <ul class={css.rows}>
          {sessions.map((session) => (
            <Device key={session.id} session={session} onGone={ask} />
          ))}
        </ul>
      ) : failed ? (
        <ErrorState icon={window_} title={t('devices.unknown')} text={t('devices.unknown_text')}>
          <Button small onClick={ask}>
            {t('action.try_again')}
          </Button>
        </ErrorState>
      ) : (
        <p class="s t2" role="status">
          {t('devices.loading')}
        </p>
      )}
    </Section>
  );
}

function Device({ session, onGone }: { session: Session; onGone: () => void }) {
  const { locale, place, offset } = usePanel();
  const { t } = locale;
  const [step, setStep] = useState<'asking' | 'busy' | 'failed' | null>(null);
  const seen = Date.parse(session.last_seen_at);
  const revoke = async () => {
    setStep('busy');
    const answer = await send('remote', `DELETE /sessions/${session.id}`).catch(() => null);
    if (!answer?.ok) return setStep('failed');
    toast(t('devices.signed_out', { name: session.device_name }));
    onGone();
  };
  return (
    <li class={css.row} data-device={session.device_name}>
      <div style={{ minWidth: 0 }}>
        <p class={css.line}>
          <span class="cut w5" title={session.device_name}>
            {session.device_name}
          </span>
          {session.current && <Pill tone="accent">{t('devices.this')}</Pill>}
        </p>
        <p class="s t2 num" title={formatFull(seen, place)}>
          {step === 'failed' ? (
            <span class="bad">{t('devices.failed')}</span>
          ) : (
            t('devices.seen', { time: formatMoment(seen, Date.now() + offset, place) })
          )}
        </p>
      </div>
      <div>
        {!session.current && (
          <Link
            part="revoke"
            label={t('devices.revoke_label', { name: session.device_name })}
            onClick={() => setStep('asking')}
          >
            {step === 'busy' ? t('devices.revoking') : t('devices.revoke')}
          </Link>
        )}
      </div>
      {step === 'asking' && (
        <ConfirmDialog
          title={t('devices.revoke_title', { name: session.device_name })}
          text={t('devices.revoke_text')}
          confirm={t('devices.revoke')}
          cancel={t('action.cancel')}
          danger
          part="device-dialog"
          onClose={() => setStep(null)}
          onConfirm={() => void revoke()}
        />
      )}
    </li>
  );
}
