// What must hold for every decision, whatever rule made it: asserted before a storage writes it, in production too.
// Rules: I1, I2, I9 (no gap in seq), I10, M3.
import { MAX_BALANCE, type Micros } from '../../shared/money.ts';
import { isOwn } from './chart.ts';
import type { AccountState, Changes, Transfer } from './state.ts';

/** @throws Error when a decision breaks an invariant: it must not be written. */
export function checkChanges(account: string, state: AccountState | null, changes: Changes): void {
  checkJournal(account, state, changes);
  const moved = new Map<string, Micros>();
  for (const transfer of changes.transfers) {
    if (sum(transfer) !== 0n) throw new Error(`Transfer ${transfer.id} does not sum to zero.`);
    for (const { name, micros } of transfer.postings) {
      if (isOwn(name)) moved.set(name, (moved.get(name) ?? 0n) + micros);
    }
  }
  for (const [name, micros] of changes.balances) {
    if (name === 'recv' ? micros > 0n : micros < 0n) throw new Error(`Balance ${name} passes zero.`);
    if (micros > MAX_BALANCE || micros < -MAX_BALANCE)
      throw new Error(`Balance ${name} is over the maximum.`);
    if (!moved.has(name) && micros !== (state?.balances.get(name) ?? 0n)) throw unmatched(name);
  }
  for (const [name, micros] of moved) {
    const before = state?.balances.get(name) ?? 0n;
    if ((changes.balances.get(name) ?? before) !== before + micros) throw unmatched(name);
  }
}

function sum(transfer: Transfer): Micros {
  return transfer.postings.reduce((total, { micros }) => total + micros, 0n);
}

function unmatched(name: string): Error {
  return new Error(`Balance ${name} does not follow from its postings.`);
}

function checkJournal(account: string, state: AccountState | null, changes: Changes): void {
  let seq = state?.head.seq ?? 0;
  let n = state?.head.n ?? 0;
  for (const row of changes.rows) {
    seq += 1;
    n += row.patch.recent ? 1 : 0;
    if (row.account !== account) throw new Error('A journal row names another account.');
    if (row.seq !== seq || row.n !== n) throw new Error(`Journal row ${row.seq} leaves a gap.`);
  }
  const { head } = changes;
  if (head.seq !== seq || head.n !== n) throw new Error('The head is not the last journal row.');
  if (head.at < (state?.head.at ?? 0)) throw new Error('Commit time runs backwards.');
}
