// The balance over the last seven days, beside the number.
import { momentsLocale } from '../../locales/moments.ts';
import type { Language } from '../../locales/text.ts';
import { Sparkline } from '../../ui/sparkline.tsx';
import { freshness, type Snapshot } from '../../view/snapshot.ts';

interface Props {
  snapshot: Snapshot;
  /** Of this device. */
  now: number;
  tone: 'data' | 'warn' | 'bad';
  language: Language;
}

export function Trend({ snapshot, now, tone, language }: Props) {
  return (
    <Sparkline
      label={momentsLocale(language).t('balance.trend')}
      width={124}
      height={44}
      points={snapshot.trend}
      tone={tone}
      stale={freshness(snapshot, now) !== 'fresh'}
    />
  );
}
