// What the rules may look at while they decide: the account as it stands at one instant.
import type { Micros } from '../../shared/money.ts';
import type { Ms } from '../../shared/time.ts';
import type { AccountFacts, RecordKind, RecordOf } from './records.ts';
import type { RuleConfig } from './rules.ts';

export interface View {
  readonly rules: RuleConfig;
  /** The instant at which the running step happens. */
  readonly now: Ms;
  readonly facts: AccountFacts;
  /** "Posted" of rules.md section 2: the sum of the account's own chart. */
  readonly posted: Micros;
  /** What the account owes, 0 or more. */
  readonly debt: Micros;
  /** Balance of an own chart account: `lot:<id>`, `held`, `reserved`, `recv`. */
  balance(name: string): Micros;
  find<K extends RecordKind>(kind: K, id: string): RecordOf<K> | undefined;
  /** All open records of a kind, in no particular order. */
  open<K extends RecordKind>(kind: K): RecordOf<K>[];
}
