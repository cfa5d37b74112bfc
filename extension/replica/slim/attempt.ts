// In place of @lifeomic/attempt in the bundle: the provider is told to try once, so of its schedule nothing is used.

/** Calls once, unless `beforeAttempt` aborts: that rejects with the code which the provider passes over. */
export async function retry<T>(
  attempt: () => Promise<T>,
  options: { beforeAttempt?: (context: { abort(): void }) => void },
): Promise<T> {
  options.beforeAttempt?.({
    abort() {
      throw Object.assign(new Error('aborted'), { code: 'ATTEMPT_ABORTED' });
    },
  });
  return attempt();
}
