// Rows in PostgreSQL's own binary form, as one array for each table: the server copies what it else would have to parse.

/** One value of a row; whole numbers may come either way. */
export type Value = string | number | bigint | null;
type Rows = readonly (readonly Value[])[];

const FIELDS = { text: 25, bigint: 20, integer: 23 } as const;
export type Field = keyof typeof FIELDS;

/** Oid of a record of any type: the server goes by the type that its statement names. */
const RECORD = 2249;
const TWO_32 = 2 ** 32;
/** UTF-8 of a UTF-16 unit at most, and what stands around a field, in bytes. */
const WIDEST = 3;
const AROUND = 16;

/** Written to and copied from, one array at a time. */
let scratch = Buffer.allocUnsafeSlow(64 * 1024);

/**
 * An array of composite values, one for each row.
 * @param fields types of the row's values, as the composite type has them
 */
export function encodeRows(fields: readonly Field[], rows: Rows): Buffer {
  let at = header(rows.length);
  for (const row of rows) {
    reserve(at, row);
    const start = at + 4;
    at = scratch.writeInt32BE(fields.length, start);
    for (let index = 0; index < fields.length; index += 1) {
      // Both have the length of the type.
      const field = fields[index] ?? 'text';
      at = scratch.writeInt32BE(FIELDS[field], at);
      at = writeValue(field, row[index] ?? null, at);
    }
    scratch.writeInt32BE(at - start, start - 4);
  }
  return Buffer.from(scratch.subarray(0, at));
}

/** Dimensions, whether there are nulls among the elements, type, then length and lower bound. */
function header(length: number): number {
  scratch.writeInt32BE(length === 0 ? 0 : 1, 0);
  scratch.writeInt32BE(0, 4);
  scratch.writeInt32BE(RECORD, 8);
  if (length === 0) return 12;
  scratch.writeInt32BE(length, 12);
  return scratch.writeInt32BE(1, 16);
}

function writeValue(field: Field, value: Value, at: number): number {
  if (value === null) return scratch.writeInt32BE(-1, at);
  const start = at + 4;
  const end = writeBare(field, value, start);
  scratch.writeInt32BE(end - start, at);
  return end;
}

function writeBare(field: Field, value: string | number | bigint, at: number): number {
  if (typeof value === 'string') return at + scratch.write(value, at);
  if (field === 'integer') return scratch.writeInt32BE(Number(value), at);
  if (typeof value === 'bigint') return scratch.writeBigInt64BE(value, at);
  scratch.writeInt32BE(Math.floor(value / TWO_32), at);
  return scratch.writeInt32BE(value | 0, at + 4);
}

/** Makes room for a row. */
function reserve(at: number, row: readonly Value[]): void {
  let size = AROUND;
  for (const value of row) size += AROUND + (typeof value === 'string' ? value.length * WIDEST : 0);
  if (at + size <= scratch.length) return;
  const larger = Buffer.allocUnsafeSlow(2 * (at + size));
  scratch.copy(larger, 0, 0, at);
  scratch = larger;
}
