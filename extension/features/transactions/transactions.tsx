// Transactions: search, three filters that also hold for the export, what is pending, and the list.
import { useMemo, useState } from 'preact/hooks';
import * as v from 'valibot';
import type { Entry } from '../../../shared/account.ts';
import { Button, Link } from '../../ui/button.tsx';
import { SearchField } from '../../ui/field.tsx';
import { formatCount } from '../../ui/figures.ts';
import { Icon } from '../../ui/icon.tsx';
import { document as page, download as downloadIcon } from '../../ui/panel-icons.ts';
import { Filter } from '../../ui/select.tsx';
import { Empty } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import { dayOf } from '../../ui/days.ts';
import { usePanel } from '../panel/panel-context.ts';
import { useStored } from '../panel/stored.ts';
import { download, toCsv, toJson } from './export.ts';
import {
  DATES,
  type EntryFilter,
  isIdle,
  matches,
  mayGoOn,
  NO_FILTER,
  type Platform,
  PLATFORMS,
  readyFilter,
  TYPE_GROUPS,
  type TypeGroup,
} from './filter.ts';
import { growing } from './growing.ts';
import { useHistory } from './history.ts';
import { PendingRows } from './pending-rows.tsx';
import { subjectOf } from './subject.ts';
import { TransactionList } from './transaction-list.tsx';
import css from './transactions.module.css';

// Their keys are all of the names.
const GROUPS = Object.keys(TYPE_GROUPS) as TypeGroup[];
const SERVICES = Object.keys(PLATFORMS) as Platform[];

const day = v.pipe(v.string(), v.maxLength(10));
const Kept: v.GenericSchema<unknown, EntryFilter> = v.object({
  text: v.pipe(v.string(), v.maxLength(100)),
  date: v.picklist(DATES),
  from: day,
  until: day,
  type: v.picklist(['' as const, ...GROUPS]),
  platform: v.picklist(['' as const, ...SERVICES]),
});

export function Transactions() {
  const { sections, locale, place, offset } = usePanel();
  const { t, language } = locale;
  const history = useHistory();
  const [filter, setFilter] = useStored('transactions', Kept, NO_FILTER);
  const clusters = sections.clusters ?? [];
  const { entries } = history;
  // Today's midnight moves the filter, not every tick.
  const today = dayOf(Date.now() + offset, place);
  const ready = useMemo(
    () => readyFilter(filter, Date.now() + offset, place),
    [filter, today, place.timezone],
  );
  const pass = (entry: Entry) =>
    matches(entry, ready, ready.words === '' ? '' : subjectOf(entry, clusters, locale));
  const passed = useMemo(
    () =>
      growing<Entry, readonly Entry[]>(
        () => [],
        (before, more) => {
          const found = more.filter(pass);
          return found.length === 0 ? before : [...before, ...found];
        },
      ),
    [ready, sections.clusters, locale],
  );
  const lets = isIdle(filter) ? null : passed;
  const shown = lets ? lets(entries) : entries;
  const goesOn = !history.complete && mayGoOn(ready, entries.at(-1));
  const clear = () => setFilter(undefined);
  return (
    <section class={css.section} aria-labelledby="transactions">
      <div class={css.head}>
        <h2 id="transactions">
          {t('transactions.heading')}{' '}
          <span class="t3 num" style={{ fontWeight: 400 }} data-part="transaction-count">
            {isIdle(filter)
              ? formatCount(history.total, language)
              : t(goesOn ? 'transactions.found_so_far' : 'transactions.found', {
                  count: formatCount(shown.length, language),
                })}
          </span>
        </h2>
        <Export filter={filter} pass={pass} />
      </div>
      <div class={css.tools} role="search">
        <SearchField
          label={t('transactions.search')}
          value={filter.text}
          shortcut="/"
          onInput={(text) => setFilter({ ...filter, text: text.slice(0, 100) })}
        />
        <Filter
          name="date"
          label={t('filter.date')}
          idle="any"
          value={filter.date}
          options={DATES.filter((value) => value !== 'any').map((value) => ({
            value,
            label: t(`date.${value}`),
          }))}
          onSelect={(date) => setFilter({ ...filter, date })}
        />
        <Filter
          name="type"
          label={t('filter.type')}
          idle=""
          value={filter.type}
          options={GROUPS.map((value) => ({ value, label: t(`group.${value}`) }))}
          onSelect={(type) => setFilter({ ...filter, type })}
        />
        <Filter
          name="platform"
          label={t('filter.platform')}
          idle=""
          value={filter.platform}
          options={SERVICES.map((value) => ({ value, label: t(`platform.${value}`) }))}
          onSelect={(platform) => setFilter({ ...filter, platform })}
        />
        {filter.date === 'custom' && (
          <div class={css.range}>
            {(['from', 'until'] as const).map((end) => (
              <label key={end}>
                {t(`date.${end}`)}
                <input
                  type="date"
                  name={end}
                  value={filter[end]}
                  onInput={(event) => setFilter({ ...filter, [end]: event.currentTarget.value })}
                />
              </label>
            ))}
          </div>
        )}
      </div>
      {isIdle(filter) && <PendingRows />}
      {shown.length === 0 && !goesOn ? (
        isIdle(filter) ? (
          <Empty icon={page} title={t('transactions.none')} text={t('transactions.none_text')} />
        ) : (
          <Empty icon={page} title={t('transactions.no_match')} text={t('transactions.no_match_text')}>
            <Button small onClick={clear}>
              {t('action.clear_filters')}
            </Button>
          </Empty>
        )
      ) : (
        <TransactionList history={history} entries={shown} filter={lets} goesOn={goesOn} />
      )}
    </section>
  );
}

/** Reads all that the filter could let through, then hands it over as a file. */
function Export({ filter, pass }: { filter: EntryFilter; pass: (entry: Entry) => boolean }) {
  const { locale, place, offset } = usePanel();
  const { t, language } = locale;
  const history = useHistory();
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);
  const run = async (format: 'csv' | 'json') => {
    setBusy(true);
    const ready = readyFilter(filter, Date.now() + offset, place);
    let isWhole = true;
    while (isWhole && !history.complete && mayGoOn(ready, history.entries.at(-1))) {
      await history.more();
      isWhole = history.error === null;
    }
    setBusy(false);
    setFailed(!isWhole);
    // Half of it would be taken for all of it.
    if (!isWhole) return;
    const found = history.entries.filter(pass);
    const name = `io-credits-${dayOf(Date.now() + offset, place)}.${format}`;
    if (format === 'csv') download(toCsv(found), name, 'text/csv;charset=utf-8');
    else download(toJson(found), name, 'application/json');
    toast(t('export.done', { count: formatCount(found.length, language), format: format.toUpperCase() }));
  };
  if (busy) {
    return (
      <span class="s t2 num" role="status">
        {t('history.reading', {
          read: formatCount(history.entries.length, language),
          all: formatCount(history.total, language),
        })}
      </span>
    );
  }
  return (
    <span class={css.export}>
      {failed && (
        <span class="bad" role="alert">
          {t('export.failed')}{' '}
        </span>
      )}
      <Icon of={downloadIcon} size={14} />
      <Link label={t('export.csv')} part="export-csv" onClick={() => void run('csv')}>
        CSV
      </Link>
      <span class="sep" />
      <Link label={t('export.json')} part="export-json" onClick={() => void run('json')}>
        JSON
      </Link>
    </span>
  );
}
