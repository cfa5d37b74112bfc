// The hash chain's input: what server and device both hash, so that a device can recompute its own history.
import type { Entry } from './account.ts';

/** Chain before the first entry. */
export const NO_HASH = '0'.repeat(64);

const text = (value: string) => JSON.stringify(value);

/**
 * Canonical JSON (RFC 8785) of an entry: keys sorted, no blanks. Written out by hand because `shared` has no library
 * for it and the fields are fixed.
 */
export function canonicalEntry(entry: Entry): string {
  const code = entry.code === undefined ? '' : `"code":${text(entry.code)},`;
  const intent = entry.intent === undefined ? '' : `"intent":${text(entry.intent)},`;
  const ref = entry.ref === undefined ? '' : `"ref":${text(entry.ref)},`;
  return (
    `{"amount":${text(entry.amount)},"at":${entry.at},"balance":${text(entry.balance)},${code}"id":${text(entry.id)},` +
    `${intent}"n":${entry.n},${ref}"service":${text(entry.service)},"status":${text(entry.status)},"type":${text(entry.type)}}`
  );
}

/**
 * What is hashed for entry n: the hash before it (hex), then the canonical JSON of `{entry, private_digest}`.
 * hash_n = hex SHA-256 of this text in UTF-8 (I9).
 */
export function chainInput(prev: string, entry: Entry, privateDigest: string): string {
  return `${prev}{"entry":${canonicalEntry(entry)},"private_digest":${text(privateDigest)}}`;
}
