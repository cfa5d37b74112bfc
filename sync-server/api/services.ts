// What a service identity may touch: only what belongs to the IO services it is for.
import { formatAmount, type Micros } from '../../shared/money.ts';
import type { Caller } from '../identity/caller.ts';
import { FORCE } from '../identity/accounts.ts';
import { Refusal, type Service } from '../ledger/command.ts';
import { findRecord } from '../ledger/lookups.ts';
import type { RecordOf } from '../ledger/records.ts';
import type { Database } from '../ledger/storage/database.ts';

/** Whether a caller is for a service; one that names none is for all. */
export function serves({ services }: Caller, service: Service): boolean {
  const named = services.filter((name) => name !== FORCE);
  return named.length === 0 || named.includes(service);
}

/** @throws Refusal `forbidden` */
export function mustServe(caller: Caller, service: Service): void {
  if (!serves(caller, service))
    throw new Refusal('forbidden', `This identity is not for the service ${service}.`);
}

/** A charge or hold that a caller may know of. @throws Refusal `charge_not_found`, `hold_not_found` */
export async function servedRecord<K extends 'charge' | 'hold'>(
  database: Database,
  caller: Caller,
  account: string,
  kind: K,
  id: string,
): Promise<RecordOf<K>> {
  const record = await findRecord(database, account, kind, id);
  if (!record || !serves(caller, record.body.service)) {
    throw new Refusal(`${kind}_not_found`, `There is no such ${kind}.`);
  }
  return record;
}

/** What one operation of a service moves. @throws Refusal `forbidden` above its cap */
export function mustBeWithinCap({ cap }: Caller, amount: Micros): void {
  if (cap === undefined || amount <= cap) return;
  const most = formatAmount(cap);
  throw new Refusal('forbidden', `This identity moves at most ${most} at once.`, { cap: most });
}

/** Forced charges pass the floor: only identities made for it may. @throws Refusal `forbidden` */
export function mustBeAllowedToForce({ services }: Caller): void {
  if (!services.includes(FORCE)) throw new Refusal('forbidden', 'This identity may not force a charge.');
}
