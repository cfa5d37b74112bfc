// Wallets: up to ten of Solana and one of Aptos; of each chain one is primary. An address is checked while it is typed.
import { useEffect, useState } from 'preact/hooks';
import * as v from 'valibot';
import { type Chain, MAX_WALLETS, type Wallet } from '../../../shared/profile.ts';
import { canonicalAddress, chainOf } from '../../../shared/wallets.ts';
import { Button, Link } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { shortId } from '../../ui/names.ts';
import { Pill } from '../../ui/pill.tsx';
import { Section } from '../../ui/section.tsx';
import { formatMoment } from '../../ui/time.ts';
import { toast } from '../../ui/toast.tsx';
import { usePanel } from '../panel/panel-context.ts';
import { ChangeRefusal, Refusal } from '../panel/refusal.tsx';
import { useStored } from '../panel/stored.ts';
import { useChange } from '../panel/use-change.ts';
import { WaitingNote } from '../panel/waiting-note.tsx';
import css from './settings.module.css';

export function Wallets() {
  const { sections, locale } = usePanel();
  const { t } = locale;
  const wallets = sections.profile?.wallets ?? [];
  return (
    <Section
      title={t('wallets.title')}
      part="wallets"
      aside={<span class="s t3 num">{wallets.length > 0 ? String(wallets.length) : ''}</span>}
    >
      {wallets.length === 0 ? (
        <p class="s t2">{t('wallets.empty')}</p>
      ) : (
        <ul class={css.rows}>
          {wallets.map((wallet) => (
            <WalletRow key={wallet.id} wallet={wallet} />
          ))}
        </ul>
      )}
      <AddWallet wallets={wallets} />
    </Section>
  );
}

function WalletRow({ wallet }: { wallet: Wallet }) {
  const { locale, place, offset } = usePanel();
  const { t } = locale;
  const [asking, setAsking] = useState(false);
  const primary = useChange('wallet.primary', wallet.id);
  const remove = useChange('wallet.remove', wallet.id);
  const isBusy = [primary, remove].some(({ busy, state }) => busy || state === 'waiting');
  const refused = [primary, remove].find(({ state }) => state === 'refused' || state === 'failed');
  const short = shortId(wallet.address);
  const day = formatMoment(Date.parse(wallet.added_at), Date.now() + offset, place);
  return (
    <li class={css.row} data-wallet={wallet.address}>
      <div style={{ minWidth: 0 }}>
        <div class={css.line}>
          <span class="mono" title={wallet.address}>
            {short}
          </span>
          {wallet.primary && <Pill tone="accent">{t('wallet.primary')}</Pill>}
        </div>
        <p class="s t2 cut">
          {t(`chain.${wallet.chain}`)}
          <span class="sep" />
          {isBusy ? t('wallet.changing') : t('wallet.added', { day })}
        </p>
      </div>
      <div>
        {!wallet.primary && (
          <Link
            part="make-primary"
            label={t('wallet.make_primary_label', { address: short })}
            onClick={() => primary.run({ id: wallet.id })}
          >
            {t('wallet.make_primary')}
          </Link>
        )}
        <Link
          part="remove-wallet"
          label={t('wallet.remove_label', { address: short })}
          onClick={() => setAsking(true)}
        >
          {t('wallet.remove')}
        </Link>
      </div>
      {refused?.code != null && <Refusal code={refused.code} onDismiss={refused.reset} />}
      {asking && (
        <ConfirmDialog
          title={t('wallet.remove_title', { address: short })}
          text={t('wallet.remove_text')}
          confirm={t('wallet.remove')}
          cancel={t('action.cancel')}
          danger
          part="wallet-dialog"
          onClose={() => setAsking(false)}
          onConfirm={() => {
            setAsking(false);
            remove.run({ id: wallet.id });
          }}
        />
      )}
    </li>
  );
}

type Problem = 'invalid' | 'known' | 'full_solana' | 'full_aptos';

/** Why an address cannot be added; null while nothing is wrong with it. */
function problemOf(address: string, chain: Chain | null, wallets: readonly Wallet[]): Problem | null {
  if (chain === null) return 'invalid';
  const canonical = canonicalAddress(chain, address);
  if (wallets.some((wallet) => wallet.chain === chain && wallet.address === canonical)) return 'known';
  const own = wallets.filter((wallet) => wallet.chain === chain).length;
  return own >= MAX_WALLETS[chain] ? `full_${chain}` : null;
}

function AddWallet({ wallets }: { wallets: readonly Wallet[] }) {
  const { t } = usePanel().locale;
  const [text, setText] = useStored('wallet', v.pipe(v.string(), v.maxLength(128)), '');
  const change = useChange('wallet.add', null);
  const address = text.trim();
  const chain = chainOf(address);
  const problem = address === '' ? null : problemOf(address, chain, wallets);
  const isReady = address !== '' && problem === null && chain !== null;
  const done = change.state === 'settled';
  useEffect(() => {
    if (!done) return;
    setText(undefined);
    change.reset();
    toast(t('wallet.is_added'));
  }, [done]);
  return (
    <form
      class={css.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady && !change.busy) change.run({ chain, address });
      }}
    >
      <Field
        name="wallet_address"
        label={t('wallet.add_label')}
        mono
        maxLength={128}
        value={text}
        error={problem === null ? null : t(`wallet.${problem}`)}
        hint={chain === null ? t('wallet.hint') : t(`chain.is_${chain}`)}
        onInput={setText}
      />
      <div class={css.step} style={{ marginTop: 0 }}>
        <Button
          type="submit"
          part="add-wallet"
          disabled={!isReady}
          waiting={change.busy}
          waitingLabel={t('form.saving')}
        >
          {t('wallet.add')}
        </Button>
      </div>
      <WaitingNote state={change.state} />
      <ChangeRefusal change={change} />
    </form>
  );
}
