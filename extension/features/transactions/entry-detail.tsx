// A transaction in full: every field it has, and its proof, worked out on this device when someone asks for it.
import { useEffect, useState } from 'preact/hooks';
import type { Entry } from '../../../shared/account.ts';
import { readBalance } from '../../../shared/money.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { check } from '../../ui/step-icons.ts';
import { formatCount } from '../../ui/figures.ts';
import { formatExact, formatMovement } from '../../ui/money.ts';
import { copy, document as page } from '../../ui/panel-icons.ts';
import { Banner } from '../../ui/banner.tsx';
import { Empty } from '../../ui/states.tsx';
import { formatFull } from '../../ui/time.ts';
import { toast } from '../../ui/toast.tsx';
import { readHistoryPage } from '../../view/history.ts';
import { isPanelKey } from '../../locales/panel.ts';
import { FormPage } from '../panel/form-page.tsx';
import { usePanel } from '../panel/panel-context.ts';
import panel from '../panel/panel.module.css';
import { refusalWords } from '../panel/refusal.tsx';
import { goBack, to } from '../panel/route.ts';
import { serviceWord, typeWord } from '../panel/words.ts';
import css from './entry-detail.module.css';
import { proveOnDevice, type Proof } from './prove.ts';
import { subjectOf } from './subject.ts';

const PAGE = 500;

export function EntryDetail({ n }: { n: number }) {
  const { sections, locale, go } = usePanel();
  const { t } = locale;
  const [older, setOlder] = useState<Entry | 'failed' | null>(null);
  const recent = sections.recent?.find((entry) => entry.n === n);
  const isKnown = recent !== undefined;
  useEffect(() => {
    if (isKnown || sections.recent === undefined) return;
    let isHere = true;
    const read = async () => {
      const answer = await readHistoryPage(Math.floor((n - 1) / PAGE)).catch(() => null);
      const found = answer?.ok ? answer.page.entries.find((entry) => entry.n === n) : undefined;
      if (isHere) setOlder(found ?? 'failed');
    };
    void read();
    return () => {
      isHere = false;
    };
  }, [n, isKnown, sections.recent === undefined]);
  const entry = recent ?? older;
  return (
    <FormPage title={t('entry.title')} onBack={() => goBack(go, to('billing'))} part="entry">
      {entry === null ? (
        <p class={panel.block} role="status">
          {t('entry.loading')}
        </p>
      ) : entry === 'failed' ? (
        <Empty icon={page} title={t('entry.unknown')} text={t('entry.unknown_text')} />
      ) : (
        <Detail key={entry.n} entry={entry} />
      )}
    </FormPage>
  );
}

function Detail({ entry }: { entry: Entry }) {
  const { sections, locale, place } = usePanel();
  const { t, language } = locale;
  const micros = readBalance(entry.amount);
  const subject = subjectOf(entry, sections.clusters ?? [], locale);
  const status = `entry_status.${entry.status}`;
  const refused =
    entry.code === undefined ? null : refusalWords(entry.code, locale, sections.credits?.suspended_for);
  return (
    <>
      <section class={panel.block}>
        <p class={panel.label}>{[typeWord(entry.type, locale), subject].filter(Boolean).join(' · ')}</p>
        <p class={micros > 0n ? `${css.amount} pos` : css.amount} title={formatExact(micros, language)}>
          {formatMovement(micros, language)}
        </p>
        {refused && (
          <p class={css.refused}>
            {refused.title}. {refused.text}
          </p>
        )}
      </section>
      <dl class={css.fields}>
        <Fact label={t('entry.time')}>
          <time class="num" dateTime={new Date(entry.at).toISOString()}>
            {formatFull(entry.at, place)}
          </time>
        </Fact>
        <Fact label={t('entry.type')}>{typeWord(entry.type, locale)}</Fact>
        <Fact label={t('entry.service')}>{serviceWord(entry.service, locale)}</Fact>
        <Fact label={t('entry.status')}>{isPanelKey(status) ? t(status) : entry.status}</Fact>
        <Fact label={t('entry.amount')}>
          <span class="num">{formatExact(micros, language)}</span>
        </Fact>
        <Fact label={t('entry.balance')}>
          <span class="num">{formatExact(readBalance(entry.balance), language)}</span>
        </Fact>
        <Code label={t('entry.id')} value={entry.id} />
        {entry.ref !== undefined && <Code label={t('entry.ref')} value={entry.ref} />}
        {entry.intent !== undefined && <Code label={t('entry.intent')} value={entry.intent} />}
        <Fact label={t('entry.number')}>
          <span class="num">{formatCount(entry.n, language)}</span>
        </Fact>
      </dl>
      <Prove entry={entry} />
    </>
  );
}

function Fact({ label, children }: { label: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** @param short what is shown of it; copied is all */
function Code({ label, value, short }: { label: string; value: string; short?: string }) {
  const { t } = usePanel().locale;
  return (
    <div>
      <dt>{label}</dt>
      <dd class={css.code}>
        <span class={short === undefined ? 'mono' : `mono ${css.hash}`} title={short && value}>
          {short ?? value}
        </span>
        <IconButton
          of={copy}
          label={t('action.copy', { what: label })}
          onClick={() => void navigator.clipboard.writeText(value).then(() => toast(t('action.copied')))}
        />
      </dd>
    </div>
  );
}

/** Enough of a hash to compare by eye. */
const shortHash = (hash: string) => `${hash.slice(0, 8)}…${hash.slice(-8)}`;

/** "Prove this entry": the chain of hashes from its page's beginning, recomputed here. */
function Prove({ entry }: { entry: Entry }) {
  const { sections, locale } = usePanel();
  const { t, language } = locale;
  const [proof, setProof] = useState<Proof | 'busy' | null>(null);
  const head = sections.head ?? null;
  const run = () => {
    setProof('busy');
    void proveOnDevice(entry, head, readHistoryPage).then(setProof);
  };
  return (
    <section class={css.proof} aria-labelledby="proof" data-part="proof">
      <h2 id="proof">{t('proof.title')}</h2>
      <p class="s t2">{t('proof.text')}</p>
      {proof !== null && proof !== 'busy' && proof.state === 'proved' && (
        <div role="status" data-part="proved">
          <p class={css.proved}>
            <Icon of={check} />
            {t('proof.proved', {
              count: formatCount(proof.checked, language),
              n: formatCount(entry.n, language),
            })}
          </p>
          {proof.reaches && <p class="s t2">{t('proof.reaches')}</p>}
          <dl class={css.fields} style={{ padding: 0 }}>
            <Code label={t('proof.prev')} value={proof.prev} short={shortHash(proof.prev)} />
            <Code label={t('proof.digest')} value={proof.digest} short={shortHash(proof.digest)} />
            <Code label={t('proof.hash')} value={proof.hash} short={shortHash(proof.hash)} />
          </dl>
        </div>
      )}
      {proof !== null && proof !== 'busy' && proof.state === 'broken' && (
        <Banner tone="bad" role="alert" title={t('proof.broken')} text={t('proof.broken_text')} />
      )}
      {proof !== null && proof !== 'busy' && proof.state === 'unknown' && (
        <Banner role="alert" title={t('proof.unknown')} text={t('proof.unknown_text')} />
      )}
      {(proof === null || proof === 'busy' || proof.state !== 'proved') && (
        <Button part="prove" waiting={proof === 'busy'} waitingLabel={t('proof.busy')} onClick={run}>
          {t('proof.button')}
        </Button>
      )}
    </section>
  );
}
