// The engine over plain maps: it loads no more than a storage would (open records, what `needs` names, their links) and
// keeps texts, so that what does not survive JSON shows.
import type { Credits } from '../../../shared/account.ts';
import type { Micros } from '../../../shared/money.ts';
import { decodeFacts, decodeRecord, encodeBody } from '../../../sync-server/ledger/codec.ts';
import type { Order, Outcome } from '../../../sync-server/ledger/command.ts';
import type { RuleConfig } from '../../../sync-server/ledger/decide.ts';
import {
  prepare,
  readReply,
  settleBatch,
  type Settled,
  slotName,
  type StoredKey,
} from '../../../sync-server/ledger/engine.ts';
import type { JournalRow } from '../../../sync-server/ledger/journal.ts';
import type {
  AccountHead,
  AccountRecord,
  AccountState,
  Transfer,
} from '../../../sync-server/ledger/state.ts';
import { transferRecord } from '../../../sync-server/ledger/storage/transfer-record.ts';

/** An account as rows lie in a database. */
export interface Stored {
  head: AccountHead;
  facts: string;
  dueAt: number | null;
  balances: Map<string, Micros>;
  records: Map<string, { kind: string; id: string; open: boolean; links: string[]; body: string }>;
  transfers: Transfer[];
  rows: JournalRow[];
  credits: Credits | null;
}

/** An order with the instant at which it was handed in. */
export interface Asked {
  order: Order;
  now: number;
}

export class Store {
  readonly accounts = new Map<string, Stored>();
  readonly rules: RuleConfig;
  private readonly keys = new Map<string, StoredKey>();
  private made = 0;

  constructor(rules: RuleConfig) {
    this.rules = rules;
  }

  /** Settles some orders in one batch, as a group commit does. */
  settle(batch: readonly Asked[]): Outcome[] {
    const tasks = batch.map((asked) => prepare(asked));
    const wanted = new Map<string, string[]>();
    for (const [index, { order }] of batch.entries()) {
      const task = tasks[index];
      const names = task && 'needs' in task ? task.needs : [];
      wanted.set(order.account, [...(wanted.get(order.account) ?? []), ...names]);
    }
    const states = new Map([...wanted].map(([account, names]) => [account, this.load(account, names)]));
    const settled = settleBatch(tasks, states, this.keys, {
      rules: this.rules,
      idsFor: () => () => this.id(),
    });
    this.write(settled);
    return settled.replies.map((reply) => readReply(reply));
  }

  private write({ writes, keys }: Settled): void {
    for (const { scope, key, fingerprint, outcome } of keys) {
      this.keys.set(slotName(scope, key), { fingerprint, outcome });
    }
    for (const write of writes) {
      const stored = this.accounts.get(write.account) ?? emptyAccount(write.head);
      this.accounts.set(write.account, stored);
      stored.head = write.head;
      stored.facts = encodeBody(write.facts);
      stored.dueAt = write.due_at;
      for (const [name, micros] of write.balances) stored.balances.set(name, micros);
      for (const [name, record] of write.records) {
        stored.records.set(name, { ...record, body: encodeBody(record.body) });
      }
      stored.transfers.push(...write.transfers);
      stored.rows.push(...write.rows);
      for (const { patch } of write.rows) stored.credits = patch.credits ?? stored.credits;
    }
  }

  /** The account with everything that it remembers: for the invariants. */
  whole(account: string): AccountState {
    const state = this.load(account, [...(this.accounts.get(account)?.records.keys() ?? [])]);
    if (!state) throw new Error(`no account ${account}`);
    return state;
  }

  private load(account: string, wanted: readonly string[]): AccountState | null {
    const stored = this.accounts.get(account);
    if (!stored) return null;
    const records: AccountState['records'] = new Map();
    const open = [...stored.records].filter(([, { open }]) => open).map(([name]) => name);
    const waiting = [...open, ...wanted];
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      if (records.has(name)) continue;
      const row = stored.records.get(name);
      const record = row ? decodeRecord(row) : posted(stored, name);
      if (!record) continue;
      records.set(name, record);
      waiting.push(...record.links);
    }
    const balances = new Map([...stored.balances].filter(([, micros]) => micros !== 0n));
    return { id: account, head: stored.head, facts: decodeFacts(stored.facts), balances, records };
  }

  private id(): string {
    this.made += 1;
    return `00000000-0000-7000-8000-${String(this.made).padStart(12, '0')}`;
  }
}

/** A posted transfer, which a storage shows as a record when a reversal names it. */
function posted({ transfers }: Stored, name: string): AccountRecord | null {
  const transfer = transfers.find(({ id }) => name === `transfer:${id}`);
  if (!transfer) return null;
  const postings = transfer.postings.map((posting) => ({ ...posting }));
  return transferRecord(transfer.id, transfer.kind, JSON.stringify(transfer.meta), postings);
}

function emptyAccount(head: AccountHead): Stored {
  return {
    head,
    facts: '{}',
    dueAt: null,
    balances: new Map(),
    records: new Map(),
    transfers: [],
    rows: [],
    credits: null,
  };
}
