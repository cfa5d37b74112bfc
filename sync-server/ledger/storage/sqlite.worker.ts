// The thread that owns all writes of the SQLite file: it drains what waits into one transaction (group commit), so
// that full durability is cheap and the server's own thread stays free.
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { idSource } from './ids.ts';
import { readMigrations } from './migrate.ts';
import { startCopier } from './sqlite-checkpoint.ts';
import { openWriter } from './sqlite-file.ts';
import { startSyncedNote, type SyncedNote } from './synced.ts';
import type { FromWriter, Job, ToWriter, WriterStart } from './writer-protocol.ts';
import { SqliteWriter } from './sqlite-writer.ts';

/** Jobs in one transaction: more gains nothing and makes the first one wait. */
const MAX_BATCH = 256;

function serve(port: MessagePort, writer: SqliteWriter, synced: SyncedNote): void {
  const answer = (message: FromWriter) => port.postMessage(message);
  port.on('message', (first: ToWriter) => {
    const jobs: Job[] = [];
    let closing = false;
    for (let message: ToWriter | undefined = first; message; message = next(port)) {
      if ('close' in message) closing = true;
      else jobs.push(...message.jobs);
      if (closing || jobs.length >= MAX_BATCH) break;
    }
    for (let start = 0; start < jobs.length; start += MAX_BATCH) {
      const batch = writer.run(jobs.slice(start, start + MAX_BATCH));
      // Before anybody is told: what is acknowledged can then be missed.
      synced.note();
      answer(batch);
      writer.tidy();
    }
    if (closing) {
      void writer
        .close()
        .then(synced.close)
        .finally(() => port.close());
    }
  });
}

function next(port: MessagePort): ToWriter | undefined {
  // The other end is ours and speaks ToWriter.
  return receiveMessageOnPort(port)?.message as ToWriter | undefined;
}

if (parentPort) {
  // What sqlite.ts started this thread with.
  const start = workerData as WriterStart;
  const port = parentPort;
  try {
    const db = openWriter(start.at, readMigrations('sqlite'));
    const context = { rules: start.rules, idsFor: idSource(start.seed) };
    serve(port, new SqliteWriter(db, context, startCopier(start.at)), startSyncedNote(start.at));
    port.postMessage({ ready: true } satisfies FromWriter);
  } catch (error) {
    port.postMessage({
      refused: error instanceof Error ? error.message : String(error),
    } satisfies FromWriter);
    port.close();
  }
}
