// Which models used the plan: tokens, cost and share of the allowance, a row of 28 each.
import { modelShare, type ModelUsage, OTHER_MODELS, type Plan, planUse } from '../../../shared/plan.ts';
import { readBalance } from '../../../shared/money.ts';
import { formatCompact } from '../../ui/counts.ts';
import { formatPercent } from '../../ui/figures.ts';
import { Swatch } from '../../ui/meter.tsx';
import { formatBalance, formatExact } from '../../ui/money.ts';
import { modelName } from '../../ui/names.ts';
import overview from '../overview/overview.module.css';
import { usePanel } from '../panel/panel-context.ts';

/** Segments that a meter or a ring tells apart; the rest is one. */
const SEGMENTS = 3;

/** Percent of the allowance per model, the most first, what is beyond the first three in one. */
export function poolParts(plan: Plan): number[] {
  const shares = plan.models.map((model) => modelShare(plan, model) ?? 0);
  const rest = shares.slice(SEGMENTS).reduce((sum, share) => sum + share, 0);
  const parts = [...shares.slice(0, SEGMENTS), rest];
  const used = Number(planUse(plan));
  const allowance = Number(readBalance(plan.allowance));
  // What no model names is used all the same.
  const unnamed =
    allowance === 0 ? 0 : (used / allowance) * 100 - shares.reduce((sum, share) => sum + share, 0);
  return [...parts.slice(0, SEGMENTS), rest + Math.max(0, unnamed)];
}

export function ModelRows({ plan, shown }: { plan: Plan; shown?: number }) {
  const { locale } = usePanel();
  const { t, language } = locale;
  if (plan.models.length === 0) return null;
  return (
    <ul class={overview.rows}>
      {plan.models.slice(0, shown).map((use, index) => {
        const share = modelShare(plan, use);
        const cost = readBalance(use.cost);
        return (
          <li key={use.model} class={overview.model}>
            <Swatch index={index} />
            <span class="cut" title={use.model}>
              {use.model === OTHER_MODELS ? t('plan.other_models') : modelName(use.model)}
            </span>
            <span class={`${overview.end} s t2`}>
              {t('plan.tokens', { count: formatCompact(tokens(use), language) })}
            </span>
            <span class={`${overview.end} t2`} title={formatExact(cost, language)}>
              {formatBalance(cost, language)}
            </span>
            <b class={overview.end}>{share === null ? '' : formatPercent(share, language)}</b>
          </li>
        );
      })}
    </ul>
  );
}

const tokens = ({ input_tokens, output_tokens }: ModelUsage) => input_tokens + output_tokens;
