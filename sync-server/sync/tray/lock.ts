// One at a time, in the order of asking: for a tray that two sockets hold, for an account that many devices draw on.

export interface Locks<Key> {
  /** Waits for the key and takes it; answers how to give it back. */
  take(key: Key): Promise<() => void>;
}

export function createLocks<Key>(): Locks<Key> {
  const tails = new Map<Key, Promise<void>>();
  return {
    async take(key) {
      const before = tails.get(key);
      const { promise, resolve } = Promise.withResolvers<void>();
      tails.set(key, promise);
      await before;
      return () => {
        // Whoever came later waits for this promise, and keeps the key in the map.
        if (tails.get(key) === promise) tails.delete(key);
        resolve();
      };
    },
  };
}
