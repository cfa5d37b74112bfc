// The full split of a balance: lines that add up to it.
import { momentsLocale } from '../../locales/moments.ts';
import type { Language } from '../../locales/text.ts';
import { Lines } from '../../ui/columns.tsx';
import { formatBalance, formatExact } from '../../ui/money.ts';
import type { SnapshotCredits } from '../../view/snapshot.ts';
import { balanceParts } from './parts.ts';

interface Props {
  credits: SnapshotCredits;
  language: Language;
}

export function SplitLines({ credits, language }: Props) {
  const { t } = momentsLocale(language);
  return (
    <Lines
      lines={balanceParts(credits).map(({ key, micros, kind }) => ({
        label: t(key),
        value: formatBalance(micros, language),
        title: formatExact(micros, language),
        ...(kind && { kind }),
      }))}
    />
  );
}
