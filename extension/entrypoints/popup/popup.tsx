// The popup's layout, from the header down. Everything in it comes from the stored snapshot.
import { Balance } from '../../features/balance/balance.tsx';
import { SignedOutBanner } from '../../features/settings/signed-out-banner.tsx';
import { SyncLine } from '../../features/sync-state/sync-line.tsx';
import { LastTransactions } from '../../features/transactions/last-transactions.tsx';
import type { GlanceLocale } from '../../locales/glance.ts';
import { Button } from '../../ui/button.tsx';
import { Mark } from '../../ui/mark.tsx';
import type { Snapshot } from '../../view/snapshot.ts';

/** How many entries fit without scrolling. */
const ENTRIES = 3;

interface Props {
  snapshot: Snapshot | null;
  now: number;
  locale: GlanceLocale;
  openSettings: () => void;
}

export function Popup({ snapshot, now, locale, openSettings }: Props) {
  if (snapshot === null) return <FirstRun locale={locale} openSettings={openSettings} />;
  return (
    <main>
      <Header snapshot={snapshot} now={now} locale={locale} openSettings={openSettings} />
      {snapshot.connection === 'signed_out' && (
        <SignedOutBanner snapshot={snapshot} now={now} locale={locale} openSettings={openSettings} />
      )}
      <Balance snapshot={snapshot} locale={locale} />
      {snapshot.confirmed_at !== null && (
        <LastTransactions
          entries={snapshot.recent.slice(0, ENTRIES)}
          timezone={snapshot.account.timezone}
          now={now}
          locale={locale}
        />
      )}
    </main>
  );
}

function Header({ snapshot, now, locale, openSettings }: Props & { snapshot: Snapshot }) {
  const name = snapshot.account.name || locale.t('account.unnamed');
  return (
    <header class="bar">
      <h1 class="vh">{locale.t('app.name')}</h1>
      <div class="acct">
        <button type="button" aria-label={locale.t('account.settings', { name })} onClick={openSettings}>
          {/* Drawn by the style: as text it would be part of the button's visible label. */}
          <span class="avatar" data-initials={initials(name)} aria-hidden="true" />
          <span class="cut">{name}</span>
        </button>
      </div>
      <SyncLine snapshot={snapshot} now={now} locale={locale} />
    </header>
  );
}

function FirstRun({ locale, openSettings }: Pick<Props, 'locale' | 'openSettings'>) {
  return (
    <main class="first">
      <Mark size={48} />
      <h1>{locale.t('first_run.title')}</h1>
      <p>{locale.t('first_run.text')}</p>
      <Button kind="primary" onClick={openSettings}>
        {locale.t('first_run.button')}
      </Button>
    </main>
  );
}

/** "Mara Lindqvist" is "ML". */
function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  const first = (word = '') => String.fromCodePoint(word.codePointAt(0) ?? 0x2022);
  return `${first(words[0])}${words.length > 1 ? first(words.at(-1)) : ''}`.toUpperCase();
}
