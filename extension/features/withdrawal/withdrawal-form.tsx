// Request Withdrawal: what can be withdrawn and why not all of it, how much, and to which wallet. Reviewed by finance.
import { useEffect } from 'preact/hooks';
import * as v from 'valibot';
import {
  formatAmount,
  MAX_AMOUNT,
  type Micros,
  MICROS_PER_CREDIT,
  readBalance,
} from '../../../shared/money.ts';
import { chainOf } from '../../../shared/wallets.ts';
import { Button } from '../../ui/button.tsx';
import { AmountField, Field } from '../../ui/field.tsx';
import { formatBalance, formatExact } from '../../ui/money.ts';
import { shortId } from '../../ui/names.ts';
import { Lines, type Line } from '../../ui/columns.tsx';
import { Select } from '../../ui/select.tsx';
import { toast } from '../../ui/toast.tsx';
import { FormFoot, FormPage } from '../panel/form-page.tsx';
import { usePanel } from '../panel/panel-context.ts';
import panel from '../panel/panel.module.css';
import { ChangeRefusal } from '../panel/refusal.tsx';
import { goBack, to } from '../panel/route.ts';
import { useStored } from '../panel/stored.ts';
import { dollarSide, readTyped, typedText } from '../panel/typed-amount.ts';
import { useChange } from '../panel/use-change.ts';
import { whyLines } from './why.ts';

/** Smallest withdrawal (rules.md section 10). */
const LEAST = MICROS_PER_CREDIT;
const OTHER = 'other';

const Draft = v.object({
  amount: v.pipe(v.string(), v.maxLength(32)),
  /** Id of a wallet of the account, or `other` for the address that is typed; empty for the primary one. */
  wallet: v.pipe(v.string(), v.maxLength(64)),
  address: v.pipe(v.string(), v.maxLength(128)),
});
const EMPTY: v.InferOutput<typeof Draft> = { amount: '', wallet: '', address: '' };

export function WithdrawalForm() {
  const { sections, snapshot, locale, go } = usePanel();
  const { t, language } = locale;
  const [draft, setDraft] = useStored('withdrawal', Draft, EMPTY);
  const change = useChange('withdrawal.request');
  const credits = sections.credits ?? snapshot.credits;
  const most = readBalance(credits?.withdrawable ?? '0');
  // One request has a limit of its own.
  const atOnce = most < MAX_AMOUNT ? most : MAX_AMOUNT;
  const wallets = sections.profile?.wallets ?? [];
  const primary = wallets.find((wallet) => wallet.primary) ?? wallets[0];
  const chosen =
    draft.wallet === OTHER ? undefined : (wallets.find(({ id }) => id === draft.wallet) ?? primary);
  const address = chosen?.address ?? draft.address.trim();
  const chain = chainOf(address);
  const typed = readTyped(draft.amount, { least: LEAST, most });
  const micros = 'micros' in typed ? typed.micros : null;
  const isReady = micros !== null && chain !== null;
  const close = () => goBack(go, to('billing'));
  const amount = micros === null ? '' : formatBalance(micros, language);

  const done = change.state === 'settled';
  useEffect(() => {
    if (!done && !change.kept) return;
    toast(done ? t('withdrawal.requested', { amount }) : t('pending.kept'));
    setDraft(undefined);
    close();
  }, [done, change.kept]);

  const problem = 'problem' in typed && typed.problem !== 'empty' ? typed.problem : null;
  const words = { least: formatBalance(LEAST, language), most: formatBalance(most, language) };
  return (
    <FormPage
      title={t('action.withdraw')}
      onBack={close}
      part="withdrawal-form"
      onSubmit={() => {
        if (isReady && !change.busy) change.run({ amount: formatAmount(micros), wallet_address: address });
      }}
      foot={
        <FormFoot
          onCancel={close}
          part="request"
          disabled={!isReady}
          waiting={change.busy}
          waitingLabel={t('withdrawal.requesting')}
        >
          {step()}
        </FormFoot>
      }
    >
      <section class={panel.block}>
        <AmountField
          name="amount"
          label={t('form.amount')}
          {...dollarSide(language)}
          value={draft.amount}
          maxLength={32}
          hint={t('withdrawal.most', words)}
          error={
            problem === null
              ? null
              : problem === 'over'
                ? t('withdrawal.over', words)
                : t(`amount.${problem}`, words)
          }
          onInput={(next) => setDraft({ ...draft, amount: next })}
        />
        {most >= LEAST && (
          <div style={{ marginTop: '8px' }}>
            <Button
              small
              part="all"
              onClick={() => setDraft({ ...draft, amount: typedText(atOnce, language) })}
            >
              {atOnce === most ? t('withdrawal.all', words) : formatBalance(atOnce, language)}
            </Button>
          </div>
        )}
        <div class={panel.stack} style={{ marginTop: '20px' }}>
          {wallets.length > 0 && (
            <Select
              name="wallet"
              label={t('withdrawal.wallet')}
              value={chosen?.id ?? OTHER}
              options={[
                ...wallets.map((wallet) => ({
                  value: wallet.id,
                  label: `${t(`chain.${wallet.chain}`)} ${shortId(wallet.address)}${wallet.primary ? ` · ${t('wallet.primary')}` : ''}`,
                })),
                { value: OTHER, label: t('withdrawal.other') },
              ]}
              onSelect={(wallet) => setDraft({ ...draft, wallet })}
            />
          )}
          {chosen === undefined && (
            <Field
              name="address"
              label={t('withdrawal.address')}
              mono
              maxLength={128}
              value={draft.address}
              error={draft.address.trim() === '' || chain !== null ? null : t('wallet.invalid')}
              hint={chain === null ? t('withdrawal.address_hint') : t(`chain.is_${chain}`)}
              onInput={(next) => setDraft({ ...draft, address: next })}
            />
          )}
        </div>
      </section>
      <section class={panel.block} style={{ borderTop: '1px solid var(--line)' }}>
        <h2 style={{ marginBottom: '8px' }}>{t('withdrawal.why')}</h2>
        <Lines lines={lines()} />
        <p class="s t2" style={{ marginTop: '12px' }}>
          {t('withdrawal.review')}
        </p>
        <ChangeRefusal change={change} />
      </section>
    </FormPage>
  );

  /** What the filled button does, or what is missing before it can. */
  function step(): string {
    if (most < LEAST) return t('withdrawal.nothing');
    if (micros === null) return t(problem === null ? 'form.enter_amount' : 'form.correct_amount');
    if (chain !== null) return t('withdrawal.request', { amount });
    return t(address === '' ? 'withdrawal.enter_address' : 'withdrawal.correct_address');
  }

  /** From the total to what can be withdrawn. */
  function lines(): Line[] {
    const none = formatBalance(0n, language);
    if (!credits)
      return [
        { label: t('balance.part.total'), value: none },
        { label: t('balance.withdrawable'), value: none, kind: 'sum' },
      ];
    const line = (label: string, part: Micros): Line => ({
      label,
      value: formatBalance(part, language),
      title: formatExact(part, language),
    });
    const { parts, owed } = whyLines(credits);
    return [
      line(t('balance.part.total'), readBalance(credits.balance)),
      ...parts.map(({ key, micros: part }) => line(t(key), part)),
      { ...line(t('balance.withdrawable'), most), kind: 'sum' },
      // It is no part of the sum: it says why that is nothing.
      ...(owed > 0n ? [{ ...line(t('withdrawal.owed'), owed), kind: 'small' as const }] : []),
    ];
  }
}
