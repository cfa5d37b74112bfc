// How often the ledger was put back to an older state. Documents are written under the latest epoch, so that a device
// which holds what is gone notices it, whatever came since, and clones them again (rules.md X31).
import type { Ms } from '../../shared/time.ts';
import type { Database, Statement } from '../ledger/storage/database.ts';

/** The ledger's epoch: 0 as long as nobody put it back. @throws StorageError */
export async function epochOf(database: Pick<Database, 'read'>): Promise<number> {
  const [row] = await database.read('SELECT max(number) AS number FROM epoch');
  return Number(row?.['number'] ?? 0);
}

/** Begins the next epoch: what is stored of books was written in the one before. */
export function nextEpoch(now: Ms): Statement[] {
  return [
    {
      sql: 'INSERT INTO epoch (number, at) SELECT coalesce(max(number), 0) + 1, CAST($1 AS bigint) FROM epoch',
      params: [now],
    },
    { sql: 'DELETE FROM checkpoint' },
  ];
}
