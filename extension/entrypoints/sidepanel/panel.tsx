// The frame of the side panel: header, tabs, the place that is open, and the drawers over it.
import { useEffect, useLayoutEffect } from 'preact/hooks';
import * as v from 'valibot';
import { AcknowledgmentTab } from '../../features/acknowledgment/acknowledgment-tab.tsx';
import { BillingTab } from '../../features/billing/billing-tab.tsx';
import { CloudTab } from '../../features/cloud/cloud-tab.tsx';
import { IntelligenceTab } from '../../features/intelligence/intelligence-tab.tsx';
import { NotificationCenter } from '../../features/notifications/notification-center.tsx';
import { OverviewTab } from '../../features/overview/overview-tab.tsx';
import { type Panel, PanelContext } from '../../features/panel/panel-context.ts';
import { formatRoute, type Route, TABS, type TabId, to } from '../../features/panel/route.ts';
import { Decisions } from '../../features/panel/decisions.tsx';
import { PurchaseForm } from '../../features/purchase/purchase-form.tsx';
import { SearchEverywhere } from '../../features/search/search-everywhere.tsx';
import { SettingsTab } from '../../features/settings/settings-tab.tsx';
import { SyncLine } from '../../features/sync-state/sync-line.tsx';
import { EntryDetail } from '../../features/transactions/entry-detail.tsx';
import { WithdrawalForm } from '../../features/withdrawal/withdrawal-form.tsx';

import type { PanelKey, PanelLocale } from '../../locales/panel.ts';
import { AccountBar } from '../../ui/account-bar.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { bell } from '../../ui/icons.ts';
import { Mark } from '../../ui/mark.tsx';
import { search } from '../../ui/panel-icons.ts';
import { Tabs } from '../../ui/tabs.tsx';
import { ToastRegion } from '../../ui/toast.tsx';
import type { SectionValues } from '../../view/sections.ts';
import type { Snapshot } from '../../view/snapshot.ts';
import css from './frame.module.css';

/** How the last place is kept. */
export const LastPlace = v.pipe(v.string(), v.maxLength(64));

interface Props {
  snapshot: Snapshot | null;
  sections: SectionValues;
  locale: PanelLocale;
  route: Route;
  openSettings: () => void;
}

const go = (route: Route) => {
  location.hash = formatRoute(route);
  // At once: the browser tells of it in a later task, and what a fast typist writes comes before.
  window.dispatchEvent(new HashChangeEvent('hashchange'));
};

export function SidePanel({ snapshot, sections, locale, route, openSettings }: Props) {
  if (snapshot === null) return <FirstRun locale={locale} openSettings={openSettings} />;
  const panel: Panel = {
    snapshot,
    sections,
    // Before the first sync ever there is nothing to say: an empty list would say that there is nothing.
    ready: sections.head !== undefined && (snapshot.confirmed_at !== null || sections.credits != null),
    locale,
    place: { language: locale.language, timezone: snapshot.account.timezone },
    offset: snapshot.clock_offset,
    route,
    go,
  };
  return (
    <PanelContext.Provider value={panel}>
      <Place {...panel} />
      {route.drawer === 'notifications' && <NotificationCenter />}
      {route.drawer === 'search' && <SearchEverywhere />}
      <ToastRegion />
    </PanelContext.Provider>
  );
}

function Place(panel: Panel) {
  const { route, ready, snapshot } = panel;
  if (route.view === 'purchase') return <PurchaseForm />;
  // Before the first sync nothing is said to be withdrawable: the tab under it waits.
  const isKnown = ready || snapshot.confirmed_at !== null;
  if (route.view === 'withdraw' && isKnown) return <WithdrawalForm />;
  if (route.view === 'entry' && route.id !== null) return <EntryDetail n={Number(route.id)} />;
  return <Tabbed {...panel} />;
}

const PAGES: Record<TabId, () => preact.ComponentChild> = {
  overview: () => <OverviewTab />,
  cloud: () => <CloudTab />,
  intelligence: () => <IntelligenceTab />,
  billing: () => <BillingTab />,
  settings: () => <SettingsTab />,
  terms: () => <AcknowledgmentTab />,
};

function Tabbed({ snapshot, locale, route }: Panel) {
  const { t } = locale;
  const name = snapshot.account.name || t('account.unnamed');
  const unseen = snapshot.notices.unseen;
  const tabs = TABS.map((id) => ({ id, label: t(`tab.${id}` satisfies PanelKey) }));
  useSearchKey();
  usePlaceOnPage(route.tab);
  return (
    <>
      <header class={css.top}>
        <AccountBar
          name={name}
          label={t('account.settings', { name })}
          onPress={() => go(to('settings'))}
          icons={
            <>
              <IconButton
                of={search}
                label={t('search.title')}
                popup="dialog"
                part="open-search"
                onClick={() => go({ ...route, drawer: 'search' })}
              />
              <IconButton
                of={bell}
                label={
                  unseen > 0
                    ? t('header.notifications_unread', { count: String(unseen) })
                    : t('header.notifications')
                }
                count={unseen}
                popup="dialog"
                part="open-notices"
                onClick={() => go({ ...route, drawer: 'notifications' })}
              />
            </>
          }
        >
          <SyncLine snapshot={snapshot} now={Date.now()} locale={locale} />
        </AccountBar>
        <Tabs
          label={t('tab.label')}
          moreLabel={t('tab.more')}
          tabs={tabs}
          active={route.tab}
          hrefOf={(id) => `#${id}`}
          onSelect={(id) => {
            const tab = TABS.find((known) => known === id);
            if (!tab) return;
            scrolled.delete(tab);
            go(to(tab));
          }}
        />
      </header>
      <main data-tab={route.tab}>
        <Decisions />
        {PAGES[route.tab]()}
      </main>
    </>
  );
}

/** How far each tab was scrolled, px: back from a form or a detail, it stands where it was left. */
const scrolled = new Map<TabId, number>();

function usePlaceOnPage(tab: TabId) {
  useLayoutEffect(() => {
    window.scrollTo(0, scrolled.get(tab) ?? 0);
    const onScroll = () => void scrolled.set(tab, window.scrollY);
    window.addEventListener('scroll', onScroll, { passive: true });
    return () => window.removeEventListener('scroll', onScroll);
  }, [tab]);
}

/** `/` leads to the search field of the open tab, else to the search over everything. */
function useSearchKey() {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { target } = event;
      const isTyping = target instanceof HTMLElement && target.matches('input, select, textarea');
      if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      if (document.querySelector('dialog[open]')) return;
      event.preventDefault();
      const field = document.querySelector<HTMLInputElement>('main input[type=search]');
      if (field) field.focus();
      else document.querySelector<HTMLElement>('[data-part=open-search]')?.click();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

function FirstRun({ locale, openSettings }: Pick<Props, 'locale' | 'openSettings'>) {
  return (
    <main class={css.first}>
      <Mark size={48} />
      <h1>{locale.t('first_run.title')}</h1>
      <p>{locale.t('first_run.text')}</p>
      <Button kind="primary" onClick={openSettings}>
        {locale.t('first_run.button')}
      </Button>
    </main>
  );
}
