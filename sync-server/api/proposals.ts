// Decisions that need four eyes: the first principal proposes, a second one sends the same again, and only then it happens.
import type { Clock } from '../../shared/time.ts';
import { Refusal } from '../ledger/command.ts';
import type { Database } from '../ledger/storage/database.ts';

export interface Wish {
  kind: 'adjustment' | 'reversal';
  account: string;
  id: string;
  /** The whole wish as text: a second principal approves exactly this. */
  body: string;
}

/** Null while a second principal is missing; else who proposed and who approved. */
export type Decided = { proposer: string; approver: string } | null;

/**
 * Notes who wants something. The first to ask becomes its proposer, the first other one its approver; whoever asks
 * again finds the same two.
 * @throws Refusal `duplicate_id` when the id stands for another wish
 */
export async function propose(
  database: Database,
  clock: Clock,
  wish: Wish,
  principal: string,
): Promise<Decided> {
  const { kind, account, id, body } = wish;
  const [, , rows] = await database.write([
    {
      sql: `insert into proposal (kind, account, id, body, proposer, approver, created_at)
            values ($1, $2, $3, $4, $5, null, $6) on conflict (kind, account, id) do nothing`,
      params: [kind, account, id, body, principal, clock.now()],
    },
    {
      sql: `update proposal set approver = $5 where kind = $1 and account = $2 and id = $3 and body = $4
            and approver is null and proposer <> $5`,
      params: [kind, account, id, body, principal],
    },
    {
      sql: `update proposal set created_at = created_at where kind = $1 and account = $2 and id = $3
            returning body, proposer, approver`,
      params: [kind, account, id],
    },
  ]);
  const row = rows?.[0];
  if (row?.body !== body) throw new Refusal('duplicate_id', `The id ${id} was used for something else.`);
  return row.approver === null ? null : { proposer: String(row.proposer), approver: String(row.approver) };
}

/**
 * Binds an Idempotency-Key of a principal to one wish. It stands beside the proposals, not the ledger's keys: a wish
 * that waits has no outcome yet.
 * @throws Refusal `idempotency_key_reuse` when the key stands for something else
 */
export async function claim(
  database: Database,
  clock: Clock,
  wish: Wish,
  { principal, key }: { principal: string; key: string },
): Promise<void> {
  const whole = JSON.stringify([wish.kind, wish.account, wish.id, wish.body]);
  const [elsewhere] = await database.read('select key from idempotency where scope = $1 and key = $2', [
    principal,
    key,
  ]);
  const [, rows] = await database.write([
    {
      sql: `insert into proposal (kind, account, id, body, proposer, approver, created_at)
            values ('key', $1, $2, $3, $1, null, $4) on conflict (kind, account, id) do nothing`,
      params: [principal, key, whole, clock.now()],
    },
    {
      sql: `update proposal set created_at = created_at where kind = 'key' and account = $1 and id = $2
            returning body`,
      params: [principal, key],
    },
  ]);
  if (elsewhere || rows?.[0]?.body !== whole) {
    throw new Refusal(
      'idempotency_key_reuse',
      'This Idempotency-Key was used for another request: send a new one.',
    );
  }
}
