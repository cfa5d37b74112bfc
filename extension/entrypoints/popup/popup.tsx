// The popup's layout, from the header down. Everything in it comes from the stored snapshot. The first frame draws the
// top alone: what stands under the balance takes its place in the next one, and moves nothing.
import '../../ui/tokens.css';
import '../../ui/base.css';
import { Balance } from '../../features/balance/balance.tsx';
import { decisionOf } from '../../features/banner/decision.ts';
import type { GlanceLocale } from '../../locales/glance.ts';
import { Button } from '../../ui/button.tsx';
import type { Snapshot } from '../../view/snapshot.ts';
import { Header } from './header.tsx';
import type { Later } from './needs.ts';
import css from './popup.module.css';
import type { Steps } from './steps.ts';

export interface PopupProps {
  snapshot: Snapshot | null;
  /** Of this device. */
  now: number;
  locale: GlanceLocale;
  steps: Steps;
  /** What is not in every first frame; null until it is here. */
  later: Later | null;
}

export function Popup({ snapshot, ...props }: PopupProps) {
  const { later, locale, steps } = props;
  if (snapshot === null)
    return later && <later.FirstRun language={locale.language} openSettings={steps.openSettings} />;
  return <Account {...props} snapshot={snapshot} />;
}

function Account({ snapshot, now, locale, steps, later }: PopupProps & { snapshot: Snapshot }) {
  const { t } = locale;
  const isSignedOut = snapshot.connection === 'signed_out';
  const found = decisionOf(snapshot, now + snapshot.clock_offset);
  const decision = found?.kind === 'low' && later?.putOff.has(warningOf(snapshot)) ? null : found;
  const hasBanner = isSignedOut || decision !== null;
  return (
    <main class={css.popup}>
      <Header snapshot={snapshot} now={now} locale={locale} steps={steps} isFirst={later === null} />
      {/* Reachable by keyboard, so that the arrow keys scroll it. */}
      <div class={css.scroll} tabIndex={0} role="region" aria-label={t('app.name')}>
        {later && hasBanner && (
          <div class={css.banner}>
            {isSignedOut && (
              <later.SignedOutBanner
                snapshot={snapshot}
                now={now}
                language={locale.language}
                openSettings={steps.openSettings}
              />
            )}
            {!isSignedOut && decision && (
              <later.TopBanner
                decision={decision}
                snapshot={snapshot}
                now={now}
                language={locale.language}
                open={steps.openPanel}
                dismiss={steps.dismiss}
                notNow={() => {
                  later.putOff.add(warningOf(snapshot));
                  steps.drawAgain();
                }}
              />
            )}
          </div>
        )}
        <Balance snapshot={snapshot} now={now} locale={locale} extras={later} />
        {later && snapshot.confirmed_at !== null && (
          <later.Known snapshot={snapshot} now={now} locale={locale} steps={steps} />
        )}
        <div class={css.fade} aria-hidden="true" />
      </div>
      <footer class={css.foot}>
        <Button
          kind={hasBanner ? 'secondary' : 'primary'}
          wide
          part="purchase"
          onClick={() => steps.openPanel('#billing/purchase')}
        >
          {t('action.purchase')}
        </Button>
        <Button wide part="deploy" onClick={steps.deploy}>
          {t('action.deploy')}
        </Button>
      </footer>
    </main>
  );
}

/** A crossing of its own: put off is this one, not the next. */
function warningOf({ account, alerts, credits }: Snapshot): string {
  return `${account.id} ${alerts.join()} ${credits?.balance.startsWith('-') ? 'below' : 'above'}`;
}
