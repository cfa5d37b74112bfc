// Warnings that a person put off on this device: the same crossing is not shown again.

const KEY = 'put_off';
/** Older ones are forgotten. */
const KEPT = 8;

export interface PutOff {
  has(what: string): boolean;
  add(what: string): void;
}

export function createPutOff(kept: Pick<Storage, 'getItem' | 'setItem'>): PutOff {
  const read = (): string[] => (kept.getItem(KEY) ?? '').split('\n').filter(Boolean);
  return {
    has: (what) => read().includes(what),
    add: (what) => kept.setItem(KEY, [...read(), what].slice(-KEPT).join('\n')),
  };
}
