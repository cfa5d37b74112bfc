// Search over everything, opened by "/" where a tab has no list of its own: transactions, clusters, places.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { browser } from 'wxt/browser';
import { Link } from '../../ui/button.tsx';
import { Drawer } from '../../ui/dialog.tsx';
import { SearchField } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { chevronRight } from '../../ui/step-icons.ts';
import { Name } from '../../ui/name.tsx';
import { search as magnifier } from '../../ui/panel-icons.ts';
import { Empty } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { ClusterLine } from '../clusters/cluster-line.tsx';
import { rowOf } from '../clusters/cluster-list.ts';
import overview from '../overview/overview.module.css';
import { usePanel } from '../panel/panel-context.ts';
import panel from '../panel/panel.module.css';
import { type Route, to } from '../panel/route.ts';
import { keep } from '../panel/stored.ts';
import { EntryHead, entryRow } from '../transactions/entry-row.tsx';
import { matches, NO_FILTER, readyFilter } from '../transactions/filter.ts';
import { useHistory } from '../transactions/history.ts';
import { subjectOf } from '../transactions/subject.ts';
import { findPlaces } from './find-places.ts';

/** The settings of this device stand on a page of their own: it opens at the option. */
function openOption(option: string): void {
  void browser.tabs.create({ url: browser.runtime.getURL(`/options.html#${option}`) });
}

export function SearchEverywhere() {
  const { sections, locale, place, offset, route, go } = usePanel();
  const { t } = locale;
  const [text, setText] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const history = useHistory();
  const now = Date.now() + offset;
  const clusters = sections.clusters ?? [];
  const filter = readyFilter({ ...NO_FILTER, text }, now, place);
  const found = findPlaces(
    text,
    clusters,
    history.entries,
    (entry) => matches(entry, filter, subjectOf(entry, clusters, locale)),
    (key) => t(key),
  );
  // With the drawer itself: the letter after the slash belongs here.
  useLayoutEffect(() => field.current?.focus(), []);
  const close = () => go({ ...route, drawer: null });
  const open = (next: Route) => () => go(next);
  /** Takes the text along into the list, which reads the whole history. */
  const searchAll = (
    <Link
      onClick={() => {
        keep('transactions', { ...NO_FILTER, text: text.trim().slice(0, 100) });
        go(to('billing'));
      }}
    >
      {t('search.all')}
    </Link>
  );
  const isEmpty = found.clusters.length + found.entries.length + found.places.length === 0;
  return (
    <Drawer title={t('search.title')} closeLabel={t('action.close')} onClose={close} part="search">
      <div class={panel.tools} style={{ paddingTop: '12px' }} role="search">
        <SearchField label={t('search.label')} value={text} inputRef={field} onInput={setText} />
      </div>
      <p class="vh" role="status">
        {text.trim() === ''
          ? ''
          : t('search.count', {
              count: String(found.clusters.length + found.entries.length + found.places.length),
            })}
      </p>
      {isEmpty && (
        <Empty
          icon={magnifier}
          title={t('search.nothing', { text: text.trim() })}
          text={t('search.nothing_text')}
        >
          {searchAll}
        </Empty>
      )}
      {found.clusters.length > 0 && (
        <section class={panel.block} aria-labelledby="found-clusters">
          <h2 id="found-clusters">{t('cloud.title')}</h2>
          <ul class={overview.rows}>
            {found.clusters.map((cluster) => (
              <li key={cluster.id}>
                <button
                  type="button"
                  class={overview.cluster}
                  onClick={open(to('cloud', 'cluster', cluster.id))}
                >
                  <span class="w5 cut">
                    <Name>{cluster.name}</Name>
                  </span>
                  <span />
                  <ClusterLine row={rowOf(cluster, now)} locale={locale} />
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      {found.entries.length > 0 && (
        <section aria-labelledby="found-entries">
          <div class={panel.block} style={{ paddingBottom: '4px', display: 'flex', gap: '8px' }}>
            <h2 id="found-entries" style={{ flex: 1 }}>
              {t('transactions.heading')}
            </h2>
            {searchAll}
          </div>
          <Table
            label={t('transactions.heading')}
            head={<EntryHead locale={locale} />}
            count={found.entries.length}
            keyOf={(index) => found.entries[index]?.n ?? index}
            row={(index, tabIndex) => {
              const entry = found.entries[index];
              if (!entry) return { cells: null };
              const look = { clusters, locale, place, first: index === 0, datedAt: now };
              return entryRow(entry, tabIndex, look);
            }}
            onOpen={(index) => go(to('billing', 'entry', String(found.entries[index]?.n)))}
          />
        </section>
      )}
      {found.places.length > 0 && (
        <section class={panel.block} aria-labelledby="found-places">
          <h2 id="found-places">{t('search.places')}</h2>
          <ul class={overview.rows}>
            {found.places.map(({ key, label, target }) => (
              <li key={key}>
                <button
                  type="button"
                  class={overview.entry}
                  style={{ gridTemplateColumns: '1fr auto' }}
                  data-place={key}
                  onClick={'route' in target ? open(target.route) : () => openOption(target.option)}
                >
                  <span>{label}</span>
                  <span class="t3">
                    <Icon of={chevronRight} />
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Drawer>
  );
}
