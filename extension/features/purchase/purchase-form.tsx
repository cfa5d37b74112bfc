// Purchase IO Credits: amount, method, fee and total before anything is sent; then the page where it is paid.
import { useEffect, useRef, useState } from 'preact/hooks';
import * as v from 'valibot';
import type { Purchase } from '../../../shared/account.ts';
import { feeOf, MIN_PURCHASE, PAY_METHODS, type PayMethod, quote } from '../../../shared/fees.ts';
import { formatAmount, type Micros, readBalance } from '../../../shared/money.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button, Link } from '../../ui/button.tsx';
import { RadioRows } from '../../ui/choice.tsx';
import { AmountField } from '../../ui/field.tsx';
import { formatPercent } from '../../ui/counts.ts';
import { formatBalance, formatPrice } from '../../ui/money.ts';
import { Lines } from '../../ui/columns.tsx';
import { toast } from '../../ui/toast.tsx';
import { SUPPORT_MAIL } from '../cloud/deploy-url.ts';
import { FormFoot, FormPage } from '../panel/form-page.tsx';
import { usePanel } from '../panel/panel-context.ts';
import panel from '../panel/panel.module.css';
import { ChangeRefusal } from '../panel/refusal.tsx';
import { goBack, to } from '../panel/route.ts';
import { useStored } from '../panel/stored.ts';
import { dollarSide, plainAmount, readTyped } from '../panel/typed-amount.ts';
import { useChange } from '../panel/use-change.ts';
import { wholeDollars } from '../panel/whole-dollars.ts';
import { methodWord } from '../panel/words.ts';
import { useRunway } from '../overview/runway-line.tsx';
import { payable } from './payment-link.ts';
import { runwayAfter } from './runway-after.ts';

const CHIPS = ['10', '25', '50', '100'];
const Draft = v.object({ amount: v.pipe(v.string(), v.maxLength(32)), method: v.picklist(PAY_METHODS) });
const EMPTY: v.InferOutput<typeof Draft> = { amount: '', method: 'usdc' };

export function PurchaseForm() {
  const { sections, locale, offset, go, route } = usePanel();
  const { t, language } = locale;
  const [draft, setDraft] = useStored('purchase', Draft, EMPTY);
  const change = useChange('purchase.start');
  // A link may say how much is missing, and how it is to be paid.
  useEffect(() => {
    const { amount, method } = route.fill;
    const given = v.safeParse(Draft, { amount: amount ?? draft.amount, method: method ?? draft.method });
    if (given.success && (amount !== undefined || method !== undefined)) setDraft(given.output);
  }, [route.fill['amount'], route.fill['method']]);

  const typed = readTyped(draft.amount, { least: MIN_PURCHASE, cents: draft.method === 'card' });
  const micros = 'micros' in typed ? typed.micros : null;
  const runway = useRunway(micros ?? 0n);
  const fee = feeOf(sections.credits);
  const price = (method: PayMethod) => quote(micros ?? 0n, method, fee);
  const chosen = price(draft.method);
  /** What was told to cost when it was sent. */
  const told = useRef<Micros | null>(null);
  const started = useStartedPurchase(change.state === 'settled');
  const close = () => goBack(go, to('billing'));

  useEffect(() => {
    if (!change.kept) return;
    toast(t('pending.kept'));
    setDraft(undefined);
    close();
  }, [change.kept]);

  if (change.state === 'settled') {
    return (
      <Started
        purchase={started}
        told={told.current ?? chosen.total}
        onClose={() => {
          setDraft(undefined);
          close();
        }}
      />
    );
  }
  const problem = 'problem' in typed && typed.problem !== 'empty' ? typed.problem : null;
  const available = readBalance(sections.credits?.available ?? '0');
  return (
    <FormPage
      title={t('action.purchase')}
      onBack={close}
      part="purchase-form"
      onSubmit={() => {
        if (micros === null || change.busy) return;
        told.current = chosen.total;
        change.run({ amount: formatAmount(micros), method: draft.method });
      }}
      foot={
        <FormFoot
          onCancel={close}
          part="pay"
          disabled={micros === null}
          waiting={change.busy}
          waitingLabel={t('form.sending')}
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
          error={
            problem === null ? null : t(`amount.${problem}`, { least: formatPrice(MIN_PURCHASE, language) })
          }
          onInput={(amount) => setDraft({ ...draft, amount })}
        />
        <div class={panel.chips} role="group" aria-label={t('purchase.amounts')}>
          {CHIPS.map((chip) => (
            <Button
              key={chip}
              small
              wide
              kind={plainAmount(draft.amount) === chip ? 'chosen' : 'secondary'}
              pressed={plainAmount(draft.amount) === chip}
              onClick={() => setDraft({ ...draft, amount: chip })}
            >
              {wholeDollars(Number(chip), language)}
            </Button>
          ))}
        </div>
        <div style={{ marginTop: '20px' }}>
          <RadioRows
            name="method"
            legend={t('purchase.method')}
            value={draft.method}
            onSelect={(next) => setDraft({ ...draft, method: next })}
            rows={PAY_METHODS.toSorted((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b)).map((value) => ({
              value,
              label: t(`method_long.${value}`),
              note:
                value === 'card'
                  ? t('purchase.card_fee', { percent: formatPercent(fee, language) })
                  : t('purchase.no_fee'),
              figure: micros === null ? '' : formatPrice(price(value).total, language),
            }))}
          />
        </div>
      </section>
      <section class={panel.block} style={{ borderTop: '1px solid var(--line)' }}>
        <Lines
          lines={[
            {
              label: t('purchase.credits'),
              value: micros === null ? '–' : formatPrice(chosen.credits, language),
            },
            { label: t('purchase.fee'), value: micros === null ? '–' : formatPrice(chosen.fee, language) },
            {
              label: t('purchase.total'),
              value: micros === null ? '–' : formatPrice(chosen.total, language),
              kind: 'sum',
            },
          ]}
        />
        <p class="s t2 num" style={{ marginTop: '8px', minHeight: '16px' }}>
          {micros !== null &&
            t('purchase.after', {
              available: formatBalance(available + micros, language),
              runway: runwayAfter(runway, Date.now() + offset, locale),
            })}
        </p>
        <p class="s t2" style={{ marginTop: '8px' }}>
          {t('purchase.more')} <Link href={`mailto:${SUPPORT_MAIL}`}>{t('purchase.request_more')}</Link>
        </p>
        <ChangeRefusal change={change} />
      </section>
    </FormPage>
  );

  /** What the filled button does, or what is missing before it can. */
  function step(): string {
    if (micros === null) return t(problem === null ? 'form.enter_amount' : 'form.correct_amount');
    const amount = formatPrice(chosen.total, language);
    return draft.method === 'card'
      ? t('form.by_card', { amount })
      : t('purchase.pay', { amount, method: methodWord(draft.method, locale) });
  }
}

const ORDER: readonly PayMethod[] = ['usdc', 'card', 'io_coin'];

/** The purchase that the answered request made: the newest one that was not there when the form opened. */
function useStartedPurchase(isAnswered: boolean): Purchase | null {
  const { sections } = usePanel();
  const before = useRef<Set<string> | null>(null);
  const purchases = sections.purchases ?? [];
  if (!isAnswered || before.current === null) before.current ??= new Set(purchases.map(({ id }) => id));
  return purchases.findLast(({ id }) => before.current?.has(id) === false) ?? null;
}

/** The request is in; what is left is to pay, on the provider's page. */
function Started({
  purchase,
  told,
  onClose,
}: {
  purchase: Purchase | null;
  /** What the form said it would cost. */
  told: Micros;
  onClose: () => void;
}) {
  const { locale } = usePanel();
  const { t, language } = locale;
  const url = purchase && payable(purchase);
  const [opened, setOpened] = useState(false);
  const isSettled = purchase?.status === 'settled';
  const total = purchase ? readBalance(purchase.total) : told;
  return (
    <FormPage
      title={t('action.purchase')}
      onBack={onClose}
      part="purchase-started"
      foot={
        <>
          <Button wide={isSettled} onClick={onClose} part="done">
            {t('action.done')}
          </Button>
          {url !== null && url !== undefined && (
            <Button
              kind="primary"
              wide
              part="open-payment"
              onClick={() => {
                setOpened(true);
                window.open(url, '_blank', 'noreferrer');
              }}
            >
              {t('purchase.open_page')}
            </Button>
          )}
        </>
      }
    >
      <section class={panel.block} role="status">
        {isSettled ? (
          <Settled amount={formatBalance(readBalance(purchase.credits), language)} />
        ) : (
          <Banner
            title={t('purchase.started', { total: formatPrice(total, language) })}
            text={opened ? t('purchase.opened_text') : t('purchase.started_text')}
          />
        )}
        {!isSettled && total !== told && (
          <p class="s t2 num" data-part="other-price" style={{ marginTop: '8px' }}>
            {t('purchase.other_price', {
              total: formatPrice(total, language),
              told: formatPrice(told, language),
            })}
          </p>
        )}
      </section>
    </FormPage>
  );
}

function Settled({ amount }: { amount: string }) {
  const { t } = usePanel().locale;
  return (
    <>
      <h2 class="t1">{t('purchase.settled', { amount })}</h2>
      <p class="s t2">{t('purchase.settled_text')}</p>
    </>
  );
}
