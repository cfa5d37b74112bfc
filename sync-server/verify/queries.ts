// What is read, in words that both engines understand. `$1 < account <= $2` names a range of accounts; everything comes
// in the order of accounts (byte order on both engines), so that the streams can be walked side by side.
import { BOOK_VERSION } from '../../shared/documents.ts';

/** Behind every account: ids are ASCII. */
export const LAST = '\u{ffff}';

const RANGE = 'account > $1 AND account <= $2';

export const ACCOUNTS = `SELECT a.id, a.seq, a.n, a.hash, a.at, a.facts, a.credits_seq, c.seq, c.state
  FROM account a LEFT JOIN checkpoint c ON c.document = 'account:' || a.id || ':v${BOOK_VERSION}'
  WHERE a.id > $1 AND a.id <= $2 ORDER BY a.id`;

export const BALANCES = `SELECT account, name, CAST(micros AS TEXT) FROM balance WHERE ${RANGE} ORDER BY account, name`;

export const RECORDS = `SELECT account, kind, id, open, links, body FROM record WHERE ${RANGE}
  ORDER BY account, kind, id`;

export const JOURNAL = `SELECT account, seq, at, n, hash, private_digest, patch FROM journal WHERE ${RANGE}
  ORDER BY account, seq`;

/**
 * Numbers of transfers are given by the block to each server, so that only the commit instant tells their order. The
 * short key is sorted first, the long rows are looked up after.
 */
export const TRANSFERS = `WITH sorted AS MATERIALIZED (
    SELECT account, at, pk FROM transfer WHERE ${RANGE} ORDER BY account, at, pk)
  SELECT t.account, t.id, t.kind, t.at, t.meta,
    (SELECT string_agg(CAST(p.micros AS TEXT) || ' ' || p.name, '\n' ORDER BY p.line)
       FROM posting p WHERE p.transfer = t.pk)
  FROM sorted CROSS JOIN transfer t WHERE t.pk = sorted.pk`;

/** By the journal row that an order ended at; keys of one order share it. */
export const ANSWERS = `SELECT account, scope, key, seq FROM idempotency WHERE ${RANGE} ORDER BY account, seq`;

export const COUNT = 'SELECT count(*) FROM transfer';

/** The account that ends a share of all accounts. */
export const NTH_ACCOUNT = 'SELECT id FROM account ORDER BY id LIMIT 1 OFFSET $1';
export const COUNT_ACCOUNTS = 'SELECT count(*) FROM account';
