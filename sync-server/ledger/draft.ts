// A decision in the making: an overlay on the loaded state that gathers postings, records and journal rows. Nothing of
// the loaded state is touched, so a refused command leaves nothing behind.
import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Entry } from '../../shared/account.ts';
import { chainInput } from '../../shared/chain.ts';
import { formatAmount, type Micros } from '../../shared/money.ts';
import { type Ms, toRfc3339 } from '../../shared/time.ts';
import { isLot } from './chart.ts';
import { recordOf } from './codec.ts';
import type { Actor, JsonObject, Order, ProblemCode } from './command.ts';
import { deriveCredits } from './credits.ts';
import type { Patch } from './journal.ts';
import { type Books, Legs } from './legs.ts';
import type { AccountFacts, RecordKind, RecordOf } from './records.ts';
import type { RuleConfig } from './rules.ts';
import { countEntry } from './spend.ts';
import type { AccountRecord, AccountState, Changes, Posting } from './state.ts';
import type { View } from './view.ts';

/** What a rule may not do itself: the instant, new ids (UUIDv7) and the configured figures come in. */
export interface DecideContext {
  now: Ms;
  id(): string;
  rules: RuleConfig;
}

/** An entry as a rule states it; its number, instant and balance are the draft's to fill. */
interface EntryDraft {
  id: string;
  service: string;
  type: string;
  amount: Micros;
  status: string;
  ref?: string;
  intent?: string;
  code?: ProblemCode;
}

interface Note {
  patch: Patch;
  /** Private part of the note's entry, to be digested. */
  meta: JsonObject | null;
}

const SYSTEM: Actor = { principal: 'ledger', scope: 'system' };

export class Draft implements View, Books {
  readonly rules: RuleConfig;
  readonly id: () => string;
  /** When all of this is committed: never before the account's last commit. */
  readonly commit: Ms;
  /** When the running step happens: what is due runs at its own instant, from the last commit on. */
  now: Ms;
  #actor: Actor = SYSTEM;
  #key: string | null = null;
  readonly #base: AccountState;
  #out: Omit<Changes, 'due_at'>;
  #overlay = new Map<string, AccountRecord>();
  #groups: Map<RecordKind, AccountRecord[]> | null = null;
  #notes: Note[] = [];
  #dirty = false;
  #touched = false;
  #posted: Micros;

  constructor(base: AccountState, context: DecideContext) {
    this.#base = base;
    this.rules = context.rules;
    this.id = context.id;
    this.commit = Math.max(context.now, base.head.at);
    this.now = base.head.at;
    this.#posted = 0n;
    for (const micros of base.balances.values()) this.#posted += micros;
    this.#out = {
      account: base.id,
      head: { ...base.head },
      facts: base.facts,
      balances: new Map(),
      records: [],
      transfers: [],
      rows: [],
    };
  }

  /** From here on the order's principal acts, at the commit instant. */
  actAs(order: Order): void {
    this.#actor = order.actor;
    this.#key = order.key ?? null;
    this.now = this.commit;
  }

  get account(): string {
    return this.#base.id;
  }

  get facts(): AccountFacts {
    return this.#out.facts;
  }

  setFacts(part: Partial<AccountFacts>): void {
    this.#out.facts = { ...this.#out.facts, ...part };
    this.touch();
  }

  /** Sets facts that the credits section does not show. */
  noteFacts(part: Partial<Pick<AccountFacts, 'name' | 'plan' | 'today'>>): void {
    this.#out.facts = { ...this.#out.facts, ...part };
    this.#touched = true;
  }

  /** The credits section says something new though no money moved (a deadline, say). */
  touch(): void {
    this.#touched = true;
    this.#dirty = true;
  }

  /** The next number for a lot, a debt or a waiting request. */
  nextNo(): number {
    const no = this.facts.no + 1;
    this.#out.facts = { ...this.#out.facts, no };
    return no;
  }

  get posted(): Micros {
    return this.#posted;
  }

  get debt(): Micros {
    return -this.balance('recv');
  }

  balance(name: string): Micros {
    return this.#out.balances.get(name) ?? this.#base.balances.get(name) ?? 0n;
  }

  find<K extends RecordKind>(kind: K, id: string): RecordOf<K> | undefined {
    const drafted = this.#overlay.size === 0 ? undefined : recordOf(this.#overlay, kind, id);
    return drafted ?? recordOf(this.#base.records, kind, id);
  }

  /** Open records as loaded, by kind: sorted out once, because rules ask for them many times. */
  #byKind(): Map<RecordKind, AccountRecord[]> {
    if (this.#groups) return this.#groups;
    const groups = new Map<RecordKind, AccountRecord[]>();
    for (const record of this.#base.records.values()) {
      if (!record.open) continue;
      const group = groups.get(record.kind);
      if (group) group.push(record);
      else groups.set(record.kind, [record]);
    }
    this.#groups = groups;
    return groups;
  }

  open<K extends RecordKind>(kind: K): RecordOf<K>[] {
    const overlay = this.#overlay;
    const loaded = this.#byKind().get(kind) ?? [];
    const found = loaded.filter((record) => overlay.size === 0 || !overlay.has(`${kind}:${record.id}`));
    for (const record of overlay.values()) if (record.open && record.kind === kind) found.push(record);
    // All of one kind, which the compiler cannot follow for a type parameter.
    return found as unknown as RecordOf<K>[];
  }

  put<K extends RecordKind>(record: RecordOf<K>): void {
    // A record of a known kind is one of the union's members.
    this.#overlay.set(`${record.kind}:${record.id}`, record as unknown as AccountRecord);
    this.#touched = true;
  }

  /** Starts a transfer; its legs move own balances at once, `post` closes it. */
  begin(): Legs {
    return new Legs(this);
  }

  /** Moves an own balance; a lot is open while it holds something. */
  move(name: string, micros: Micros): void {
    const before = this.balance(name);
    const after = before + micros;
    if (name === 'recv' ? after > 0n : after < 0n) throw new Error(`${name} would pass its bound`);
    this.#out.balances.set(name, after);
    this.#posted += micros;
    this.#dirty = true;
    if (!isLot(name) || (before === 0n) === (after === 0n)) return;
    const lot = this.find('lot', name.slice(4));
    if (!lot) throw new Error(`${name} is not loaded`);
    if (lot.open !== after > 0n) this.put({ ...lot, open: after > 0n });
  }

  #meta(metadata: JsonObject): JsonObject {
    const late = this.now === this.commit ? {} : { effective_at: toRfc3339(this.now) };
    return { actor: { ...this.#actor }, key: this.#key, metadata: { ...metadata, ...late } };
  }

  post(kind: string, postings: Posting[], metadata: JsonObject): string {
    const id = this.id();
    this.#out.transfers.push({ id, kind, at: this.commit, postings, meta: this.#meta(metadata) });
    return id;
  }

  /** Adds a journal entry for what has just been posted (or refused); its balance is the posted total at this point. */
  entry(entry: EntryDraft, metadata: JsonObject = {}): void {
    const transfer = this.#out.transfers.at(-1);
    const meta = transfer?.id === entry.id ? transfer.meta : this.#meta(metadata);
    const recent: Entry = {
      n: 0,
      at: this.now,
      ...entry,
      amount: formatAmount(entry.amount),
      balance: formatAmount(this.#posted),
    };
    this.#notes.push({ patch: { recent }, meta });
    const waiting = this.#notes.filter(({ patch }) => patch.recent).length;
    countEntry(this, this.#out.head.n + waiting, entry);
  }

  /** Shows a section's new value in the row of the last entry, or in a row of its own. */
  show(patch: Omit<Patch, 'recent' | 'credits'>): void {
    const last = this.#notes.at(-1);
    if (last && Object.keys(patch).every((lane) => !(lane in last.patch))) Object.assign(last.patch, patch);
    else this.#notes.push({ patch: { ...patch }, meta: null });
  }

  /** The journal row that the next `show` of a lane writes. */
  rowOf(lane: keyof Patch): number {
    const last = this.#notes.at(-1);
    return this.#out.head.seq + this.#notes.length + (last && !(lane in last.patch) ? 0 : 1);
  }

  /** Closes a step: its notes become journal rows, the last one with the credits section if money or state changed. */
  flush(): void {
    if (this.#dirty && this.#notes.length === 0) this.#notes.push({ patch: {}, meta: null });
    const { head, rows } = this.#out;
    for (const [index, { patch, meta }] of this.#notes.entries()) {
      head.seq += 1;
      head.at = this.commit;
      let digest: string | null = null;
      if (patch.recent && meta) {
        head.n += 1;
        patch.recent.n = head.n;
        digest = hash('sha256', canonicalize(meta) ?? '');
        head.hash = hash('sha256', chainInput(head.hash, patch.recent, digest));
      }
      if (this.#dirty && index === this.#notes.length - 1) patch.credits = deriveCredits(this, head.seq);
      rows.push({
        account: this.account,
        seq: head.seq,
        at: this.commit,
        patch,
        n: head.n,
        hash: head.hash,
        private_digest: digest,
      });
    }
    this.#notes = [];
    this.#dirty = false;
  }

  /** Notes what became of a proposal: in the first row since `row`, or in one of its own. */
  answer(intent: string, row: number, code?: ProblemCode): void {
    if (this.#out.rows.length === row) {
      this.#notes.push({ patch: {}, meta: null });
      this.flush();
    }
    const first = this.#out.rows[row];
    if (first) first.patch.answers = { intent, seq: first.seq, ...(code && { code }) };
  }

  get rows(): number {
    return this.#out.rows.length;
  }

  get seq(): number {
    return this.#out.head.seq;
  }

  /** Remembers this point; calling the answer brings the draft back to it. */
  mark(): () => void {
    const { head, facts, balances, transfers, rows } = this.#out;
    const kept = {
      head: { ...head },
      facts,
      balances: new Map(balances),
      overlay: new Map(this.#overlay),
      posted: this.#posted,
      touched: this.#touched,
      transfers: transfers.length,
      rows: rows.length,
    };
    return () => {
      this.#out.head = kept.head;
      this.#out.facts = kept.facts;
      this.#out.balances = kept.balances;
      this.#overlay = kept.overlay;
      this.#posted = kept.posted;
      this.#touched = kept.touched;
      transfers.length = kept.transfers;
      rows.length = kept.rows;
      this.#notes = [];
      this.#dirty = false;
    };
  }

  /** What was decided; null when nothing changed. */
  changes(due_at: Ms | null): Changes | null {
    const { rows, transfers } = this.#out;
    if (!this.#touched && rows.length === 0 && transfers.length === 0) return null;
    this.#out.head.at = this.commit;
    return { ...this.#out, records: [...this.#overlay.values()], due_at };
  }
}
