// Bringing documents up to date, one run at a time for each: a run that is asked for while one is under way begins when
// that one has ended, so it sees everything committed before it was asked for.

export interface CatchUps<Doc extends object> {
  /** Rejects with what the run threw. */
  catchUp(document: Doc, account: string): Promise<void>;
  /** Waits for the run under way, if there is one, however it ends. */
  settled(document: Doc): Promise<void>;
}

interface Runs {
  running: Promise<void> | null;
  next: Promise<void> | null;
}

/** @param replay brings a document to the journal as it stands */
export function createCatchUps<Doc extends object>(
  replay: (document: Doc, account: string) => Promise<void>,
): CatchUps<Doc> {
  const known = new WeakMap<Doc, Runs>();

  function runsOf(document: Doc): Runs {
    let runs = known.get(document);
    if (!runs) known.set(document, (runs = { running: null, next: null }));
    return runs;
  }

  function run(runs: Runs, document: Doc, account: string): Promise<void> {
    const running = replay(document, account).finally(() => {
      if (runs.running === running) runs.running = null;
    });
    runs.running = running;
    return running;
  }

  return {
    catchUp(document, account) {
      const runs = runsOf(document);
      if (!runs.running) return run(runs, document, account);
      if (runs.next) return runs.next;
      const begin = () => {
        runs.next = null;
        return run(runs, document, account);
      };
      runs.next = runs.running.then(begin, begin);
      return runs.next;
    },
    async settled(document) {
      await known.get(document)?.running?.catch(() => {});
    },
  };
}
