// Alerts: a threshold is crossed once, is armed again when things are clearly better, and is never a stream.
import { ALERT_KINDS, type AlertKind } from '../../shared/alerts.ts';
import { formatAmount, MAX_BALANCE, type Micros } from '../../shared/money.ts';
import type { NoticeCode } from '../../shared/notices.ts';
import type { Pool } from '../../shared/pools.ts';
import { averageOf, runway } from '../../shared/runway.ts';
import { DAY, HOUR, MINUTE, type Ms, toRfc3339 } from '../../shared/time.ts';
import { type AlertLevels, type Command, type JsonObject, Refusal } from './command.ts';
import { serviceOf } from './deployment-record.ts';
import type { Draft } from './draft.ts';
import { available, burnOrder, isLive, lotKey } from './lots.ts';
import { notify } from './notices.ts';
import { alertsOf, personOf } from './person-view.ts';
import { completeTask, keepPerson } from './person.ts';
import { periodEnd, planShare } from './plans.ts';
import type { AlertState } from './records.ts';
import { spendDays, spentToday } from './spend.ts';
import type { View } from './view.ts';

const NOTICE: Record<AlertKind, NoticeCode> = {
  balance: 'alert_balance',
  runway_hours: 'alert_runway',
  plan_share: 'alert_plan',
  spend_per_day: 'alert_spend',
};

/** A figure whose average moves with time is looked at again after this at the earliest. */
const LOOK_AGAIN = 10 * MINUTE;

/** Where one threshold stands: crossed, clearly restored, or in between, where nothing changes. */
interface Reading {
  crossed: boolean;
  restored: boolean;
  facts: Record<string, string | number>;
}

/** The spendable credits in burn order; none while the account owes something. */
function poolsOf(view: View): Pool[] {
  if (view.debt > 0n) return [];
  const pools = new Map<string, Pool>();
  const lots = view.open('lot').filter(({ body }) => isLive(body, view.now));
  for (const lot of lots.toSorted((a, b) => burnOrder(a.body, b.body))) {
    const { services, expires_at: until } = lot.body;
    const key = `${services?.join() ?? ''} ${until}`;
    const before = pools.get(key);
    const left = view.balance(lotKey(lot));
    if (before) before.left += left;
    else if (left > 0n) pools.set(key, { left, services, until });
  }
  return [...pools.values()];
}

/** When the credits end by what this account runs; null when they do not, or nobody can say. */
function runwayEnd(view: View): Ms | null {
  const draws = view.open('deployment').flatMap(({ id, body }) => {
    const { started_at, stopped_at, ends_at, hourly, quantity } = body;
    if (started_at === null || stopped_at !== null) return [];
    return [{ id, service: serviceOf(body), rate: hourly * BigInt(quantity), from: ends_at ?? view.now }];
  });
  const days = spendDays(view).map(({ day, spent }) => ({
    start: day * DAY,
    inference: spent['inference'] ?? 0n,
  }));
  return runway(poolsOf(view), draws, averageOf(days, view.now), view.now).ends_at;
}

/** Each reading is null while its threshold is off. */
function read(view: View, levels: AlertLevels, ends: Ms | null): Record<AlertKind, Reading | null> {
  const { balance, runway_hours, plan_share, spend_per_day } = levels;
  const free = available(view, null);
  const left = ends === null ? null : (ends - view.now) / HOUR;
  const share = planShare(view) ?? 0;
  const today = spentToday(view);
  return {
    balance:
      balance === null
        ? null
        : {
            crossed: free < balance,
            restored: free * 20n >= balance * 21n,
            facts: { threshold: formatAmount(balance), value: formatAmount(free) },
          },
    runway_hours:
      runway_hours === null
        ? null
        : {
            crossed: left !== null && left < runway_hours,
            restored: left === null || left >= runway_hours * 1.1,
            facts: { threshold: runway_hours, ...(ends !== null && { ends_at: toRfc3339(ends) }) },
          },
    plan_share:
      plan_share === null
        ? null
        : {
            crossed: share >= plan_share,
            restored: share <= plan_share - 5 || share === 0,
            facts: { threshold: plan_share, value: share },
          },
    spend_per_day:
      spend_per_day === null
        ? null
        : {
            crossed: today >= spend_per_day,
            restored: today * 10n <= spend_per_day * 9n,
            facts: { threshold: formatAmount(spend_per_day), value: formatAmount(today) },
          },
  };
}

/** When to look again though nothing is committed: a runway gets short, a period or a day ends. */
function checkAt(
  view: View,
  levels: AlertLevels,
  crossed: AlertState['crossed'],
  ends: Ms | null,
): Ms | null {
  const times: Ms[] = [];
  if (levels.runway_hours !== null && crossed.runway_hours === null && ends !== null) {
    times.push(Math.max(ends - Math.floor(levels.runway_hours * HOUR) + 1, view.now + LOOK_AGAIN));
  }
  if (crossed.plan_share !== null) times.push(periodEnd(view));
  if (crossed.spend_per_day !== null) times.push((Math.floor(view.now / DAY) + 1) * DAY);
  return times.length === 0 ? null : Math.min(...times);
}

/** Looks at all thresholds that are set: what has just been crossed is told, what is restored is armed again. */
export function evaluateAlerts(draft: Draft): void {
  const { alerts } = personOf(draft);
  if (!alerts || ALERT_KINDS.every((kind) => alerts.levels[kind] === null)) return;
  const { levels } = alerts;
  const ends = levels.runway_hours === null ? null : runwayEnd(draft);
  const readings = read(draft, levels, ends);
  const crossed = { ...alerts.crossed };
  const fresh: { kind: AlertKind; facts: Reading['facts'] }[] = [];
  for (const kind of ALERT_KINDS) {
    const reading = readings[kind];
    if (crossed[kind] === null && reading?.crossed) {
      crossed[kind] = draft.now;
      fresh.push({ kind, facts: reading.facts });
    } else if (crossed[kind] !== null && (reading?.restored ?? true)) crossed[kind] = null;
  }
  const changed = ALERT_KINDS.some((kind) => crossed[kind] !== alerts.crossed[kind]);
  const wanted = checkAt(draft, levels, crossed, ends);
  // A look that comes too early costs one transition, moving it with every charge a write each.
  const waits = alerts.check_at !== null && alerts.check_at > draft.now;
  const check_at =
    waits && wanted !== null && alerts.check_at !== null ? Math.min(wanted, alerts.check_at) : wanted;
  if (!changed && check_at === alerts.check_at) return;
  keepPerson(draft, { alerts: { levels, crossed, check_at } });
  if (!changed) return;
  draft.show({ alerts: alertsOf(draft) });
  for (const { kind, facts } of fresh) notify(draft, NOTICE[kind], null, facts);
  draft.flush();
}

function mustBeSound({ balance, runway_hours, plan_share, spend_per_day }: AlertLevels): void {
  const isAmount = (micros: Micros | null, least: Micros) =>
    micros === null || (micros >= least && micros <= MAX_BALANCE);
  const isShare =
    plan_share === null || (Number.isInteger(plan_share) && plan_share >= 1 && plan_share <= 1000);
  const isTime = runway_hours === null || (runway_hours > 0 && runway_hours <= 8784);
  if (!isAmount(balance, 0n) || !isAmount(spend_per_day, 1n) || !isShare || !isTime) {
    throw new Refusal(
      'invalid_request',
      'A threshold is an amount, hours up to a year, or 1 to 1000 percent.',
    );
  }
}

const EQUAL = (a: AlertLevels, b: AlertLevels) => ALERT_KINDS.every((kind) => a[kind] === b[kind]);

/** `alerts.set`: all thresholds anew. One that changed is armed; if it is crossed already, that is told at once. */
export function setAlerts(draft: Draft, { levels }: Extract<Command, { kind: 'alerts.set' }>): JsonObject {
  mustBeSound(levels);
  const before = personOf(draft).alerts;
  if (before && EQUAL(before.levels, levels)) return alertsOf(draft);
  const kept = (kind: AlertKind) =>
    before?.levels[kind] === levels[kind] ? (before?.crossed[kind] ?? null) : null;
  const crossed = {
    balance: kept('balance'),
    runway_hours: kept('runway_hours'),
    plan_share: kept('plan_share'),
    spend_per_day: kept('spend_per_day'),
  };
  keepPerson(draft, { alerts: { levels, crossed, check_at: null } });
  draft.show({ alerts: alertsOf(draft) });
  if (ALERT_KINDS.some((kind) => levels[kind] !== null)) completeTask(draft, 'alerts_set');
  draft.flush();
  return alertsOf(draft);
}
