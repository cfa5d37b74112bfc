// What is read, in words that both engines understand: the columns of each table, and the few questions beside.
import { BOOK_VERSION } from '../../shared/documents.ts';

/** Accounts behind `after` up to and with `upTo`, in byte order. */
export interface Range {
  after: string;
  upTo: string;
}

/** Behind every account: ids are ASCII. */
export const LAST = '\u{ffff}';

export type Table = 'account' | 'balance' | 'record' | 'journal' | 'transfer' | 'idempotency';

/** Columns of a row `t`; the first is its account. A transfer's postings are one text, `<micros> <name>` a line. */
export const COLUMNS: Record<Table, string> = {
  account: `t.id, t.seq, t.n, t.hash, t.at, t.facts, t.credits_seq,
    (SELECT j.patch FROM journal j WHERE j.account = t.id AND j.seq = t.credits_seq),
    (SELECT c.seq FROM checkpoint c WHERE c.document = 'account:' || t.id || ':v${BOOK_VERSION}'),
    (SELECT c.state FROM checkpoint c WHERE c.document = 'account:' || t.id || ':v${BOOK_VERSION}')`,
  balance: 't.account, t.name, CAST(t.micros AS TEXT)',
  record: 't.account, t.kind, t.id, t.open, t.links, t.body',
  journal: 't.account, t.seq, t.at, t.n, t.hash, t.private_digest, t.patch',
  transfer: `t.account, t.id, t.kind, t.at, t.meta,
    (SELECT string_agg(CAST(p.micros AS TEXT) || ' ' || p.name, '\n' ORDER BY p.line)
       FROM posting p WHERE p.transfer = t.pk)`,
  idempotency: 't.account, t.scope, t.key, t.seq',
};

export const COUNT_TRANSFERS = 'SELECT count(*) FROM transfer';
export const COUNT_ACCOUNTS = 'SELECT count(*) FROM account';
/** The account that ends a share of those behind `$1`. */
export const NTH_ACCOUNT = 'SELECT id FROM account WHERE id > $1 ORDER BY id LIMIT 1 OFFSET $2';
