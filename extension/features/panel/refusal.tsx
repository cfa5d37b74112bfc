// Why a change did not happen, and the next step: under the form that asked for it, and in the list of what waits.
import type { Suspension } from '../../../shared/account.ts';
import { isPanelKey, type PanelLocale } from '../../locales/panel.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { usePanel } from './panel-context.ts';
import css from './panel.module.css';
import type { Change } from './use-change.ts';
import { to } from './route.ts';

/** Codes for which more credits are the next step. */
const SHORT = new Set(['insufficient_credits', 'allowance_exhausted', 'quota_exhausted', 'grace_expired']);

/**
 * Reason and next step of a code; one that we do not know is named.
 * @param suspended why the account is suspended now, if it is
 */
export function refusalWords(
  code: string,
  { t }: PanelLocale,
  suspended?: Suspension,
): { title: string; text: string } {
  const title = `refused.${code}`;
  const special = `${title}.${suspended}`;
  const text = isPanelKey(special) ? special : `${title}.step`;
  if (isPanelKey(title) && isPanelKey(text)) return { title: t(title), text: t(text) };
  return { title: t('refused.unknown', { code }), text: t('refused.unknown.step') };
}

/** Why a change was refused, under what asked for it; nothing when it was not. `inset`: under a row of a full-width list. */
export function ChangeRefusal({
  change: { state, code, reset },
  inset = false,
  topUp = true,
}: {
  change: Pick<Change<never>, 'state' | 'code' | 'reset'>;
  inset?: boolean;
} & Pick<Props, 'topUp'>) {
  if ((state !== 'refused' && state !== 'failed') || code === null) return null;
  return (
    <div class={inset ? `${css.refusal} ${css.inset}` : css.refusal}>
      <Refusal code={code} onDismiss={reset} topUp={topUp} />
    </div>
  );
}

interface Props {
  code: string;
  /** Without it the banner stays for as long as the caller draws it. */
  onDismiss?: () => void;
  /** False where topping up is already offered beside it. */
  topUp?: boolean;
}

export function Refusal({ code, onDismiss, topUp = true }: Props) {
  const { locale, sections, go } = usePanel();
  const { title, text } = refusalWords(code, locale, sections.credits?.suspended_for);
  const isStep = topUp && SHORT.has(code);
  return (
    <Banner tone="bad" role="alert" title={title} text={text} part="refusal">
      {isStep && (
        <Button small onClick={() => go(to('billing', 'purchase'))}>
          {locale.t('action.top_up')}
        </Button>
      )}
      {onDismiss && (
        <Button small kind={isStep ? 'ghost' : 'secondary'} part="dismiss" onClick={onDismiss}>
          {locale.t('action.dismiss')}
        </Button>
      )}
    </Banner>
  );
}
