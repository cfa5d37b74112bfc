// One at a time for one object: a tray that two sockets hold is checked and merged for one of them, then for the other.

export interface Locks<Key extends object> {
  /** Waits for the key and takes it; answers how to give it back. */
  take(key: Key): Promise<() => void>;
}

export function createLocks<Key extends object>(): Locks<Key> {
  const tails = new WeakMap<Key, Promise<void>>();
  return {
    async take(key) {
      const before = tails.get(key);
      const { promise, resolve } = Promise.withResolvers<void>();
      tails.set(key, promise);
      await before;
      return resolve;
    },
  };
}
