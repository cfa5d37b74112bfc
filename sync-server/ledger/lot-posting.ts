// New lots, and the end of those that expire (rules.md section 4).
import { formatAmount } from '../../shared/money.ts';
import { toRfc3339 } from '../../shared/time.ts';
import type { Draft } from './draft.ts';
import { burnOrder, lotKey } from './lots.ts';
import { notify } from './notices.ts';
import type { LotBody, LotSource } from './records.ts';

/** Adds an empty lot; the transfer that fills it follows. Answers its key. */
export function addLot(draft: Draft, lot: Omit<LotBody, 'no' | 'created_at' | 'frozen' | 'warned'>): string {
  const no = draft.nextNo();
  const id = String(no);
  const body = { ...lot, no, created_at: draft.now, frozen: false, warned: false };
  draft.put({ kind: 'lot', id, open: true, links: [], body });
  return `lot:${id}`;
}

/** House account that bears a lot's cost when it is given, and gains when it expires. */
export function houseOf(source: LotSource): string {
  if (source === 'purchase') return 'income:breakage';
  return source === 'goodwill' || source === 'adjustment' ? 'expense:goodwill' : 'expense:promo';
}

/** Posts away what has expired by now, each lot with an entry of its own. */
export function expireLots(draft: Draft): void {
  const overdue = draft
    .open('lot')
    .filter(({ body }) => body.expires_at !== null && body.expires_at <= draft.now);
  for (const lot of overdue.toSorted((a, b) => burnOrder(a.body, b.body))) {
    const rest = draft.balance(lotKey(lot));
    if (rest === 0n) continue;
    const legs = draft.begin();
    legs.add(lotKey(lot), -rest);
    legs.add(houseOf(lot.body.source), rest);
    const id = legs.post('lot.expire', { of: lotKey(lot) });
    draft.entry({ id, service: 'credits', type: 'expiry', amount: -rest, status: 'completed' });
    notify(draft, 'promo_expired', lotKey(lot), { amount: formatAmount(rest), source: lot.body.source });
  }
}

/** Tells the owner of a lot that the rest of it expires soon; once. */
export function warnExpiry(draft: Draft, id: string): void {
  const lot = draft.find('lot', id);
  if (!lot || lot.body.expires_at === null) return;
  draft.put({ ...lot, body: { ...lot.body, warned: true } });
  notify(draft, 'promo_expiring', lotKey(lot), {
    amount: formatAmount(draft.balance(lotKey(lot))),
    source: lot.body.source,
    expires_at: toRfc3339(lot.body.expires_at),
  });
}
