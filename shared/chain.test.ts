import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Entry } from './account.ts';
import { canonicalEntry, chainInput } from './chain.ts';

const text = fc.string({ unit: 'binary', maxLength: 20 }).filter((value) => value.isWellFormed());
const entries: fc.Arbitrary<Entry> = fc.record(
  {
    n: fc.nat(),
    id: text,
    at: fc.nat(),
    service: text,
    type: text,
    amount: text,
    balance: text,
    status: text,
    ref: text,
    intent: text,
    code: text,
  },
  { requiredKeys: ['n', 'id', 'at', 'service', 'type', 'amount', 'balance', 'status'] },
);

test('an entry written by hand is what RFC 8785 says', () => {
  fc.assert(
    fc.property(entries, (entry) => {
      expect(canonicalEntry(entry)).toBe(canonicalize(entry));
    }),
  );
});

test('a link is the hash before it and the canonical pair', () => {
  fc.assert(
    fc.property(entries, fc.string(), (entry, digest) => {
      const private_digest = digest.toWellFormed();
      expect(chainInput('ab', entry, private_digest)).toBe(`ab${canonicalize({ entry, private_digest })}`);
    }),
  );
});
