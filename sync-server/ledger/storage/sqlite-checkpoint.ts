// The writer's end of the thread that copies the write-ahead log into the file.
import { closeSync, openSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

/** What the thread starts with: the SQLite file, and a descriptor of it to sync. */
export interface CopierStart {
  file: string;
  fd: number;
}

/** How a copy went; an error as SQLite gave it, with its result code (0 for one that is not SQLite's). */
export interface Copied {
  error: { message: string; errcode: number } | null;
}

/** Copies what the write-ahead log holds, beside the writer. */
export interface Copier {
  /** Answers later, or at once when its thread has ended; never asked while it copies. */
  copy(done: (copied: Copied) => void): void;
  /** Resolves when its connection is closed. */
  close(): Promise<void>;
  /** To be called when no connection of this process is open: it would lose its locks. */
  release(): void;
}

/** Whoever waits copies by itself then. */
const GONE: Copied = { error: { message: 'The thread that copies has ended.', errcode: 0 } };

/** Starts the thread for a file that is open for writing already. */
export function startCopier(file: string): Copier {
  const fd = openSync(file, 'r+');
  const worker = new Worker(new URL('./sqlite-checkpoint.worker.ts', import.meta.url), {
    workerData: { file, fd } satisfies CopierStart,
  });
  let waiting: ((copied: Copied) => void) | null = null;
  let hasEnded = false;
  const answer = (copied: Copied) => {
    const done = waiting;
    waiting = null;
    done?.(copied);
  };
  const exited = new Promise<void>((resolve) =>
    worker.once('exit', () => {
      hasEnded = true;
      answer(GONE);
      resolve();
    }),
  );
  worker.on('message', answer);
  worker.on('error', (error) => answer({ error: { message: String(error), errcode: 0 } }));
  // The writer's thread ends when its port closes, not when this one does.
  worker.unref();
  return {
    copy: (done) => {
      if (hasEnded) return done(GONE);
      waiting = done;
      worker.postMessage('copy');
    },
    close: () => {
      worker.ref();
      worker.postMessage('close');
      return exited;
    },
    release: () => closeSync(fd),
  };
}
