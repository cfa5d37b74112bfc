// One asynchronous change after the other.

/** Runs tasks in the order in which they were given; a failure of one does not stop the next. */
export function createSeries(): <T>(task: () => Promise<T>) => Promise<T> {
  let work: Promise<unknown> = Promise.resolve();
  return (task) => {
    const done = work.then(task);
    work = done.catch(() => null);
    return done;
  };
}
