// Whether anything can be settled here: a small durable write goes through, and the ledger was not found damaged.
import { randomUUID } from 'node:crypto';
import { type Ms, SECOND } from '../../shared/time.ts';
import { Refusal } from '../ledger/command.ts';
import type { Statement } from '../ledger/storage/database.ts';
import type { ApiContext } from './context.ts';

/** Anybody may ask, and each try is a write to the disk: one that went through, or failed, stands for this long. */
const HOLDS: Ms = 2 * SECOND;

/** Written and taken back in one transaction: nobody ever sees it. */
function trial(): Statement[] {
  const document = `ready:${randomUUID()}`;
  return [
    {
      sql: 'INSERT INTO checkpoint (document, seq, state) VALUES ($1, 0, $2)',
      params: [document, new Uint8Array()],
    },
    { sql: 'DELETE FROM checkpoint WHERE document = $1', params: [document] },
  ];
}

const refusal = (reason: 'damaged' | 'not_writable', detail: string) =>
  new Refusal('retry_later', detail, { reason });

/** @returns what throws Refusal `retry_later` with its `reason` while nothing can be settled */
export function createReadiness({
  ledger: { database, events },
  realClock,
  log,
}: Pick<ApiContext, 'ledger' | 'realClock' | 'log'>): () => Promise<void> {
  let damaged = false;
  events.on('damaged', () => {
    damaged = true;
  });

  let tried: { at: Ms; result: Promise<boolean> } | null = null;
  async function tryToWrite(): Promise<boolean> {
    try {
      await database.write(trial());
      return true;
    } catch (error) {
      log.warn({ err: error }, 'nothing can be settled');
      return false;
    }
  }

  return async () => {
    const now = realClock.now();
    // A clock that stepped back must not keep an old answer.
    if (!tried || Math.abs(now - tried.at) >= HOLDS) tried = { at: now, result: tryToWrite() };
    const isWritable = await tried.result;
    if (damaged) {
      throw refusal('damaged', 'The ledger is damaged and takes no orders: restore its last backup.');
    }
    if (!isWritable)
      throw refusal('not_writable', 'The ledger cannot be written: look at its disk and the log.');
  };
}
