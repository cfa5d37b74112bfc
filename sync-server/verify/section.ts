// The credits section worked out again from the postings and the records, to be held against what the journal last
// told (I10). Written on its own: the ledger's own derivation is what is under test.
import type { Credits } from '../../shared/account.ts';
import { formatAmount, type Micros } from '../../shared/money.ts';
import { type Ms, toRfc3339 } from '../../shared/time.ts';
import { SERVICES } from '../ledger/command.ts';
import type { AccountFacts, LotBody, RecordOf } from '../ledger/records.ts';
import type { RuleConfig } from '../ledger/rules.ts';
import type { AccountRecord } from '../ledger/state.ts';

/** As many expiries as a section lists. */
const MAX_EXPIRING = 50;

export interface Told {
  /** Non-zero own balances. */
  own: ReadonlyMap<string, Micros>;
  posted: Micros;
  facts: AccountFacts;
  /** Open records at least. */
  records: Iterable<AccountRecord>;
}

/** The names of fields in which a section differs from what follows; empty when it is right. */
export function differences(section: Credits, at: Ms, told: Told, rules: RuleConfig): string[] {
  const expected = {
    ...derived(at, told),
    seq: section.seq,
    // A section of before the reason was told has none.
    ...(section.suspended_for !== undefined && { suspended_for: suspension(told.facts) }),
  };
  const allowance = allowed(section, told, rules);
  return Object.entries({ ...expected, allowance })
    .filter(([name, value]) => !isSame(value, field(section, name)))
    .map(([name, value]) => `${name} ${show(field(section, name))} instead of ${show(value)}`);
}

function derived(
  now: Ms,
  { own, posted, facts, records }: Told,
): Omit<Credits, 'seq' | 'allowance' | 'suspended_for' | 'card_fee_bps'> {
  const balance = (name: string) => own.get(name) ?? 0n;
  const debt = -balance('recv');
  const active = facts.state === 'active' || facts.state === 'grace';
  const lots: { body: LotBody; rest: Micros }[] = [];
  const changes: Ms[] = facts.state === 'grace' && facts.grace_until !== null ? [facts.grace_until + 1] : [];
  for (const record of records) {
    if (record.kind === 'lot') lots.push({ body: record.body, rest: balance(`lot:${record.id}`) });
    if (record.kind === 'hold' && record.open) changes.push(record.body.until + 1);
  }
  const sum = (which: (lot: LotBody) => boolean) =>
    lots.reduce((total, { body, rest }) => (which(body) ? total + rest : total), 0n);
  const free = sum(({ frozen, services }) => !frozen && services === null);
  const bought = sum(
    ({ frozen, services, withdrawable, withdrawable_from }) =>
      !frozen && services === null && withdrawable && (withdrawable_from ?? 0) <= now,
  );
  const expiring = new Map<Ms, Micros>();
  for (const { body, rest } of lots) {
    if (rest === 0n) continue;
    const { expires_at, withdrawable_from, frozen } = body;
    if (expires_at !== null) {
      changes.push(expires_at);
      if (!frozen) expiring.set(expires_at, (expiring.get(expires_at) ?? 0n) + rest);
    }
    if (withdrawable_from !== null && withdrawable_from > now) changes.push(withdrawable_from);
  }
  const out = bought < free - debt ? bought : free - debt;
  const next = changes.length === 0 ? null : Math.min(...changes);
  return {
    balance: formatAmount(posted),
    available: formatAmount(free - debt),
    available_by_service: Object.fromEntries(
      SERVICES.map((service) => [
        service,
        formatAmount(free - debt + sum(({ frozen, services }) => !frozen && !!services?.includes(service))),
      ]),
    ),
    held: formatAmount(balance('held')),
    reserved: formatAmount(balance('reserved')),
    debt: formatAmount(debt),
    restricted: formatAmount(sum(({ frozen, services }) => !frozen && services !== null)),
    frozen: formatAmount(sum(({ frozen }) => frozen)),
    withdrawable: formatAmount(active && out > 0n ? out : 0n),
    state: facts.state,
    grace_until: facts.grace_until === null ? null : toRfc3339(facts.grace_until),
    next_change_at: next === null ? null : toRfc3339(next),
    expiring: [...expiring]
      .toSorted(([a], [b]) => a - b)
      .slice(0, MAX_EXPIRING)
      .map(([at, amount]) => ({ amount: formatAmount(amount), at: toRfc3339(at) })),
  };
}

function suspension({ state, reason }: AccountFacts): AccountFacts['reason'] {
  return state === 'suspended' ? reason : null;
}

/**
 * The allowance that must stand in the section. The configured figure may have been another one when it was written,
 * so that only whether there is one is asked then; an account's own figure must be exact.
 */
function allowed({ allowance }: Credits, { facts, records }: Told, rules: RuleConfig): string {
  const { settled, charged_back, paid_out } = facts;
  const active = facts.state === 'active' || facts.state === 'grace';
  const waits = [...records].some((record: AccountRecord) => isOpenWithdrawal(record));
  if (!active || settled - charged_back - paid_out <= 0n || waits) return '0';
  if (facts.allowance !== null) return formatAmount(facts.allowance);
  return allowance === '0' ? formatAmount(rules.allowance) : allowance;
}

function isOpenWithdrawal(record: AccountRecord): record is RecordOf<'withdrawal'> {
  return record.kind === 'withdrawal' && record.open;
}

function field(section: Credits, name: string): unknown {
  return new Map<string, unknown>(Object.entries(section)).get(name);
}

function show(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return a === b;
  // Sections are built in one order of keys, on both sides.
  return JSON.stringify(a) === JSON.stringify(b);
}
