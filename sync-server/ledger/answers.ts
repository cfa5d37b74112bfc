// What became of a proposal, however long ago: found by its id, which is its idempotency key.
import type { Entry } from '../../shared/account.ts';
import { type Ms } from '../../shared/time.ts';
import type { Outcome } from './command.ts';
import type { JournalRow } from './journal.ts';
import type { Database } from './storage/database.ts';
import { journalRowFrom, textOf } from './storage/rows.ts';

/** Journal rows looked through at once; an order seldom writes more than two. */
const WINDOW = 64;

/** `seq` and `at` are those of the journal row that holds the answer, `entry` is what that row shows for it. */
export interface IntentAnswer {
  intent: string;
  seq: number;
  at: Ms;
  code?: string;
  entry?: Entry;
}

/**
 * The answer to a principal's proposal; null when nothing was decided under this id. An order that came over HTTP with
 * this key is the same order: then the answer is that of its last row, without an entry.
 * @throws StorageError
 */
export async function findAnswer(
  database: Database,
  { principal, account }: { principal: string; account: string },
  intent: string,
): Promise<IntentAnswer | null> {
  const [key] = await database.read(
    'SELECT seq, outcome FROM idempotency WHERE scope = $1 AND key = $2 AND account = $3',
    [principal, intent, account],
  );
  if (!key) return null;
  const last = Number(key['seq']);
  // Our own encoding of an Outcome, as the ledger wrote it into the key's row.
  const outcome = JSON.parse(textOf(key, 'outcome')) as Outcome;
  const code = outcome.ok ? undefined : outcome.problem.code;
  const row = await answeringRow(database, account, intent, last);
  return {
    intent,
    seq: row?.seq ?? last,
    at: row?.at ?? 0,
    ...(code !== undefined && { code }),
    ...(row?.patch.answers?.intent === intent && row.patch.recent && { entry: row.patch.recent }),
  };
}

/** The row that answers a proposal among those committed together with `last`; else `last` itself. */
async function answeringRow(
  database: Database,
  account: string,
  intent: string,
  last: number,
): Promise<JournalRow | undefined> {
  let newest: JournalRow | undefined;
  for (let upper = last; upper > 0; upper -= WINDOW) {
    const rows = await database.read(
      `SELECT account, seq, at, n, hash, private_digest, patch FROM journal
       WHERE account = $1 AND seq <= $2 AND seq > $3 ORDER BY seq DESC`,
      [account, upper, upper - WINDOW],
    );
    const window = rows.map(journalRowFrom);
    newest ??= window[0];
    const found = window.find(({ patch }) => patch.answers?.intent === intent);
    if (found) return found;
    if (window.some(({ at }) => at !== newest?.at)) break;
  }
  return newest;
}
