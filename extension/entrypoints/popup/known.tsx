// What stands under the balance, once the first numbers are here.
import { RunningClusters } from '../../features/clusters/running-clusters.tsx';
import { GettingStarted } from '../../features/getting-started/getting-started.tsx';
import { isNewAccount } from '../../features/getting-started/is-new.ts';
import { WaitingToSend } from '../../features/pending/waiting-to-send.tsx';
import { PlanSummary } from '../../features/plan-usage/plan-summary.tsx';
import { LastTransactions } from '../../features/transactions/last-transactions.tsx';
import type { GlanceLocale } from '../../locales/glance.ts';
import type { Snapshot } from '../../view/snapshot.ts';
import type { Steps } from './steps.ts';

/** How many rows fit without scrolling. */
const ROOM = { entries: 3, clusters: 2, tasks: 3, pending: 2 };

interface Props {
  snapshot: Snapshot;
  /** Of this device. */
  now: number;
  locale: GlanceLocale;
  steps: Steps;
}

export function Known({ snapshot, now, locale, steps }: Props) {
  const { plan, clusters, recent } = snapshot;
  return (
    <>
      <WaitingToSend snapshot={snapshot} room={ROOM.pending} now={now} language={locale.language} />
      {isNewAccount(snapshot) ? (
        <GettingStarted
          snapshot={snapshot}
          room={ROOM.tasks}
          language={locale.language}
          open={steps.openPanel}
          deploy={steps.deploy}
        />
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
