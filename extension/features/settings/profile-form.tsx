// Picture, full name and timezone. The picture is drawn from the name; io.net makes others with BC8.
import * as v from 'valibot';
import { Link } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Avatar } from '../../ui/name.tsx';
import { Section } from '../../ui/section.tsx';
import { Select } from '../../ui/select.tsx';
import { formatTime } from '../../ui/time.ts';
import { usePanel } from '../panel/panel-context.ts';
import { useStored } from '../panel/stored.ts';
import { useChange } from '../panel/use-change.ts';
import { SaveSteps } from './save-steps.tsx';
import css from './settings.module.css';

const BC8_URL = 'https://bc8.ai';
const MAX_NAME = 200;

const Draft = v.object({ name: v.nullable(v.string()), timezone: v.nullable(v.string()) });
const UNTOUCHED: v.InferOutput<typeof Draft> = { name: null, timezone: null };

/** Every timezone that this browser knows, UTC first since it is the default. */
const ZONES = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];

export function ProfileForm() {
  const { sections, snapshot, locale } = usePanel();
  const { t, language } = locale;
  const [draft, setDraft] = useStored('profile', Draft, UNTOUCHED);
  const change = useChange('profile.set', null);
  const known = {
    name: sections.profile?.name ?? snapshot.account.name,
    timezone: sections.profile?.timezone ?? 'UTC',
  };
  const name = draft.name ?? known.name;
  const timezone = draft.timezone ?? known.timezone;
  const isChanged = name.trim() !== known.name || timezone !== known.timezone;
  const error =
    name.trim() === '' ? t('profile.name_empty') : /\p{Cc}/u.test(name) ? t('profile.name_invalid') : null;
  const zones = ZONES.includes(timezone) ? ZONES : [timezone, ...ZONES];
  return (
    <Section title={t('profile.title')} part="profile">
      <form
        class={css.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (error !== null || !isChanged || change.busy) return;
          change.run({
            ...(name.trim() !== known.name && { name: name.trim() }),
            ...(timezone !== known.timezone && { timezone }),
          });
        }}
      >
        <div class={css.who}>
          <Avatar name={name} />
          <p class="s t2">
            {t('profile.picture')} <Link href={BC8_URL}>{t('profile.bc8')}</Link>
          </p>
        </div>
        <Field
          name="full_name"
          label={t('profile.name')}
          autocomplete="name"
          maxLength={MAX_NAME}
          value={name}
          error={error}
          onInput={(text) => setDraft({ ...draft, name: text })}
        />
        <Select
          name="timezone"
          label={t('profile.timezone')}
          value={timezone}
          hint={t('profile.timezone_hint', { time: formatTime(Date.now(), { language, timezone }) })}
          options={zones.map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }))}
          onSelect={(zone) => setDraft({ ...draft, timezone: zone })}
        />
        <SaveSteps
          change={change}
          isChanged={isChanged}
          isWrong={error !== null}
          saved={t('profile.saved')}
          onDiscard={() => setDraft(undefined)}
          part="save-profile"
        />
      </form>
    </Section>
  );
}
