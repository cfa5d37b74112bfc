// How long the credits would last with some more: the words of the line under a purchase.
import type { Micros } from '../../../shared/money.ts';
import type { Runway } from '../../../shared/runway.ts';
import { HOUR } from '../../../shared/time.ts';
import type { PanelLocale } from '../../locales/panel.ts';
import { formatDuration } from '../../ui/durations.ts';
import { formatRate } from '../../ui/figures.ts';

/** Empty when nothing draws: then there is nothing to last for. */
export function runwayAfter(available: Micros, runway: Runway | null, { t, language }: PanelLocale): string {
  if (runway === null || runway.per_hour <= 0n || available <= 0n) return '';
  const time = Number((available * BigInt(HOUR)) / runway.per_hour);
  return t('purchase.after_runway', {
    time: formatDuration(time, language),
    rate: formatRate(runway.per_hour, language),
  });
}
