// The popup's layout, from the header down. Everything in it comes from the stored snapshot.
import '../../ui/tokens.css';
import '../../ui/base.css';
import type { ComponentProps } from 'preact';
import { Balance } from '../../features/balance/balance.tsx';
import { decisionOf } from '../../features/banner/decision.ts';
import { RunningClusters } from '../../features/clusters/running-clusters.tsx';
import { isNewAccount } from '../../features/getting-started/is-new.ts';
import { PlanSummary } from '../../features/plan-usage/plan-summary.tsx';
import { LastTransactions } from '../../features/transactions/last-transactions.tsx';
import type { GlanceLocale } from '../../locales/glance.ts';
import { Button } from '../../ui/button.tsx';
import type { Snapshot } from '../../view/snapshot.ts';
import { Header } from './header.tsx';
import type { Moments } from './needs.ts';
import css from './popup.module.css';
import type { Steps } from './steps.ts';

/** How many rows fit without scrolling. */
const ROOM = { entries: 3, clusters: 2, tasks: 3, pending: 2 };

export interface PopupProps {
  snapshot: Snapshot | null;
  /** Of this device. */
  now: number;
  locale: GlanceLocale;
  steps: Steps;
  /** What follows the first frame; null until then. */
  extras: ComponentProps<typeof Balance>['extras'];
  /** What is shown only at times; null until a snapshot needs it. */
  moments: Moments | null;
}

export function Popup({ snapshot, ...props }: PopupProps) {
  const { moments, locale, steps } = props;
  if (snapshot === null)
    return moments && <moments.FirstRun language={locale.language} openSettings={steps.openSettings} />;
  return <Account {...props} snapshot={snapshot} />;
}

function Account({ snapshot, now, locale, steps, extras, moments }: PopupProps & { snapshot: Snapshot }) {
  const { t } = locale;
  const isSignedOut = snapshot.connection === 'signed_out';
  const found = decisionOf(snapshot, now + snapshot.clock_offset);
  const decision = found?.kind === 'low' && moments?.putOff.has(warningOf(snapshot)) ? null : found;
  const hasBanner = isSignedOut || decision !== null;
  return (
    <main class={css.popup}>
      <Header snapshot={snapshot} now={now} locale={locale} steps={steps} />
      {/* Reachable by keyboard, so that the arrow keys scroll it. */}
      <div class={css.scroll} tabIndex={0} role="region" aria-label={t('app.name')}>
        {moments && hasBanner && (
          <div class={css.banner}>
            {isSignedOut && (
              <moments.SignedOutBanner
                snapshot={snapshot}
                now={now}
                language={locale.language}
                openSettings={steps.openSettings}
              />
            )}
            {!isSignedOut && decision && (
              <moments.TopBanner
                decision={decision}
                snapshot={snapshot}
                now={now}
                language={locale.language}
                open={steps.openPanel}
                dismiss={steps.dismiss}
                notNow={() => {
                  moments.putOff.add(warningOf(snapshot));
                  steps.drawAgain();
                }}
              />
            )}
          </div>
        )}
        <Balance snapshot={snapshot} now={now} locale={locale} extras={extras} />
        {snapshot.confirmed_at !== null && (
          <Known snapshot={snapshot} now={now} locale={locale} steps={steps} moments={moments} />
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

/** What stands under the balance, once the first numbers are here. */
function Known({
  snapshot,
  now,
  locale,
  steps,
  moments,
}: Omit<PopupProps, 'extras'> & { snapshot: Snapshot }) {
  const { plan, clusters, recent } = snapshot;
  return (
    <>
      {moments && (
        <moments.WaitingToSend snapshot={snapshot} room={ROOM.pending} now={now} language={locale.language} />
      )}
      {isNewAccount(snapshot) ? (
        moments && (
          <moments.GettingStarted
            snapshot={snapshot}
            room={ROOM.tasks}
            language={locale.language}
            open={steps.openPanel}
            deploy={steps.deploy}
          />
        )
      ) : (
        <>
          {plan && <PlanSummary plan={plan} snapshot={snapshot} now={now} locale={locale} />}
          <RunningClusters
            clusters={clusters}
            room={ROOM.clusters}
            now={now + snapshot.clock_offset}
            locale={locale}
            open={(id) =>
              steps.openPanel(id === undefined ? '#cloud' : `#cloud/cluster/${encodeURIComponent(id)}`)
            }
          />
        </>
      )}
      <LastTransactions
        entries={recent.slice(0, ROOM.entries)}
        timezone={snapshot.account.timezone}
        now={now}
        locale={locale}
        open={(n) => steps.openPanel(n === undefined ? '#billing' : `#billing/entry/${n}`)}
      />
    </>
  );
}

/** A crossing of its own: put off is this one, not the next. */
function warningOf({ account, alerts, credits }: Snapshot): string {
  return `${account.id} ${alerts.join()} ${credits?.balance.startsWith('-') ? 'below' : 'above'}`;
}
