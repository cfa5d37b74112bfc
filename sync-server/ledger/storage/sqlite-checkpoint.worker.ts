// The thread that copies the write-ahead log into the SQLite file, on a connection of its own: orders are settled
// meanwhile, and the writer is left with the few pages that came in between.
import { fsyncSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { Copied, CopierStart } from './sqlite-checkpoint.ts';

/** Copies at most so often: each time less has come in between, and what is left now is the writer's. */
const PASSES = 4;
/** Pages that the writer copies faster than it would be told of another pass. */
const FEW = 256;
const SQLITE_IOERR_FSYNC = 1034;

function copy(db: DatabaseSync, fd: number): Copied {
  try {
    for (let pass = 0, before = 0; pass < PASSES; pass += 1) {
      const pages = Number(db.prepare('PRAGMA wal_checkpoint(PASSIVE)').get()?.['checkpointed']);
      // SQLite syncs the file with the last page of the log, which the writer copies: let it find little to do.
      fsyncSync(fd);
      if (pages - before < FEW) break;
      before = pages;
    }
    return { error: null };
  } catch (error) {
    return {
      error: { message: error instanceof Error ? error.message : String(error), errcode: codeOf(error) },
    };
  }
}

/** SQLite's result code; a sync of ours that fails is as bad as one of SQLite's. */
function codeOf(error: unknown): number {
  if (!(error instanceof Error)) return 0;
  if ('errcode' in error) return Number(error.errcode);
  return 'syscall' in error ? SQLITE_IOERR_FSYNC : 0;
}

if (parentPort) {
  const port = parentPort;
  // What sqlite-checkpoint.ts started this thread with.
  const { file, fd } = workerData as CopierStart;
  const db = new DatabaseSync(file);
  db.exec('PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0');
  port.on('message', (message: 'copy' | 'close') => {
    if (message === 'copy') {
      port.postMessage(copy(db, fd));
      return;
    }
    db.close();
    port.close();
  });
}
