// The icon of an entry: what kind of movement it is.
import type { Entry } from '../../../shared/account.ts';
import { alert } from '../../ui/step-icons.ts';
import { arrowOut, bolt, document, gift, plus, refund, server } from '../../ui/panel-icons.ts';

const ICONS: Record<string, string> = {
  purchase: plus,
  bd_grant: plus,
  refund,
  incentive: gift,
  expiry: gift,
  withdrawal: arrowOut,
  refused: alert,
};

export function entryIcon({ type, service }: Pick<Entry, 'type' | 'service'>): string {
  if (type === 'usage') return service === 'inference' ? bolt : server;
  return ICONS[type] ?? document;
}
