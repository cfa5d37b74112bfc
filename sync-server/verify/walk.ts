// Reads an account's journal and transfers side by side, so that each entry meets its transfer. Within one instant
// several servers may have numbered theirs in any order; everything else comes as it was committed.
import type { Findings } from './findings.ts';
import { readLegs } from './fold.ts';
import type { History, JournalLine, TransferLine } from './history.ts';
import type { KeyRuns } from './keys.ts';
import type { Projection } from './projection.ts';
import { countAt, type Cursor, type Row, textAt } from './source.ts';

/** Takes all rows of one account off both streams. @throws Unreadable */
export async function walk(
  id: string,
  { journal, transfers }: { journal: Cursor; transfers: Cursor },
  history: History,
  keys: KeyRuns,
  projection: Projection | null,
  findings: Findings,
): Promise<void> {
  // Committed with the row at hand or before, and not told of yet; in life empty or nearly so.
  let waiting: TransferLine[] = [];
  const pull = async (until: number): Promise<TransferLine | null> => {
    const row = transfers.row ?? (await transfers.more());
    if (!row || row[0] !== id || countAt(row, 3) > until) return null;
    transfers.next();
    return transferFrom(row);
  };
  const quiet = (transfer: TransferLine, seq: number) => {
    history.silent(transfer, seq);
    keys.see(id, transfer.meta, null);
  };
  /** The transfer of an entry; moves without an entry that were posted before it are folded on the way. */
  const find = async (wanted: string, until: number, seq: number): Promise<TransferLine | null> => {
    let found: TransferLine | null = null;
    const rest: TransferLine[] = [];
    const take = (transfer: TransferLine) => {
      if (transfer.id === wanted) found = transfer;
      else if (found === null && history.isSilent(transfer)) quiet(transfer, seq);
      else rest.push(transfer);
    };
    for (const transfer of waiting) take(transfer);
    for (let next = found ? null : await pull(until); next && !found;) {
      take(next);
      next = found ? null : await pull(until);
    }
    waiting = rest;
    return found;
  };

  for (;;) {
    const row = journal.row ?? (await journal.more());
    if (!row || row[0] !== id) break;
    journal.next();
    const line = lineFrom(row);
    // What was committed before this row has been told of by now, or never will be.
    if (line.at > history.at) {
      for (const transfer of waiting) quiet(transfer, history.seq);
      waiting = [];
      for (let early = await pull(line.at - 1); early; early = await pull(line.at - 1))
        quiet(early, history.seq);
    }
    const patch = history.row(line);
    if (!patch) continue;
    const { recent } = patch;
    if (recent?.type === 'refused') history.refused(recent, line.seq);
    else if (recent) {
      const transfer = await find(recent.id, line.at, line.seq);
      if (transfer) {
        history.booked(transfer, recent, line.digest, line.seq);
        keys.see(id, transfer.meta, line.seq);
      } else findings.add('I10', line.seq, `entry ${recent.n} has no transfer ${recent.id}`);
    }
    // With something left over, a transfer of another server may be folded only half.
    if (waiting.length === 0) history.settledAt(patch, line.seq);
    projection?.row(line, patch);
    if (keys.full) await keys.check();
  }
  for (const transfer of waiting) quiet(transfer, history.seq);
  for (let late = await pull(Infinity); late; late = await pull(Infinity)) quiet(late, history.seq);
  history.bounds(history.seq);
}

/** From columns account, seq, at, n, hash, private_digest, patch. */
function lineFrom(row: Row): JournalLine {
  return {
    seq: countAt(row, 1),
    at: countAt(row, 2),
    n: countAt(row, 3),
    hash: textAt(row, 4),
    digest: row[5] === null ? null : textAt(row, 5),
    patch: textAt(row, 6),
  };
}

/** From columns account, id, kind, at, meta, postings. */
function transferFrom(row: Row): TransferLine {
  return {
    id: textAt(row, 1),
    kind: textAt(row, 2),
    at: countAt(row, 3),
    meta: textAt(row, 4),
    legs: readLegs(row[5] === null ? null : textAt(row, 5)),
  };
}
