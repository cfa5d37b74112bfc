// What the encoding writes, read back by PostgreSQL's own description of the format.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeRows, type Field, type Value } from './postgres-rows.ts';

const FIELDS: Field[] = ['text', 'bigint', 'integer'];
const OIDS = [25, 20, 23];

/** Reads an array of composite values. */
function decode(bytes: Buffer): unknown[][] {
  let at = 0;
  const int = () => bytes.readInt32BE((at += 4) - 4);
  const [dimensions, , type] = [int(), int(), int()];
  expect(type).toBe(2249);
  const rows: unknown[][] = [];
  const length = dimensions === 0 ? 0 : int();
  if (dimensions > 0) expect(int()).toBe(1);
  while (rows.length < length) {
    const end = int() + at;
    expect(int()).toBe(FIELDS.length);
    rows.push(
      OIDS.map((oid) => {
        expect(int()).toBe(oid);
        const size = int();
        if (size === -1) return null;
        const value = bytes.subarray(at, (at += size));
        if (oid === 25) return value.toString();
        return oid === 20 ? value.readBigInt64BE() : value.readInt32BE();
      }),
    );
    expect(at).toBe(end);
  }
  expect(at).toBe(bytes.length);
  return rows;
}

const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('ö'.repeat(30_000), ''));
const whole = fc.oneof(fc.maxSafeInteger(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }));
const row = fc.tuple(fc.option(text), fc.option(whole), fc.option(fc.integer()));

test('rows come out as they went in, however long they are', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 20 }), (rows: Value[][]) => {
      const wanted = rows.map(([words, big, small]) => [
        words,
        typeof big === 'number' ? BigInt(big) : big,
        small,
      ]);
      expect(decode(encodeRows(FIELDS, rows))).toEqual(wanted);
    }),
  );
});

test('what was encoded before stays as it was', () => {
  const first = encodeRows(['text'], [['one']]);
  const copy = Buffer.from(first);
  encodeRows(['text'], [['two'], ['x'.repeat(200_000)]]);
  expect(first).toEqual(copy);
});
