// User Acknowledgment: which terms are current, what was accepted when, and accepting them.
import { useEffect } from 'preact/hooks';
import { Button, Link } from '../../ui/button.tsx';
import { document as page } from '../../ui/panel-icons.ts';
import { Lines } from '../../ui/columns.tsx';
import { Empty } from '../../ui/states.tsx';
import { formatDate } from '../../ui/days.ts';
import { formatFull } from '../../ui/time.ts';
import { toast } from '../../ui/toast.tsx';
import { usePanel } from '../panel/panel-context.ts';
import panel from '../panel/panel.module.css';
import { ChangeRefusal } from '../panel/refusal.tsx';
import { useChange } from '../panel/use-change.ts';
import { WaitingNote } from '../panel/waiting-note.tsx';
import { Pill } from '../../ui/pill.tsx';

const TERMS_URL = 'https://io.net/terms-of-service';

export function AcknowledgmentTab() {
  const { sections, ready, locale, place } = usePanel();
  const { t } = locale;
  const change = useChange('terms.accept', null);
  const { terms } = sections;
  const done = change.state === 'settled';
  useEffect(() => {
    if (done) toast(t('terms.accepted_toast'));
  }, [done]);
  const title = <h1 class="vh">{t('tab.terms')}</h1>;
  if (!ready) return title;
  if (!terms) {
    return (
      <>
        {title}
        <Empty icon={page} title={t('terms.none')} text={t('terms.none_text')}>
          <Link href={TERMS_URL}>{t('terms.read')}</Link>
        </Empty>
      </>
    );
  }
  const isAccepted = terms.accepted === terms.version;
  const time = (text: string) => formatFull(Date.parse(text), place);
  const day = (text: string) => formatDate(Date.parse(text), place);
  return (
    <>
      {title}
      <section class={panel.block} data-part="terms">
        <p class={panel.statement}>{isAccepted ? t('terms.is_accepted') : t('terms.is_due')}</p>
        <div style={{ margin: '16px 0' }}>
          <Lines
            lines={[
              {
                label: t('terms.version'),
                value: (
                  <>
                    <span class={panel.words}>{terms.version}</span>{' '}
                    {isAccepted ? (
                      <Pill tone="pos">{t('terms.accepted')}</Pill>
                    ) : (
                      <Pill tone="warn">{t('terms.due')}</Pill>
                    )}
                  </>
                ),
              },
              {
                label: t('terms.published'),
                value: day(terms.published_at),
                title: time(terms.published_at),
              },
              ...(terms.accepted_at === null
                ? []
                : [
                    {
                      label: isAccepted
                        ? t('terms.accepted_at')
                        : t('terms.accepted_before', { version: terms.accepted ?? '' }),
                      value: day(terms.accepted_at),
                      title: time(terms.accepted_at),
                    },
                  ]),
            ]}
          />
        </div>
        <div class={panel.pair}>
          <Button onClick={() => void window.open(TERMS_URL, '_blank', 'noreferrer')}>
            {t('terms.read')}
          </Button>
          {!isAccepted && (
            <Button
              kind="primary"
              part="accept"
              waiting={change.busy || change.state === 'waiting'}
              waitingLabel={t('terms.accepting')}
              onClick={() => change.run({ version: terms.version })}
            >
              {t('terms.accept')}
            </Button>
          )}
        </div>
        <WaitingNote state={change.state} />
        <ChangeRefusal change={change} />
        <p class="s t2" style={{ marginTop: '16px' }}>
          {t('terms.note')}
        </p>
      </section>
    </>
  );
}
