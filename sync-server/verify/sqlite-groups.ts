// Row numbers of a table that no index orders by account, put in that order by counting: a few bytes a row, where the
// database would sort whole rows through a file.
import type { DatabaseSync } from 'node:sqlite';
import { IN_RANGE, type Range } from './queries.ts';
import { positional } from '../ledger/storage/sqlite-sql.ts';

/** Answers the row numbers of a range, account by account, each account's ascending, `size` at a time. */
export function* rowidsByAccount(
  db: DatabaseSync,
  table: string,
  { after, upTo }: Range,
  size: number,
): Generator<number[]> {
  const from = (columns: string, rest = '') =>
    db.prepare(positional(`SELECT ${columns} FROM ${table} WHERE ${IN_RANGE} ${rest}`), {
      returnArrays: true,
    });
  const [total = 0, highest = 0] = numbers(from('count(*), coalesce(max(rowid), 0)').get(after, upTo));
  const room = () => (highest < 2 ** 32 ? new Uint32Array(total) : new Float64Array(total));
  const rowids = room();
  const owners = new Uint32Array(total);
  const numberOf = new Map<string, number>();
  const counts: number[] = [];
  let at = 0;
  for (const row of from('rowid, account', 'ORDER BY rowid').iterate(after, upTo)) {
    const [rowid, account] = cells(row);
    let owner = numberOf.get(String(account));
    if (owner === undefined) {
      owner = counts.push(0) - 1;
      numberOf.set(String(account), owner);
    }
    counts[owner] = (counts[owner] ?? 0) + 1;
    owners[at] = owner;
    rowids[at] = Number(rowid);
    at += 1;
  }
  const places = placesOf(numberOf, counts);
  const sorted = room();
  for (const [index, owner] of owners.entries()) {
    const place = places[owner] ?? 0;
    sorted[place] = rowids[index] ?? 0;
    places[owner] = place + 1;
  }
  for (let start = 0; start < total; start += size) yield [...sorted.subarray(start, start + size)];
}

/** Where the first row of each account goes. */
function placesOf(numberOf: ReadonlyMap<string, number>, counts: readonly number[]): number[] {
  const places = Array.from(counts, () => 0);
  let next = 0;
  // Ids are ASCII, so that this is the order of the index on them.
  for (const [, owner] of [...numberOf].sort(([a], [b]) => (a < b ? -1 : 1))) {
    places[owner] = next;
    next += counts[owner] ?? 0;
  }
  return places;
}

function numbers(row: unknown): number[] {
  return cells(row).map(Number);
}

/** A statement prepared with `returnArrays` gives arrays, which its type does not know. */
function cells(row: unknown): readonly unknown[] {
  return row as readonly unknown[];
}
