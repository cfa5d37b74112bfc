// Durable settlements a second on PostgreSQL through the ledger's own door, against the plain way on the same server in
// the same run: one function call and one transaction for each posting, balances on account rows. In `hot` all of the
// peer's postings meet one house account, as ours always do. The peer has no rules, keys, journal or hash chain: spread,
// it shows the engine's limit; hot, what a house account with a balance row costs. With `--pgledger FOLDER`, a checkout
// of pgledger is a second peer. Bars: 3 times hot (target 8), and 2.5 times pgledger spread.
import { parseArgs } from 'node:util';
import { Pool } from 'pg';
import { openLedger } from '../../sync-server/ledger/open.ts';
import { DEFAULT_RULES } from '../../sync-server/ledger/rules.ts';
import { startPostgres } from '../tools/postgres.ts';
import { loadPgledger } from './lib/pgledger.ts';
import { ACCOUNTS, charges, fundAll, interleaved, lineOf, type Post, ratioOf, warm } from './lib/settling.ts';

const WRITERS = [1, 8, 32, 128];
const CONNECTIONS = 32;
const FLOOR_HOT = 3;
const FLOOR_SPREAD = 2.5;
/** With fewer writers no batch can form, and round trips are all there is to measure. */
const BAR_FROM = 128;

const PEER = `
  CREATE TABLE peer_account (id text PRIMARY KEY, balance bigint NOT NULL, version bigint NOT NULL);
  CREATE TABLE peer_transfer (id text PRIMARY KEY, at timestamptz NOT NULL DEFAULT now());
  CREATE TABLE peer_entry (transfer text NOT NULL, account text NOT NULL, amount bigint NOT NULL, before bigint NOT NULL,
    after bigint NOT NULL, version bigint NOT NULL, PRIMARY KEY (account, version));
  INSERT INTO peer_account SELECT 'u' || i, 0, 0 FROM generate_series(0, ${ACCOUNTS - 1}) i;
  INSERT INTO peer_account SELECT 'house' || i, 0, 0 FROM generate_series(0, ${ACCOUNTS - 1}) i;
  CREATE FUNCTION peer_post(key text, source text, target text) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE leg record;
  BEGIN
    PERFORM 1 FROM peer_account WHERE id IN (source, target) ORDER BY id FOR UPDATE;
    INSERT INTO peer_transfer (id) VALUES (key);
    FOR leg IN UPDATE peer_account SET balance = balance + CASE id WHEN source THEN -1 ELSE 1 END, version = version + 1
      WHERE id IN (source, target) RETURNING id, balance, version
    LOOP
      INSERT INTO peer_entry VALUES (key, leg.id, CASE leg.id WHEN source THEN -1 ELSE 1 END,
        leg.balance - CASE leg.id WHEN source THEN -1 ELSE 1 END, leg.balance, leg.version);
    END LOOP;
  END $$;`;

const { values } = parseArgs({ options: { pgledger: { type: 'string' } } });
if (values.pgledger === undefined) {
  process.stdout.write('pgledger: absent (name a checkout of it: --pgledger FOLDER)\n');
}

const cluster = await startPostgres();
const databaseUrl = await cluster.createDatabase();
const clock = { now: () => Date.now() };
const ledger = await openLedger({ dataDir: 'unused', databaseUrl, clock, rules: DEFAULT_RULES });
const pool = new Pool({ connectionString: databaseUrl, max: CONNECTIONS });
// The server ends before the last idle connection has said goodbye.
pool.on('error', () => {});

function plain(hot: boolean): Post {
  return async (account, id) => {
    const house = hot ? 'house0' : account.replace('u', 'house');
    const text = 'SELECT peer_post($1, $2, $3)';
    await pool.query({ name: 'peer_post', text, values: [id, account, house] });
  };
}

try {
  await pool.query(PEER);
  await fundAll(ledger);
  const post = charges(ledger);
  const peers: { peer: string; post: Post; floor?: number }[] = [
    { peer: 'spread', post: plain(false) },
    { peer: 'hot', post: plain(true), floor: FLOOR_HOT },
  ];
  if (values.pgledger !== undefined) {
    const pgledger = await loadPgledger(pool, values.pgledger);
    peers.push({ peer: 'pgledger spread', post: pgledger.spread, floor: FLOOR_SPREAD });
    peers.push({ peer: 'pgledger hot', post: pgledger.hot, floor: FLOOR_HOT });
  }
  await warm(post, ...peers.map((each) => each.post));
  const table = [];
  for (const writers of WRITERS) {
    for (const { peer, post: theirs, floor } of peers) {
      const pairs = await interleaved(post, theirs, writers);
      table.push({ writers, peer, ...lineOf(pairs) });
      if (floor !== undefined && writers >= BAR_FROM && ratioOf(pairs) < floor) process.exitCode = 1;
    }
  }
  console.table(table);
} finally {
  await ledger.close();
  await pool.end();
  await cluster.stop();
}
