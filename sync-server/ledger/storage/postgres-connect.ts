// Connections to PostgreSQL: integers as bigint, commits that are on the disk, and no wait without an end.
import { Client, type ClientConfig, types } from 'pg';

// int8, int2, int4: integers arrive as bigint, as on SQLite.
const INTEGERS = new Set([20, 21, 23]);

/** `types` of a connection: integers become bigint, everything else as the driver has it. */
const integersAsBigint: NonNullable<ClientConfig['types']> = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    INTEGERS.has(oid) ? (text: string) => BigInt(text) : types.getTypeParser(oid, format ?? 'text'),
};

/** Longest wait for another transaction's row, ms. */
const LOCK_MS = 5_000;
/** Longest statement, and longest pause of a process that holds row locks, ms. */
const STATEMENT_MS = 30_000;

/** What every connection starts with. A server that acknowledges before the disk has it is overruled. */
export const SETUP = `SET lock_timeout = ${LOCK_MS}; SET statement_timeout = ${STATEMENT_MS};
  SET idle_in_transaction_session_timeout = ${STATEMENT_MS}; 
  SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'`;

export function connection(url: string): ClientConfig {
  return {
    connectionString: url,
    types: integersAsBigint,
    application_name: 'io-glance',
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  };
}

/**
 * For a connection that settles: every statement goes by key, so it keeps one plan, by index, also while the tables are
 * too young for statistics.
 */
const BY_KEY = `SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off;
  SET enable_hashjoin = off; SET enable_mergejoin = off`;

/** A connection that is set up. @throws the driver's error when the server cannot be reached. */
export async function connect(url: string, use: 'plain' | 'settling' = 'plain'): Promise<Client> {
  const client = new Client({ ...connection(url), pipeline: use === 'settling' });
  // A lost connection is seen by the query that needs it; without a listener it would end the process.
  client.on('error', () => {});
  await client.connect();
  await client.query(SETUP);
  if (use === 'settling') await client.query(BY_KEY);
  return client;
}
