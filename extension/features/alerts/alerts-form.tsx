// Alert thresholds: each is switched on with a number of its own, told once per crossing, armed again when restored.
import * as v from 'valibot';
import { ALERT_KINDS, type AlertKind } from '../../../shared/alerts.ts';
import { Switch } from '../../ui/choice.tsx';
import { Field } from '../../ui/field.tsx';
import { Pill } from '../../ui/pill.tsx';
import { Section } from '../../ui/section.tsx';
import { formatMoment } from '../../ui/time.ts';
import { usePanel } from '../panel/panel-context.ts';
import { useStored } from '../panel/stored.ts';
import { useChange } from '../panel/use-change.ts';
import { SaveSteps } from '../settings/save-steps.tsx';
import css from '../settings/settings.module.css';
import { OFF, readThresholds, SUGGESTED, typedOf, type TypedThresholds } from './thresholds.ts';

const text = v.nullable(v.pipe(v.string(), v.maxLength(20)));
const Draft = v.nullable(
  v.object({ balance: text, runway_hours: text, plan_share: text, spend_per_day: text }),
);

export function AlertsForm() {
  const { sections, locale } = usePanel();
  const { t } = locale;
  const [draft, setDraft] = useStored('alerts', Draft, null);
  const change = useChange('alerts.set', null);
  const known = sections.alerts ? typedOf(sections.alerts.thresholds) : OFF;
  const typed: TypedThresholds = draft ?? known;
  const read = readThresholds(typed);
  const isChanged = ALERT_KINDS.some((kind) => typed[kind] !== known[kind]);
  const wrong = 'wrong' in read ? read.wrong : [];
  return (
    <Section title={t('alerts.title')} part="alerts">
      <p class="s t2">{t('alerts.text')}</p>
      <form
        noValidate
        style={{ marginTop: '8px' }}
        onSubmit={(event) => {
          event.preventDefault();
          if ('thresholds' in read && isChanged && !change.busy) change.run(read.thresholds);
        }}
      >
        {ALERT_KINDS.map((kind) => (
          <div key={kind} class={css.threshold}>
            <Switch
              name={`${kind}_on`}
              label={t(`alert.${kind}`)}
              note={<Crossed kind={kind} />}
              checked={typed[kind] !== null}
              onChange={(on) => setDraft({ ...typed, [kind]: on ? (known[kind] ?? SUGGESTED[kind]) : null })}
            />
            {typed[kind] !== null && (
              <div>
                <Field
                  name={kind}
                  label={t(`alert.${kind}_label`)}
                  inputMode="decimal"
                  maxLength={20}
                  value={typed[kind] ?? ''}
                  error={wrong.includes(kind) ? t(`alert.${kind}_error`) : null}
                  onInput={(next) => setDraft({ ...typed, [kind]: next })}
                />
              </div>
            )}
          </div>
        ))}
        <SaveSteps
          change={change}
          isChanged={isChanged}
          isWrong={wrong.length > 0}
          saved={t('alerts.saved')}
          onDiscard={() => setDraft(undefined)}
          part="save-alerts"
        />
      </form>
    </Section>
  );
}

/** Says that a threshold is crossed now, and since when. */
function Crossed({ kind }: { kind: AlertKind }) {
  const { sections, locale, place, offset } = usePanel();
  const since = sections.alerts?.crossed[kind];
  if (since == null) return null;
  const time = formatMoment(Date.parse(since), Date.now() + offset, place);
  return <Pill tone="warn">{locale.t('alerts.crossed', { time })}</Pill>;
}
