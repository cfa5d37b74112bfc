// pgledger, the best of its kind on PostgreSQL, as a peer: a checkout of it is named on the command line, nothing of it
// stands here. Each post is one call of its own function, one durable transfer.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { ACCOUNTS, type Post } from './settling.ts';

/** What its `pgledger_create_account` answers. */
interface Created {
  id: string;
}

/**
 * Loads pgledger from a checkout of its repository, with the functions of its vendor folder first.
 * @returns its posts: users against accounts of their own, or all against one house account.
 */
export async function loadPgledger(pool: Pool, folder: string): Promise<{ spread: Post; hot: Post }> {
  const vendored = globSync(join(folder, 'vendor', '**', '*.sql'));
  for (const file of [...vendored, join(folder, 'pgledger.sql')])
    await pool.query(readFileSync(file, 'utf8'));
  const ids = new Map<string, string>();
  for (let index = 0; index < ACCOUNTS; index += 1) {
    for (const name of [`u${index}`, `house${index}`]) {
      const { rows } = await pool.query<Created>('SELECT id FROM pgledger_create_account($1, $2)', [
        name,
        'USD',
      ]);
      if (rows[0]) ids.set(name, rows[0].id);
    }
  }
  const post = async (source: string, target: string) => {
    const text = 'SELECT id FROM pgledger_create_transfer($1, $2, 0.000001)';
    await pool.query({ name: 'pgledger', text, values: [ids.get(source), ids.get(target)] });
  };
  return {
    spread: (account) => post(account, account.replace('u', 'house')),
    hot: (account) => post(account, 'house0'),
  };
}
