// Settles a batch of orders against loaded states, whatever stores them: what to load, what to decide, what to write.
// A storage runs `wanted`, loads, `settleBatch`, writes it whole, commits, and only then answers.
import type { Micros } from '../../shared/money.ts';
import type { Ms } from '../../shared/time.ts';
import type { Order, Outcome } from './command.ts';
import { apply, decide, fingerprint, isStored, keyOf, madeRecord, needs } from './decide.ts';
import type { DecideContext } from './draft.ts';
import { checkChanges } from './check-changes.ts';
import type { JournalRow } from './journal.ts';
import type { RuleConfig } from './rules.ts';
import type { AccountHead, AccountRecord, AccountState, Changes, Transfer } from './state.ts';
import { LedgerFault } from './storage/database.ts';

/** An order with the instant it was handed in. */
export interface Task {
  order: Order;
  now: Ms;
}

/** One idempotency key of an order: `by` a key that the caller sent, or the id that its command carries. */
export interface Slot {
  scope: string;
  key: string;
  by: 'header' | 'id';
  /** Its `slotName`, made once: a text is dear as the key of a map the first time that it is one. */
  name: string;
  /** For an id: the record (`kind:id`) that the order makes, beside which its answer may be kept. */
  record: string | null;
}

/** A task with everything that can be known before the database is asked. */
export interface Prepared extends Task {
  /** Honoured in this order. */
  slots: Slot[];
  fingerprint: string;
  /** Records (`kind:id`) that must be loaded beside the open ones. */
  needs: string[];
}

/** What an idempotency key was used for, as stored. `outcome` is JSON. */
export interface StoredKey {
  fingerprint: string;
  outcome: string;
}

export interface KeyWrite extends StoredKey {
  scope: string;
  key: string;
  account: string;
  seq: number;
  name: string;
  record: string | null;
}

/** All that a batch changes in one account; the last value wins. */
export interface AccountWrite {
  account: string;
  isNew: boolean;
  head: AccountHead;
  facts: AccountState['facts'];
  due_at: Ms | null;
  /** The last row that wrote the credits section; null when none did. */
  creditsSeq: number | null;
  balances: Map<string, Micros>;
  records: Map<string, AccountRecord>;
  transfers: Transfer[];
  rows: JournalRow[];
}

/** An outcome as JSON, encoded once for the key and the answer alike; or a fault of ours. */
export type Reply = { outcome: string } | { fault: string };

export interface Settled {
  /** One for each task, in order. */
  replies: Reply[];
  writes: AccountWrite[];
  keys: KeyWrite[];
  /** The states after the batch; true only once it is committed. */
  states: Map<string, AccountState>;
}

export interface EngineContext {
  rules: RuleConfig;
  /** Ids for what one order creates. */
  idsFor(task: Prepared, state: AccountState | null): () => string;
}

/** The name of a key in the maps of a batch: neither part holds a line end. */
export function slotName(scope: string, key: string): string {
  return `${scope}\n${key}`;
}

/** Works out keys, fingerprint and needed records of an order; one that cannot be read is a fault of its own. */
export function prepare(task: Task): Prepared | { fault: string } {
  try {
    const { order } = task;
    return { ...task, slots: slotsOf(order), fingerprint: fingerprint(order), needs: needs(order) };
  } catch (error) {
    return { fault: faultText(task.order, error) };
  }
}

function slotsOf(order: Order): Slot[] {
  const first = keyOf(order);
  if (!first) return [];
  if (first.by === 'id') return [slot(order, first)];
  const { key: _header, ...bare } = order;
  const second = keyOf(bare);
  return second ? [slot(order, first), slot(order, second)] : [slot(order, first)];
}

function slot(order: Order, { key, by }: { key: string; by: 'header' | 'id' }): Slot {
  const { principal } = order.actor;
  const scope = by === 'header' ? principal : `${principal} ${order.account} ${order.command.kind}`;
  return {
    scope,
    key,
    by,
    name: slotName(scope, key),
    record: by === 'id' ? madeRecord(order) : null,
  };
}

/**
 * Decides each order against the state that the ones before it left. A refused or failing order harms no other.
 * @param states loaded states by account, null for an account that does not exist
 * @param stored known keys by `slotName`
 */
export function settleBatch(
  tasks: readonly (Prepared | { fault: string })[],
  states: Map<string, AccountState | null>,
  stored: Map<string, StoredKey>,
  context: EngineContext,
): Settled {
  const after = new Map<string, AccountState>();
  const writes = new Map<string, AccountWrite>();
  const keys = new Map<string, KeyWrite>();

  const settleOne = (task: Prepared): Reply => {
    const { order } = task;
    const state = after.get(order.account) ?? states.get(order.account) ?? null;
    for (const { name, by } of task.slots) {
      const used = keys.get(name) ?? stored.get(name);
      if (used) return replay(used, task, by, state?.head.seq ?? 0);
    }
    const ruling: DecideContext = { now: task.now, id: context.idsFor(task, state), rules: context.rules };
    const { changes, outcome } = decide(state, order, ruling);
    // All that may throw comes before the first thing that the batch keeps of this order.
    const text = JSON.stringify(outcome);
    // A proposal's refusal stands in the journal, so it is final whatever its code: it must not be written twice.
    const stores = isStored(outcome) || (order.intent !== undefined && changes !== null);
    if (changes) {
      checkChanges(order.account, state, changes);
      after.set(order.account, apply(state, changes));
      merge(writes, order.account, state === null, changes);
    }
    if (stores) {
      const { fingerprint } = task;
      const kept = { fingerprint, account: order.account, outcome: text, seq: outcome.seq };
      for (const { scope, key, name, record } of task.slots) {
        keys.set(name, { scope, key, name, record, ...kept });
      }
    }
    return { outcome: text };
  };

  const replies = tasks.map((task): Reply => {
    if ('fault' in task) return task;
    try {
      return settleOne(task);
    } catch (error) {
      return { fault: faultText(task.order, error) };
    }
  });
  return { replies, writes: [...writes.values()], keys: [...keys.values()], states: after };
}

function replay(used: StoredKey, task: Prepared, by: Slot['by'], seq: number): Reply {
  if (used.fingerprint === task.fingerprint) {
    // Our own encoding of an Outcome, as the key's row holds it.
    const first = JSON.parse(used.outcome) as Outcome;
    return { outcome: JSON.stringify({ ...first, replayed: true } satisfies Outcome) };
  }
  const outcome: Outcome =
    by === 'header'
      ? {
          ok: false,
          problem: {
            code: 'idempotency_key_reuse',
            detail: 'This Idempotency-Key was used for another request: send a new one.',
          },
          seq,
          replayed: false,
        }
      : duplicateId(seq);
  return { outcome: JSON.stringify(outcome) };
}

/** The refusal of an id that stands for something else already. */
export function duplicateId(seq: number): Outcome {
  return {
    ok: false,
    problem: { code: 'duplicate_id', detail: 'This id was used for another request: choose a new one.' },
    seq,
    replayed: false,
  };
}

function merge(writes: Map<string, AccountWrite>, account: string, isNew: boolean, changes: Changes): void {
  let write = writes.get(account);
  if (!write) {
    write = {
      account,
      isNew,
      head: changes.head,
      facts: changes.facts,
      due_at: changes.due_at,
      creditsSeq: null,
      balances: new Map(),
      records: new Map(),
      transfers: [],
      rows: [],
    };
    writes.set(account, write);
  }
  write.head = changes.head;
  write.facts = changes.facts;
  write.due_at = changes.due_at;
  for (const [name, micros] of changes.balances) write.balances.set(name, micros);
  for (const record of changes.records) write.records.set(`${record.kind}:${record.id}`, record);
  for (const transfer of changes.transfers) write.transfers.push(transfer);
  for (const row of changes.rows) {
    write.rows.push(row);
    if (row.patch.credits) write.creditsSeq = row.seq;
  }
}

/** What a fault says to its caller and the log: the kind of order and the error, never the order's values. */
export function faultText(order: Order, error: unknown): string {
  return `${order.command.kind} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

/** Accounts whose journal grew, each with its last seq. */
export function grown({ writes }: Settled): [account: string, seq: number][] {
  return writes.filter(({ rows }) => rows.length > 0).map(({ account, head }) => [account, head.seq]);
}

/** An outcome as it was encoded. @throws LedgerFault for a fault of ours. */
export function readReply(reply: Reply): Outcome {
  if ('fault' in reply) throw new LedgerFault(reply.fault);
  // Our own encoding of an Outcome, from this process or from the key's row that this ledger wrote.
  return JSON.parse(reply.outcome) as Outcome;
}
