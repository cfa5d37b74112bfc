// What must hold in every state the rules can reach (rules.md section 14): checked after every operation in tests and by
// the verification of a running ledger.
import { MAX_BALANCE, type Micros } from '../../shared/money.ts';
import { isLot, isOwn } from './chart.ts';
import { isLive, lotKey } from './lots.ts';
import type { Funding, RecordKind, RecordOf } from './records.ts';
import { DEFAULT_RULES, type RuleConfig } from './rules.ts';
import type { AccountState, Transfer } from './state.ts';

const sum = (amounts: Iterable<Micros>) => {
  let total = 0n;
  for (const micros of amounts) total += micros;
  return total;
};

/** A state with a way to ask for its records. */
interface Subject {
  state: AccountState;
  all<K extends RecordKind>(kind: K): RecordOf<K>[];
  balance(name: string): Micros;
}

function subjectOf(state: AccountState): Subject {
  return {
    state,
    all: <K extends RecordKind>(kind: K) =>
      // The kind was compared just before, which the compiler cannot follow for a type parameter.
      [...state.records.values()].filter((record) => record.kind === kind) as unknown as RecordOf<K>[],
    balance: (name) => state.balances.get(name) ?? 0n,
  };
}

function isReserving({ body }: RecordOf<'withdrawal'>): boolean {
  return ['requested', 'in_review', 'approved', 'processing'].includes(body.status);
}

/** I2, M3: no own balance beyond its bound. */
function* bounds({ state }: Subject): Generator<string> {
  for (const [name, micros] of state.balances) {
    if (!isOwn(name)) yield `I2: ${name} is no own account`;
    if (name === 'recv' ? micros > 0n : micros < 0n) yield `I2: ${name} is ${micros}`;
    if (micros > MAX_BALANCE) yield `M3: ${name} is ${micros}`;
  }
}

/** I4, I5: money under holds and withdrawals is exactly what they say. */
function* pledged(subject: Subject): Generator<string> {
  const holds = subject.all('hold').filter(({ body }) => body.status === 'authorized');
  const held = sum(holds.map(({ body }) => body.amount));
  if (held !== subject.balance('held')) yield `I4: held is ${subject.balance('held')}, holds say ${held}`;
  const waiting = subject.all('withdrawal').filter(isReserving);
  const reserved = sum(waiting.map(({ body }) => body.amount));
  if (reserved !== subject.balance('reserved')) {
    yield `I5: reserved is ${subject.balance('reserved')}, withdrawals say ${reserved}`;
  }
}

/** I8: everything paid is fully funded, and all debt has an item. */
function* funded(subject: Subject): Generator<string> {
  const paid = ({ slices, debt }: Funding) => sum(slices.map(({ micros }) => micros)) + debt;
  const items: Funding[] = [];
  for (const { id, body, open } of subject.all('charge')) {
    items.push(body);
    if (paid(body) + body.refunded !== body.amount) yield `I8: charge ${id} is not fully funded`;
    if (open !== body.debt > 0n) yield `charge ${id} is open without debt, or closed with it`;
  }
  for (const { id, body } of subject.all('hold')) {
    items.push(body);
    const due = body.status === 'authorized' ? body.amount : 0n;
    if (paid(body) !== due) yield `I8: hold ${id} is not fully funded`;
  }
  for (const { id, body } of subject.all('withdrawal').filter(isReserving)) {
    if (paid(body) !== body.amount || body.debt !== 0n) yield `I8: withdrawal ${id} is not fully funded`;
  }
  for (const { body } of subject.all('chargeback')) items.push(body);
  const debt = sum(items.map((item) => item.debt));
  if (debt !== -subject.balance('recv')) yield `I8: debt is ${-subject.balance('recv')}, items say ${debt}`;
}

/** I3, I6, I7, I11, I12: what the lots hold, against debt, floor and purchases. */
function* lots(subject: Subject, rules: RuleConfig): Generator<string> {
  const { facts, head, balances } = subject.state;
  const debt = -subject.balance('recv');
  let free = 0n;
  let withdrawable = 0n;
  let inLots = 0n;
  for (const lot of subject.all('lot')) {
    const rest = subject.balance(lotKey(lot));
    const { body } = lot;
    inLots += rest;
    if (rest > body.size) yield `I12: ${lotKey(lot)} holds ${rest} of ${body.size}`;
    if (body.frozen && rest !== 0n) yield `I3: charged-back ${lotKey(lot)} holds ${rest}`;
    if (lot.open !== rest > 0n) yield `${lotKey(lot)} is open without credit, or closed with it`;
    if (!isLive(body, head.at) && rest > 0n) yield `I3: ${lotKey(lot)} has ended with ${rest}`;
    if (body.services === null) free += rest;
    if (body.withdrawable) withdrawable += rest;
  }
  const named = sum([...balances].filter(([name]) => isLot(name)).map(([, micros]) => micros));
  if (named !== inLots) yield `I3: lots hold ${inLots}, the chart says ${named}`;
  if (debt > 0n && free > 0n) yield `I11: debt ${debt} beside free credit ${free}`;
  const floor = facts.allowance ?? rules.allowance;
  if (free - debt < -floor && !facts.forced) yield `I6: available ${free - debt} is below -${floor}`;
  const out = (withdrawable < free - debt ? withdrawable : free - debt) + subject.balance('reserved');
  const paidOut = facts.paid_out;
  if (out > 0n && out + paidOut > facts.settled)
    yield `I7: ${out + paidOut} can leave, ${facts.settled} was bought`;
  if (paidOut > facts.settled) yield `I7: ${paidOut} was paid out, ${facts.settled} was bought`;
}

/** Section 8: the account's state follows its debt. */
function* windows({ state: { facts }, balance }: Subject): Generator<string> {
  const debt = -balance('recv');
  if (facts.state === 'active' && debt > 0n) yield 'section 8: active with debt';
  if (facts.state === 'grace' && (debt === 0n || facts.grace_until === null))
    yield 'section 8: grace without debt';
  if (facts.state === 'suspended' && facts.reason === 'unpaid' && debt === 0n) {
    yield 'section 8: suspended as unpaid without debt';
  }
}

/** I1, I10: transfers balance, and own balances are the fold of their postings. */
function* folds({ state, balance }: Subject, transfers: readonly Transfer[]): Generator<string> {
  const folded = new Map<string, Micros>();
  for (const { id, postings } of transfers) {
    if (sum(postings.map(({ micros }) => micros)) !== 0n) yield `I1: transfer ${id} does not balance`;
    for (const { name, micros } of postings) {
      if (isOwn(name)) folded.set(name, (folded.get(name) ?? 0n) + micros);
    }
  }
  for (const [name, micros] of folded) {
    if (micros !== balance(name)) yield `I10: ${name} is ${balance(name)}, its postings say ${micros}`;
  }
  for (const name of state.balances.keys()) {
    if (!folded.has(name)) yield `I10: ${name} has no posting`;
  }
}

/**
 * Everything that is wrong with an account, by invariant; empty when all is well. The state must hold its open records
 * and, for I8, what they link to; `transfers` are all of the account's, when the fold is to be checked too. The hash
 * chain (I9) is the journal's, uniqueness (I13) the storage's to check.
 */
export function checkAccount(
  state: AccountState,
  transfers?: readonly Transfer[],
  rules: RuleConfig = DEFAULT_RULES,
): string[] {
  const subject = subjectOf(state);
  return [
    ...bounds(subject),
    ...pledged(subject),
    ...funded(subject),
    ...lots(subject, rules),
    ...windows(subject),
    ...(transfers ? folds(subject, transfers) : []),
  ];
}
