// A task that is done again and again for as long as the server runs.
import type { Ms } from '../../shared/time.ts';

export interface Job {
  /** Ends the job; answers when a run under way is over. */
  stop(): Promise<void>;
}

/**
 * Runs a task every so often, never twice at once: while one runs, its turns pass.
 * @param task never rejects: what goes wrong is its own to log
 * @param first what runs at once, in place of waiting for the first turn
 */
export function repeat(task: () => Promise<void>, every: Ms, first?: () => Promise<void>): Job {
  let running: Promise<void> | null = null;

  function run(each: () => Promise<void>): void {
    running ??= each().finally(() => {
      running = null;
    });
  }

  if (first) run(first);
  const timer = setInterval(() => run(task), every);
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
