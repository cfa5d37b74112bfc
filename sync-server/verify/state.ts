// What records and postings of one account say together, once both are read: the invariants over its state.
import { readBalance } from '../../shared/money.ts';
import { decodeFacts } from '../ledger/codec.ts';
import { checkAccount } from '../ledger/invariants.ts';
import type { AccountFacts } from '../ledger/records.ts';
import type { RuleConfig } from '../ledger/rules.ts';
import type { Head } from './account.ts';
import type { Findings } from './findings.ts';
import type { History } from './history.ts';
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
  const { fold, section, settled, chargedBack, paidOut } = history;
  try {
    const stored = decodeFacts(head.facts);
    judgeFacts(head, stored, history, findings);
    const facts: AccountFacts = { ...stored, settled, charged_back: chargedBack, paid_out: paidOut };
    // The configured allowance may have been lowered since: what the account was last told stands.
    const before = section ? readBalance(section.credits.allowance) : 0n;
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
    for (const [name, micros] of house(recorded)) {
      const moved = name === 'asset:treasury:' ? paidOut : (fold.house.get(name) ?? 0n);
      if (moved !== micros)
        findings.add('I14', head.seq, `${name} moved ${moved} micros, the records say ${micros}`);
    }
    for (const name of fold.house.keys()) {
      if (isAnswered(name) && !recorded.house.has(name)) {
        findings.add('I14', head.seq, `${name} moved, no record says why`);
      }
    }
    if (recorded.bought !== settled) {
      findings.add('I13', head.seq, `${settled} micros were credited, purchases say ${recorded.bought}`);
    }
    if (!section) return;
    const told = { own: fold.own, posted: fold.posted, facts, records: recorded.kept.values().toArray() };
    for (const difference of differences(section.credits, section.at, told, rules)) {
      findings.add('I10', section.seq, `the credits section says ${difference}`);
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

function house({ house }: Recorded): Map<string, bigint> {
  // No payout is told apart by asset in the records, so that all of them are one.
  return house.has('asset:treasury:') ? house : new Map([...house, ['asset:treasury:', 0n]]);
}

/** House accounts whose every movement a record answers for. */
function isAnswered(name: string): boolean {
  return /^(?:asset:psp:|revenue:|payable:|suspense:)/.test(name);
}
