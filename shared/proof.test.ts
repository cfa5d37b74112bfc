import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Entry } from './account.ts';
import { chainInput, NO_HASH } from './chain.ts';
import { type ChainedEntry, PAGE_SIZE, proveEntry, verifyChain, verifyPage } from './proof.ts';

const digest = (input: string) => createHash('sha256').update(input).digest('hex');

/** A chain as the ledger writes it, from entry `first` on. */
function chain(count: number, first = 1, prev = NO_HASH): ChainedEntry[] {
  let before = prev;
  return Array.from({ length: count }, (_, index) => {
    const n = first + index;
    const entry: Entry = {
      n,
      id: `t-${n}`,
      at: 1_767_225_600_000 + n,
      service: 'vm',
      type: 'usage',
      amount: '-0.5',
      balance: `${100 - n}`,
      status: 'posted',
    };
    const private_digest = digest(`private ${n}`);
    before = digest(chainInput(before, entry, private_digest));
    return { ...entry, hash: before, private_digest };
  });
}

test('a chain as the ledger wrote it holds, and ends in its last hash', async () => {
  const entries = chain(40);
  expect(await verifyChain(entries, NO_HASH)).toEqual({ ok: true, hash: entries.at(-1)?.hash });
  expect(await verifyChain(entries.slice(10), entries[9]?.hash ?? '')).toMatchObject({ ok: true });
  expect(await verifyChain([], NO_HASH)).toEqual({ ok: true, hash: NO_HASH });
});

test('whatever is changed, left out or moved is found at its first entry', async () => {
  const changes: ((entry: ChainedEntry) => Partial<ChainedEntry>)[] = [
    () => ({ amount: '-0.4' }),
    () => ({ balance: '1000000' }),
    ({ at }) => ({ at: at + 1 }),
    () => ({ ref: 'c:other' }),
    ({ private_digest }) => ({ private_digest: private_digest.replace(/./, 'x') }),
    ({ hash }) => ({ hash: hash.replace(/.$/, 'x') }),
    ({ n }) => ({ n: n + 1 }),
  ];
  await fc.assert(
    fc.asyncProperty(fc.nat(29), fc.constantFrom(...changes), async (at, change) => {
      const entries = chain(30);
      const entry = entries[at];
      if (!entry) throw new Error('no entry');
      entries[at] = { ...entry, ...change(entry) };
      const verdict = await verifyChain(entries, NO_HASH);
      expect(verdict.ok).toBe(false);
      // The first entry says where the count begins, so a wrong number there is noticed one later.
      if (!verdict.ok) expect([at + 1, at + 2]).toContain(verdict.n);
    }),
    { numRuns: 60, seed: 1 },
  );
  const entries = chain(30);
  expect(await verifyChain(entries.toSpliced(7, 1), NO_HASH)).toEqual({ ok: false, n: 8 });
  expect(await verifyChain(entries, 'f'.repeat(64))).toEqual({ ok: false, n: 1 });
});

test('a page holds its own entries and no others', async () => {
  const entries = chain(3 * PAGE_SIZE);
  const prev = entries[PAGE_SIZE - 1]?.hash ?? '';
  const second = entries.slice(PAGE_SIZE, 2 * PAGE_SIZE);
  expect(await verifyPage({ k: 1, prev }, second)).toMatchObject({ ok: true });
  expect(await verifyPage({ k: 1, prev }, [])).toEqual({ ok: true, hash: prev });
  expect(await verifyPage({ k: 2, prev }, second)).toEqual({ ok: false, n: 1001 });
  expect(await verifyPage({ k: 1, prev }, entries.slice(PAGE_SIZE, 2 * PAGE_SIZE + 1))).toEqual({
    ok: false,
    n: 1001,
  });
});

test('an entry proves itself by its parts, and the last one by the head too', async () => {
  const [first, second] = chain(2);
  if (!first || !second) throw new Error('no entries');
  const { hash, private_digest, ...entry } = second;
  const proof = { entry, private_digest, prev: first.hash, hash, head: { seq: 9, n: 2, hash } };
  expect(await proveEntry(proof)).toBe(true);
  expect(await proveEntry({ ...proof, head: { seq: 20, n: 7, hash: NO_HASH } })).toBe(true);
  expect(await proveEntry({ ...proof, entry: { ...entry, amount: '5' } })).toBe(false);
  expect(await proveEntry({ ...proof, prev: NO_HASH })).toBe(false);
  expect(await proveEntry({ ...proof, head: { seq: 9, n: 2, hash: NO_HASH } })).toBe(false);
  expect(await proveEntry({ ...proof, head: { seq: 9, n: 1, hash } })).toBe(false);
});
