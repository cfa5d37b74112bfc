// What waits for people at finance, out of the records as they stand at an instant: nothing of it is stored on its own,
// so that a server that was down says the same as one that was not.
import type { Micros } from '../../shared/money.ts';
import type { Ms } from '../../shared/time.ts';
import { type Listed, listSuspense, listWithdrawals } from './lookups.ts';
import type { Database } from './storage/database.ts';
import { textOf } from './storage/rows.ts';

/**
 * `withdrawal_reminder`: three business days have passed; `withdrawal_overdue`: the promised review is over (rules.md
 * section 10); `suspense`: money that matches no open purchase (9); `forced`: an account below its floor (7.6).
 */
export const ATTENTION = ['withdrawal_overdue', 'withdrawal_reminder', 'suspense', 'forced'] as const;
export type AttentionReason = (typeof ATTENTION)[number];

export interface Attention {
  reason: AttentionReason;
  account: string;
  /** Of the withdrawal or the payment in suspense; of the account itself where it is about that. */
  id: string;
  /** Since when; null where only the present is known. */
  since: Ms | null;
  amount: Micros | null;
}

/** Rows of one question. */
const AT_ONCE = 500;

async function allOf<L extends Listed<'withdrawal' | 'suspense'>>(
  page: (before: { before?: string }) => Promise<L[]>,
): Promise<L[]> {
  const all: L[] = [];
  for (;;) {
    const last = all.at(-1)?.record.id;
    const found = await page(last === undefined ? {} : { before: last });
    all.push(...found);
    if (found.length < AT_ONCE) return all;
  }
}

/** Withdrawals and payments that wait, oldest first. */
export async function waiting(database: Database, now: Ms): Promise<Attention[]> {
  const wanted = { open: true, limit: AT_ONCE };
  const requests = await allOf((before) => listWithdrawals(database, { ...wanted, ...before }));
  const payments = await allOf((before) => listSuspense(database, { ...wanted, ...before }));
  const late = requests.flatMap(({ account, record: { id, body } }): Attention[] => {
    const { remind_at, due_by, amount } = body;
    if (now > due_by) return [{ reason: 'withdrawal_overdue', account, id, since: due_by, amount }];
    return now < remind_at ? [] : [{ reason: 'withdrawal_reminder', account, id, since: remind_at, amount }];
  });
  const stray = payments.map(({ account, record: { id, body } }): Attention => ({
    reason: 'suspense',
    account,
    id,
    since: body.at,
    amount: body.amount,
  }));
  return [...late, ...stray].toSorted((a, b) => (a.since ?? 0) - (b.since ?? 0));
}

// Facts stand as JSON text, in which a quote within a name is escaped: only the field itself reads like this.
const IS_FORCED = `facts LIKE '%"forced":true%'`;

/** Accounts that were let below their floor and still owe: of the named ones, or of all. */
export async function forcedAccounts(database: Database, among?: readonly string[]): Promise<Attention[]> {
  const names = among?.map((_, index) => `$${index + 1}`).join(', ');
  const rows = await database.read(
    `SELECT id FROM account WHERE ${names === undefined ? '' : `id IN (${names}) AND `}${IS_FORCED} ORDER BY id`,
    [...(among ?? [])],
  );
  return rows.map((row) => {
    const account = textOf(row, 'id');
    return { reason: 'forced', account, id: account, since: null, amount: null };
  });
}

/** Everything that needs attention now. */
export async function attentionOf(database: Database, now: Ms): Promise<Attention[]> {
  return [...(await waiting(database, now)), ...(await forcedAccounts(database))];
}
