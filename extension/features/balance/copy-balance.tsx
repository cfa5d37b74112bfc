// Copies the balance as the program that it is pasted into wants it, and says that it did.
import { render } from 'preact';
import { floorToCent, formatAmount, readBalance } from '../../../shared/money.ts';
import { momentsLocale } from '../../locales/moments.ts';
import type { Language } from '../../locales/text.ts';
import { formatBalance } from '../../ui/money.ts';
import { toast, ToastRegion } from '../../ui/toast.tsx';
import type { Snapshot } from '../../view/snapshot.ts';

/** Plain decimals with an ASCII minus: "106.40". */
export function plainBalance({ credits }: Pick<Snapshot, 'credits'>): string {
  const [whole = '0', cents = ''] = formatAmount(floorToCent(readBalance(credits?.balance ?? '0'))).split(
    '.',
  );
  return `${whole}.${cents.padEnd(2, '0')}`;
}

export async function copyBalance(snapshot: Snapshot, language: Language): Promise<void> {
  if (snapshot.confirmed_at === null) return;
  await navigator.clipboard.writeText(plainBalance(snapshot));
  const place = document.createElement('div');
  document.body.append(place);
  render(<ToastRegion />, place);
  const amount = formatBalance(readBalance(snapshot.credits?.balance ?? '0'), language);
  toast(momentsLocale(language).t('balance.copied', { amount }));
}
