// The book as a function of the journal: rows in, CRDT writes out. Pure, so that any node, any batching and any cut by
// a checkpoint end in the same bytes. The one-write-per-row rule is in lanes.ts.
import type * as Y from 'yjs';
import type { BookPurchase, BookWithdrawal, Entry, Head } from '../../shared/account.ts';
import type { BookCluster } from '../../shared/clusters.ts';
import type { BookNotice } from '../../shared/notices.ts';
import type { JournalRow, Patch } from '../ledger/journal.ts';
import {
  inEpoch,
  KEEP_ANSWERS,
  KEEP_ENDED,
  KEEP_NOTICES,
  KEEP_OPEN,
  KEEP_RECENT,
  LANES,
  type Sections,
  VALUE,
} from './lanes.ts';

/** The journal did not go on where the book ends: a programming error, never a client's doing. */
export class JournalGapError extends Error {
  constructor(expected: number, got: number) {
    super(`The book expects journal row ${expected}, got ${got}.`);
    this.name = 'JournalGapError';
  }
}

/** How far a book is; null for one without any row. */
export function headOf(book: Y.Doc): Head | null {
  return headMap(book).get(VALUE) ?? null;
}

/**
 * Writes journal rows into a book, in one transaction. Rows that the book already has are skipped.
 * @param origin what Yjs tells the document's listeners the transaction came from
 * @param epoch how often the ledger was put back; the same for a book's whole life
 * @throws JournalGapError when a row between is missing
 */
export function project(book: Y.Doc, rows: readonly JournalRow[], origin: unknown = null, epoch = 0): void {
  const own = book.clientID;
  book.transact(() => {
    try {
      let seq = headOf(book)?.seq ?? 0;
      for (const row of rows) {
        if (row.seq <= seq) continue;
        if (row.seq !== seq + 1) throw new JournalGapError(seq + 1, row.seq);
        writeRow(book, row, epoch);
        seq = row.seq;
      }
    } finally {
      // A document that keeps a lane's id would change it, loudly, at the next update from elsewhere.
      book.clientID = own;
    }
  }, origin);
}

function writeRow(book: Y.Doc, row: JournalRow, epoch: number): void {
  const { patch } = row;
  if (patch.recent) append(book, patch.recent, epoch);
  for (const write of Object.values(WRITERS)) write(book, patch, epoch);
  book.clientID = inEpoch(LANES.head, epoch);
  headMap(book).set(VALUE, { seq: row.seq, n: row.n, hash: row.hash });
}

function headMap(book: Y.Doc): Y.Map<Head> {
  return book.getMap<Head>('head');
}

function append(book: Y.Doc, entry: Entry, epoch: number): void {
  book.clientID = inEpoch(LANES.recent, epoch);
  const recent = book.getArray<Entry>('recent');
  recent.push([entry]);
  if (recent.length > KEEP_RECENT) recent.delete(0, recent.length - KEEP_RECENT);
}

type SectionRoot = Exclude<keyof Patch, 'recent'>;
type Writer = (book: Y.Doc, patch: Patch, epoch: number) => void;

/** How a patch changes each section; a new key of Patch does not compile until it has its line here. */
const WRITERS: Record<SectionRoot, Writer> = {
  credits: section('credits', replace),
  answers: section('answers', (before, answer) => [...(before ?? []), answer].slice(-KEEP_ANSWERS)),
  purchases: section('purchases', (before, purchase) =>
    keyed(before, purchase, isOpenPurchase, KEEP_OPEN.purchases),
  ),
  withdrawals: section('withdrawals', (before, withdrawal) =>
    keyed(before, withdrawal, isOpenWithdrawal, KEEP_OPEN.withdrawals),
  ),
  profile: section('profile', replace),
  plan: section('plan', replace),
  clusters: section('clusters', (before, cluster) =>
    cluster.gone
      ? (before ?? []).filter(({ id }) => id !== cluster.id)
      : keyed(before, cluster, isOpenCluster, KEEP_OPEN.clusters),
  ),
  notices: section('notices', (before, notice) => noticed(before ?? [], notice).slice(-KEEP_NOTICES)),
  tasks: section('tasks', replace),
  alerts: section('alerts', replace),
  terms: section('terms', replace),
  spend: section('spend', replace),
  sources: section('sources', replace),
};

function section<Root extends SectionRoot>(
  root: Root,
  next: (before: Sections[Root] | undefined, item: NonNullable<Patch[Root]>) => Sections[Root],
): Writer {
  return (book, patch, epoch) => {
    const item = patch[root];
    if (item === undefined || item === null) return;
    book.clientID = inEpoch(LANES[root], epoch);
    const map = book.getMap<Sections[Root]>(root);
    map.set(VALUE, next(map.get(VALUE), item));
  };
}

function replace<Value>(_before: Value | undefined, value: Value): Value {
  return value;
}

function isOpenPurchase({ status }: BookPurchase): boolean {
  return status === 'created' || status === 'pending';
}

function isOpenWithdrawal({ status }: BookWithdrawal): boolean {
  return status === 'requested' || status === 'in_review' || status === 'approved' || status === 'processing';
}

function isOpenCluster({ ended_at = null }: BookCluster): boolean {
  return ended_at === null;
}

/** The list with an item put last in place of the one with its id: the last open ones, and the last that have ended. */
function keyed<Value extends { id: string }>(
  list: Value[] | undefined,
  item: Value,
  isOpen: (item: Value) => boolean,
  keepOpen: number,
): Value[] {
  const all = [...(list ?? []).filter(({ id }) => id !== item.id), item];
  const open = all.filter(isOpen).length;
  const surplus = { open: open - keepOpen, ended: all.length - open - KEEP_ENDED };
  return all.filter((each) => (surplus[isOpen(each) ? 'open' : 'ended'] -= 1) < 0);
}

/** The list with a notice in the place of the one with its id, else at the end; one seen so late that it fell off stays out. */
function noticed(list: BookNotice[], notice: BookNotice): BookNotice[] {
  if (list.some(({ id }) => id === notice.id))
    return list.map((old) => (old.id === notice.id ? notice : old));
  return (notice.seen_at ?? null) === null ? [...list, notice] : list;
}
