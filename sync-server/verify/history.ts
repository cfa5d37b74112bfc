// One account's journal and transfers walked side by side in the order of their commits: the chain holds, every
// entry is one transfer, and says what that transfer moved (I1, I2, I9, and I10 for what the journal tells).
import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Credits, Entry } from '../../shared/account.ts';
import { chainInput, NO_HASH } from '../../shared/chain.ts';
import { formatAmount, type Micros, readBalance } from '../../shared/money.ts';
import type { Ms } from '../../shared/time.ts';
import type { Patch } from '../ledger/journal.ts';
import type { Findings } from './findings.ts';
import { Fold, type Leg } from './fold.ts';

export interface JournalLine {
  seq: number;
  at: Ms;
  n: number;
  hash: string;
  digest: string | null;
  /** JSON as stored. */
  patch: string;
}

export interface TransferLine {
  id: string;
  kind: string;
  at: Ms;
  /** JSON as stored. */
  meta: string;
  legs: Leg[];
}

/** Moves inside the account's own chart that no entry tells of (rules.md section 3). */
const SILENT = new Set(['hold.create', 'hold.void', 'hold.expired', 'debt.repay', 'purchase.suspense']);

/** What an entry may hold and the chain covers; anything else in it nobody vouches for. */
const FIELDS = new Set([
  'n',
  'id',
  'at',
  'service',
  'type',
  'amount',
  'balance',
  'status',
  'ref',
  'intent',
  'code',
]);

export class History {
  readonly fold = new Fold();
  seq = 0;
  n = 0;
  hash = NO_HASH;
  at: Ms = 0;
  /** The last row that wrote the credits section, and its instant; 0 before there is one. */
  creditsSeq = 0;
  creditsAt: Ms = 0;
  /** Bought, charged back and paid out, as the transfers tell it. */
  settled: Micros = 0n;
  chargedBack: Micros = 0n;
  paidOut: Micros = 0n;
  #findings: Findings;
  #posted = '0';

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  /** Notes when rows are missing before the next one (I9). */
  follows(seq: number): void {
    const expected = this.seq + 1;
    if (seq !== expected) this.#say('I9', expected, `journal row ${expected} is missing`);
  }

  /** The account's head names its last row. */
  endsAt(head: number): void {
    const { seq } = this;
    if (head > seq) this.#say('I9', seq + 1, `journal row ${seq + 1} is missing: the head is ${head}`);
    else if (head < seq) this.#say('I9', head + 1, `the head is ${head}, the journal goes on to ${seq}`);
  }

  /** Takes the next journal row (I9). Answers its patch; null when it cannot be read. */
  row(line: JournalLine): Patch | null {
    const { seq, at } = line;
    const whole = seq === this.seq + 1;
    this.seq = seq;
    const patch = readPatch(line.patch);
    if (!patch) {
      this.#say('I9', seq, 'the journal row cannot be read');
      return (this.#resume(line), null);
    }
    const entry = patch.recent;
    if (entry) {
      this.n += 1;
      this.hash = hash('sha256', chainInput(this.hash, entry, line.digest ?? ''));
      if (entry.n !== this.n && whole) this.#say('I9', seq, `entry ${entry.n} stands in place of ${this.n}`);
      for (const field in entry) {
        if (!FIELDS.has(field)) this.#say('I9', seq, `the entry holds ${field}, which nothing vouches for`);
      }
    }
    if (whole && (line.hash !== this.hash || line.n !== this.n)) {
      this.#say('I9', seq, 'the hash chain breaks');
    }
    if (at < this.at) this.#say('I9', seq, 'the journal row is older than the one before');
    this.#resume(line);
    return patch;
  }

  /** After a fault the stored chain is believed again, so that one damaged row is one finding. */
  #resume({ hash, n, at }: JournalLine): void {
    this.hash = hash;
    this.n = n;
    this.at = Math.max(this.at, at);
  }

  /** A transfer that belongs to `entry`, the entry of journal row `seq`. */
  booked(transfer: TransferLine, entry: Entry, digest: string | null, seq: number): void {
    const moved = this.#post(transfer, seq);
    if (formatAmount(moved) !== entry.amount) {
      this.#say('I10', seq, `the entry says ${entry.amount}, its postings ${formatAmount(moved)}`);
    }
    this.#balance(entry, seq);
    if (digest !== null && !isDigest(digest, transfer.meta)) {
      this.#say('I9', seq, `the private part of transfer ${transfer.id} is not what was digested`);
    }
  }

  /** A refusal moves nothing and has no transfer. */
  refused(entry: Entry, seq: number): void {
    if (entry.amount !== '0') this.#say('I10', seq, `a refusal moves ${entry.amount}`);
    this.#balance(entry, seq);
  }

  /** A transfer without an entry, committed with row `seq` or shortly before it. */
  silent(transfer: TransferLine, seq: number): void {
    const moved = this.#post(transfer, seq);
    if (moved !== 0n || !SILENT.has(transfer.kind)) {
      const amount = formatAmount(moved);
      this.#say(
        'I10',
        seq,
        `transfer ${transfer.id} (${transfer.kind}, ${amount}) has no entry in the journal`,
      );
    }
  }

  isSilent(transfer: TransferLine): boolean {
    return SILENT.has(transfer.kind);
  }

  /** What else row `seq` shows: a credits section tells the same total as the postings (I10), and adds up (I3). */
  shows({ credits }: Patch, seq: number): void {
    if (!credits) return;
    this.creditsSeq = seq;
    this.creditsAt = this.at;
    if (credits.balance !== this.#posted) {
      this.#say('I10', seq, `the credits section says ${credits.balance}, the postings ${this.#posted}`);
    }
    if (credits.seq !== seq) this.#say('I10', seq, `the credits section is of row ${credits.seq}`);
    if (!addsUp(credits)) this.#say('I3', seq, 'the credits section does not add up');
  }

  /** I2, asked where no instant is folded in part. */
  bounds(seq: number): void {
    const beyond = this.fold.beyond();
    if (beyond !== null) this.#say('I2', seq, beyond);
  }

  #balance(entry: Entry, seq: number): void {
    if (entry.balance !== this.#posted) {
      this.#say('I10', seq, `the entry says balance ${entry.balance}, the postings ${this.#posted}`);
    }
  }

  #post({ id, kind, legs }: TransferLine, seq: number): Micros {
    const { moved, fault } = this.fold.add(legs);
    if (moved !== 0n) this.#posted = formatAmount(this.fold.posted);
    if (fault !== null) this.#say('I1', seq, `transfer ${id} ${fault}`);
    if (kind === 'purchase.settle') this.settled += sumOf(legs, 'lot:');
    else if (kind === 'purchase.chargeback') this.chargedBack += sumOf(legs, 'asset:psp:');
    else if (kind === 'withdrawal.paid') this.paidOut += sumOf(legs, 'asset:treasury:');
    return moved;
  }

  #say(rule: string, seq: number, text: string): void {
    this.#findings.add(rule, seq, text);
  }
}

function sumOf(legs: readonly Leg[], prefix: string): Micros {
  let sum = 0n;
  for (const { name, micros } of legs) if (name.startsWith(prefix)) sum += micros;
  return sum;
}

const PARTS = ['restricted', 'frozen', 'held', 'reserved'] as const;

/** posted = available + restricted + frozen + held + reserved, and what is good for everything is good for each service. */
function addsUp(credits: Credits): boolean {
  const { balance, available, restricted, available_by_service } = credits;
  try {
    let sum = available === balance ? 0n : readBalance(available) - readBalance(balance);
    for (const part of PARTS) if (credits[part] !== '0') sum += readBalance(credits[part]);
    if (sum !== 0n) return false;
    return restricted !== '0' || Object.values(available_by_service).every((each) => each === available);
  } catch {
    return false;
  }
}

export function readPatch(text: string): Patch | null {
  try {
    const patch: unknown = JSON.parse(text);
    // What it holds is judged field by field, by the chain and by the postings.
    return typeof patch === 'object' && patch !== null ? patch : null;
  } catch {
    return null;
  }
}

/** Most metas lie in the database as they were digested; the others only in another order of keys. */
function isDigest(digest: string, meta: string): boolean {
  if (hash('sha256', meta) === digest) return true;
  try {
    return hash('sha256', canonicalize(JSON.parse(meta)) ?? '') === digest;
  } catch {
    return false;
  }
}
