// What is read, in words that both engines understand. `$1 < account <= $2` names a range of accounts; everything comes
// in the order of accounts (byte order on both engines), so that the streams can be walked side by side.
import { BOOK_VERSION } from '../../shared/documents.ts';

/** Accounts behind `after` up to and with `upTo`. */
export interface Range {
  after: string;
  upTo: string;
}

/** Behind every account: ids are ASCII. */
export const LAST = '\u{ffff}';

export const IN_RANGE = 'account > $1 AND account <= $2';

export const ACCOUNTS = `SELECT a.id, a.seq, a.n, a.hash, a.at, a.facts, a.credits_seq, c.seq, c.state
  FROM account a LEFT JOIN checkpoint c ON c.document = 'account:' || a.id || ':v${BOOK_VERSION}'
  WHERE a.id > $1 AND a.id <= $2 ORDER BY a.id`;

export const BALANCES = `SELECT account, name, CAST(micros AS TEXT) FROM balance WHERE ${IN_RANGE}
  ORDER BY account, name`;

export const RECORDS = `SELECT account, kind, id, open, links, body FROM record WHERE ${IN_RANGE}
  ORDER BY account, kind, id`;

export const JOURNAL = `SELECT account, seq, at, n, hash, private_digest, patch FROM journal WHERE ${IN_RANGE}
  ORDER BY account, seq`;

/** Of a row `t` of `transfer`; the postings are one text, `<micros> <name>` a line. */
export const TRANSFER_COLUMNS = `t.account, t.id, t.kind, t.at, t.meta,
  (SELECT string_agg(CAST(p.micros AS TEXT) || ' ' || p.name, '\n' ORDER BY p.line)
     FROM posting p WHERE p.transfer = t.pk)`;

/** Of a row `t` of `idempotency`. */
export const ANSWER_COLUMNS = 't.account, t.scope, t.key, t.seq';

export const COUNT_TRANSFERS = 'SELECT count(*) FROM transfer';
export const COUNT_ACCOUNTS = 'SELECT count(*) FROM account';
/** The account that ends a share of all accounts. */
export const NTH_ACCOUNT = 'SELECT id FROM account ORDER BY id LIMIT 1 OFFSET $1';
