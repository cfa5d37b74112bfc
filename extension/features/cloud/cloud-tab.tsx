// io.cloud: every cluster with its filters and sort orders, remembered; the open row shows what can be done with it.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import * as v from 'valibot';
import { MINUTE } from '../../../shared/time.ts';
import { Button } from '../../ui/button.tsx';
import { SearchField } from '../../ui/field.tsx';
import { formatCount } from '../../ui/figures.ts';
import { server } from '../../ui/panel-icons.ts';
import { Filter } from '../../ui/select.tsx';
import { Empty } from '../../ui/states.tsx';
import { useNow } from '../../ui/use-now.ts';
import {
  type ClusterFilter,
  type ClusterRow,
  listClusters,
  matchesText,
  rowOf,
  SORT_KEYS,
} from '../clusters/cluster-list.ts';
import { ClusterTable } from '../clusters/cluster-table.tsx';
import { useFirstKind } from '../panel/decisions.tsx';
import { usePanel } from '../panel/panel-context.ts';
import panel from '../panel/panel.module.css';
import { useStored } from '../panel/stored.ts';
import { CLUSTER_TYPE_NAMES, clusterTypeWord, statusWord } from '../panel/words.ts';
import { DEPLOY_URL } from './deploy-url.ts';

const Kept = v.object({
  text: v.pipe(v.string(), v.maxLength(100)),
  phase: v.picklist(['', 'pending', 'live', 'ended']),
  type: v.pipe(v.string(), v.maxLength(64)),
  by: v.picklist(SORT_KEYS),
  descending: v.boolean(),
});
const IDLE: v.InferOutput<typeof Kept> = { text: '', phase: '', type: '', by: 'status', descending: false };

export function CloudTab() {
  const { sections, ready, locale, offset, route } = usePanel();
  const { t, language } = locale;
  const now = useNow(MINUTE) + offset;
  const [kept, setKept] = useStored('cloud', Kept, IDLE);
  const [isExtending, setExtending] = useState(false);
  const first = useFirstKind();
  const search = useRef<HTMLInputElement>(null);
  const clusters = sections.clusters ?? [];
  const rows = useMemo(() => clusters.map((cluster) => rowOf(cluster, now)), [clusters, now]);
  const shown = useMemo(() => listClusters(rows, kept, kept), [rows, kept]);
  const opened = route.view === 'cluster' ? route.id : null;
  // A link to a cluster that the filters hide takes the filters away.
  const hidden =
    opened !== null &&
    rows.some(({ cluster }) => cluster.id === opened) &&
    !shown.some(({ cluster }) => cluster.id === opened);
  useEffect(() => {
    if (hidden) setKept({ ...kept, text: '', phase: '', type: '' });
  }, [opened]);
  const types = [...new Set([...CLUSTER_TYPE_NAMES, ...clusters.map(({ type }) => type)])];
  const isFiltered = shown.length !== rows.length;
  const count = (n: number) => formatCount(n, language);
  return (
    <>
      <div class={panel.title}>
        <h1>
          {t('cloud.title')}{' '}
          {ready && (
            <span class="num" data-part="count">
              {isFiltered
                ? t('cloud.some', { shown: count(shown.length), all: count(rows.length) })
                : count(rows.length)}
            </span>
          )}
        </h1>
        <Button
          small
          kind={isExtending ? 'secondary' : first}
          part="deploy"
          onClick={() => void window.open(DEPLOY_URL, '_blank', 'noreferrer')}
        >
          {t('action.deploy')}
        </Button>
      </div>
      <div class={panel.tools} role="search">
        <SearchField
          label={t('cloud.search')}
          value={kept.text}
          shortcut="/"
          inputRef={search}
          onInput={(text) => setKept({ ...kept, text: text.slice(0, 100) })}
        />
        <Filter
          name="status"
          label={t('cloud.status')}
          idle=""
          value={kept.phase}
          options={[
            { value: 'live', label: t('phase.live') },
            { value: 'pending', label: t('phase.pending') },
            { value: 'ended', label: t('phase.ended') },
          ]}
          onSelect={(phase) => setKept({ ...kept, phase })}
        />
        <Filter
          name="type"
          label={t('cloud.type')}
          idle=""
          value={kept.type}
          options={types.map((type) => ({ value: type, label: clusterTypeWord(type, locale) }))}
          onSelect={(type) => setKept({ ...kept, type })}
        />
      </div>
      {!ready ? null : shown.length > 0 ? (
        <ClusterTable
          rows={shown}
          sort={{ by: kept.by, descending: kept.descending }}
          onSort={(sort) => setKept({ ...kept, ...sort })}
          opened={opened}
          onExtending={setExtending}
        />
      ) : rows.length === 0 ? (
        <Empty icon={server} title={t('cloud.empty')} text={t('cloud.empty_text')} />
      ) : (
        <NoMatch
          rows={rows}
          filter={kept}
          onClear={() => setKept({ ...kept, text: '', phase: '', type: '' })}
        />
      )}
    </>
  );
}

interface NoMatchProps {
  rows: readonly ClusterRow[];
  filter: ClusterFilter;
  onClear: () => void;
}

/** Says where else the text is found, so that a filter is not taken for a loss. */
function NoMatch({ rows, filter, onClear }: NoMatchProps) {
  const { locale } = usePanel();
  const { t, language } = locale;
  const text = filter.text.trim();
  const elsewhere = rows.filter(({ cluster }) => matchesText(cluster, text));
  const [first] = elsewhere;
  return (
    <Empty
      icon={server}
      title={text === '' ? t('cloud.no_match') : t('cloud.no_match_text', { text })}
      text={
        first === undefined
          ? t('cloud.no_match_step')
          : t('cloud.elsewhere', {
              count: formatCount(elsewhere.length, language),
              name: first.cluster.name,
              status: statusWord(first.cluster.status, locale),
            })
      }
    >
      <Button small onClick={onClear}>
        {t('action.clear_filters')}
      </Button>
    </Empty>
  );
}
