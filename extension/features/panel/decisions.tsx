// The one banner of a tab: what needs a decision now, unless the tab itself shows it where it was asked for.
import { useState } from 'preact/hooks';
import { browser } from 'wxt/browser';
import { decisionOf } from '../banner/decision.ts';
import { TopBanner } from '../banner/top-banner.tsx';
import { SignedOutBanner } from '../settings/signed-out-banner.tsx';
import { send } from '../../view/messages.ts';
import { type Panel, usePanel } from './panel-context.ts';
import css from './panel.module.css';
import { parseRoute, type TabId } from './route.ts';

/** Refusals that a tab shows beside what they are about. */
const INLINE: Partial<Record<TabId, RegExp>> = {
  cloud: /^deployment\./,
  intelligence: /^plan\./,
  settings: /^(profile|wallet|alerts)\./,
  terms: /^terms\./,
  billing: /^withdrawal\.cancel$/,
};

/** The decision that stands over the open tab; null when there is none, and the page's own button is the filled one. */
function dueDecision({ snapshot, route, offset }: Panel) {
  const decision = decisionOf(snapshot, Date.now() + offset);
  if (decision?.kind === 'refused' && INLINE[route.tab]?.test(decision.item.kind)) {
    // A cluster says it in its open row.
    if (route.tab !== 'cloud' || route.id === decision.item.subject) return null;
  }
  return decision?.kind === 'terms' && route.tab === 'terms' ? null : decision;
}

/** The kind of a page's own first button: filled, unless the banner above has the filled one. */
export function useFirstKind(): 'primary' | 'secondary' {
  const panel = usePanel();
  const isBannerFilled = panel.snapshot.connection === 'signed_out' || dueDecision(panel) !== null;
  return isBannerFilled ? 'secondary' : 'primary';
}

export function Decisions() {
  const panel = usePanel();
  const { snapshot, locale, go, route } = panel;
  const [later, setLater] = useState<string | null>(null);
  const decision = dueDecision(panel);
  // Nothing can be decided before this device is signed in again.
  if (snapshot.connection === 'signed_out') {
    return (
      <div class={css.banner}>
        <SignedOutBanner
          snapshot={snapshot}
          now={Date.now()}
          language={locale.language}
          openSettings={() => void browser.runtime.openOptionsPage()}
        />
      </div>
    );
  }
  if (decision === null || decision.kind === later) return null;
  return (
    <div class={css.banner}>
      <TopBanner
        decision={decision}
        snapshot={snapshot}
        now={Date.now()}
        language={locale.language}
        open={(place) => go(parseRoute(place, route))}
        dismiss={(id) => void send('dismiss', id)}
        notNow={() => setLater(decision.kind)}
      />
    </div>
  );
}
