// Sends prepared statements to PostgreSQL, all of a step in one go.
import type { Client } from 'pg';
import { type LedgerStatement, SQL } from './postgres-sql.ts';
import type { Value } from './postgres-rows.ts';
import type { StoredRow } from './rows.ts';

/** A value of a statement: one, a column of them, or rows in the database's own form. */
export type Call = [name: LedgerStatement, values?: (Value | Value[] | Buffer)[]];

/** Sends the statements in one go. @throws the first one's error; those behind it then had no effect. */
export async function send(client: Client, calls: Call[]): Promise<StoredRow[][]> {
  // One system call for all of them, where the driver would make one for each.
  const { stream } = client.connection;
  stream.cork();
  const sent = calls.map(([name, values = []]) => client.query<StoredRow>({ name, text: SQL[name], values }));
  stream.uncork();
  const results = await Promise.allSettled(sent);
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value.rows;
  });
}
