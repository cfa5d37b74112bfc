// Typed bodies and facts as JSON text and back. A bigint stands as {"micros":"12"}: nothing else has that shape.
import type { AccountFacts, Bodies, RecordKind, RecordOf } from './records.ts';
import type { AccountRecord } from './state.ts';

/** The value with its bigints spelled out; a third of the time of a replacer, on the path of every settlement. */
function toJson(value: unknown): unknown {
  if (typeof value === 'bigint') return { micros: value.toString() };
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(toJson);
  const plain: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(value)) plain[name] = toJson(part);
  return plain;
}

function fromJson(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('micros' in value)) return value;
  return typeof value.micros === 'string' ? BigInt(value.micros) : value;
}

/** JSON text of a record's body or of an account's facts. */
export function encodeBody(body: Bodies[RecordKind] | AccountFacts): string {
  return JSON.stringify(toJson(body));
}

/** A record out of its stored columns; `body` is text that `encodeBody` wrote. */
export function decodeRecord(row: {
  kind: string;
  id: string;
  open: boolean;
  links: string[];
  body: string;
}): AccountRecord {
  // Only `encodeBody` writes this column, so the body has its kind's shape.
  return { ...row, body: JSON.parse(row.body, fromJson) } as AccountRecord;
}

/** An account's facts out of the text that `encodeBody` wrote. */
export function decodeFacts(text: string): AccountFacts {
  return JSON.parse(text, fromJson);
}

/** The record kept under `kind:id`; undefined when it is not loaded or does not exist. */
export function recordOf<K extends RecordKind>(
  records: ReadonlyMap<string, AccountRecord>,
  kind: K,
  id: string,
): RecordOf<K> | undefined {
  // The key's first part is the record's kind, which the compiler cannot follow.
  return records.get(`${kind}:${id}`) as RecordOf<K> | undefined;
}
