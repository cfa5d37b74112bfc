// What records and postings of one account say together, once both are read: the invariants over its state.
import { readBalance } from '../../shared/money.ts';
import { decodeFacts } from '../ledger/codec.ts';
import { checkAccount } from '../ledger/invariants.ts';
import type { AccountFacts } from '../ledger/records.ts';
import type { RuleConfig } from '../ledger/rules.ts';
import type { Findings } from './findings.ts';
import type { Head } from './head.ts';
import { type History, readPatch } from './history.ts';
import type { Recorded } from './recorded.ts';
import { differences } from './section.ts';
import { reasonOf } from './source.ts';

/** I3-I8, I11, I12, I14, and the section derived: what records and postings say together. */
export function judgeState(
  head: Head,
  history: History,
  recorded: Recorded,
  rules: RuleConfig,
  findings: Findings,
): void {
  const { fold, settled, chargedBack, paidOut } = history;
  const credits = readPatch(head.creditsPatch ?? '')?.credits ?? null;
  try {
    const stored = decodeFacts(head.facts);
    judgeFacts(head, stored, history, findings);
    const facts: AccountFacts = { ...stored, settled, charged_back: chargedBack, paid_out: paidOut };
    // The configured allowance may have been lowered since: what the account was last told stands.
    const before = credits ? readBalance(credits.allowance) : 0n;
    const allowance = before > rules.allowance ? before : rules.allowance;
    const { seq, n, hash, at } = head;
    const state = {
      id: head.id,
      head: { seq, n, hash, at },
      facts,
      balances: fold.own,
      records: recorded.kept,
    };
    for (const text of checkAccount(state, undefined, { ...rules, allowance })) {
      const colon = text.indexOf(': ');
      const [rule, rest] = colon < 0 ? ['section 14', text] : [text.slice(0, colon), text.slice(colon + 2)];
      findings.add(rule, head.seq, rest);
    }
    judgeHouse(head.seq, history, recorded, findings);
    if (recorded.bought !== settled) {
      findings.add('I13', head.seq, `${settled} micros were credited, purchases say ${recorded.bought}`);
    }
    if (!credits || head.creditsSeq !== history.creditsSeq) return;
    const told = { own: fold.own, posted: fold.posted, facts, records: recorded.kept.values().toArray() };
    for (const difference of differences(credits, history.creditsAt, told, rules)) {
      findings.add('I10', history.creditsSeq, `the credits section says ${difference}`);
    }
  } catch (error) {
    findings.add('I8', head.seq, `facts and records cannot be read together (${reasonOf(error)})`);
  }
}

function judgeFacts(head: Head, facts: AccountFacts, history: History, findings: Findings): void {
  const { settled, chargedBack, paidOut } = history;
  const pairs = [
    ['settled', facts.settled, settled],
    ['charged_back', facts.charged_back, chargedBack],
    ['paid_out', facts.paid_out, paidOut],
  ] as const;
  for (const [name, stored, folded] of pairs) {
    if (stored !== folded)
      findings.add('I10', head.seq, `fact ${name} is ${stored} micros, its postings say ${folded}`);
  }
}

/** I14: what came from providers, went to the treasury and was earned is what the records say. */
function judgeHouse(seq: number, { fold, paidOut }: History, { house }: Recorded, findings: Findings): void {
  // Records do not say from which of the treasury's assets a payout came, so all of them are one.
  const moved = new Map([
    ...[...fold.house].filter(([name]) => isAnswered(name)),
    ['asset:treasury:', paidOut],
  ]);
  for (const name of new Set([...moved.keys(), ...house.keys()])) {
    const [posted, said] = [moved.get(name) ?? 0n, house.get(name) ?? 0n];
    if (posted !== said) findings.add('I14', seq, `${name} moved ${posted} micros, the records say ${said}`);
  }
}

/** House accounts whose every movement a record answers for. */
function isAnswered(name: string): boolean {
  return /^(?:asset:psp:|revenue:|payable:|suspense:)/.test(name);
}
