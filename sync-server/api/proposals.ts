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
