// The seam between the rules and a storage: a storage loads what a command touches and applies what was decided.
import type { Micros } from '../../shared/money.ts';
import type { Ms } from '../../shared/time.ts';
import type { JsonObject } from './command.ts';
import type { JournalRow } from './journal.ts';
import type { AccountFacts, RecordKind, RecordOf } from './records.ts';

/**
 * One account as a storage loads it: its row, the non-zero balances of its own chart (`lot:<id>`, `held`, `reserved`,
 * `recv`), and its open records, plus the closed ones that a command names. Bounded by what is open, not by history.
 */
export interface AccountState {
  id: string;
  head: AccountHead;
  /** Opaque to a storage, which keeps `encodeBody(facts)` and loads `decodeFacts(text)` (codec.ts). */
  facts: AccountFacts;
  balances: Map<string, Micros>;
  /** Keyed `kind:id`. */
  records: Map<string, AccountRecord>;
}

/** Where the account's journal stands. `at` is its last commit instant: commit time is monotone per account. */
export interface AccountHead {
  seq: number;
  n: number;
  hash: string;
  at: Ms;
}

/**
 * Anything the rules remember besides money, typed by kind in records.ts. A storage keeps `encodeBody(body)` and loads
 * through `decodeRecord` (codec.ts). `links` names the records (`kind:id`) that must be loaded with it; `open` records
 * are always loaded. States, records and bodies are never changed in place: a change is a new record.
 */
export type AccountRecord = { [K in RecordKind]: RecordOf<K> }[RecordKind];

/** Signed micros on one chart account; names of the own account's chart are without owner (`held`), house names whole. */
export interface Posting {
  name: string;
  micros: Micros;
}

/** A balanced set of postings: they sum to zero. */
export interface Transfer {
  id: string;
  kind: string;
  at: Ms;
  postings: Posting[];
  /**
   * `{actor: {principal, scope}, key, metadata}`: never shown to other accounts; a journal row's `private_digest` is the
   * SHA-256 of its canonical JSON. `metadata.of` is the record key the transfer belongs to, `metadata.effective_at`
   * stands when a due transition was committed later than it happened.
   */
  meta: JsonObject;
}

/** What one decision changes; applied whole or not at all. */
export interface Changes {
  account: string;
  head: AccountHead;
  facts: AccountFacts;
  /** New values of the own balances that changed. */
  balances: Map<string, Micros>;
  records: AccountRecord[];
  transfers: Transfer[];
  rows: JournalRow[];
  /** Next instant at which something happens by time alone; null when nothing will. */
  due_at: Ms | null;
}
