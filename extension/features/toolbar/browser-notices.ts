// Which notices a person should hear of while nothing is open, and in which words. Pure: what was told before is handed in.
import { readBalance } from '../../../shared/money.ts';
import { HOUR, type Ms, toRfc3339 } from '../../../shared/time.ts';
import type { BrowserLocale } from '../../locales/browser.ts';
import { formatBalance } from '../../ui/money.ts';
import { formatAhead } from '../../ui/days.ts';
import { formatTime, type Place } from '../../ui/time.ts';
import type { NotifyTopic } from '../../view/preferences.ts';
import type { Snapshot } from '../../view/snapshot.ts';
import { planPercent } from './plan-percent.ts';

/** What is told of each code: its topic, the facts its words need in their order, and where a click leads. */
const TOLD: Record<string, { topic: NotifyTopic; facts: string[]; place: string }> = {
  alert_balance: { topic: 'low', facts: ['value'], place: '#billing/purchase' },
  alert_runway: { topic: 'low', facts: ['ends_at'], place: '#billing/purchase' },
  alert_spend: { topic: 'low', facts: ['value', 'threshold'], place: '#billing' },
  alert_plan: { topic: 'plan', facts: ['value'], place: '#intelligence' },
  plan_100: { topic: 'plan', facts: [], place: '#intelligence' },
  grace_started: { topic: 'grace', facts: ['until', 'debt'], place: '#billing/purchase' },
  account_suspended: { topic: 'grace', facts: ['debt'], place: '#billing/purchase' },
  account_suspended_chargeback: { topic: 'grace', facts: [], place: '#notifications' },
  deployment_unpaid: { topic: 'grace', facts: ['name', 'shortfall', 'deadline'], place: '#billing/purchase' },
  deployment_failed: { topic: 'clusters', facts: ['name'], place: '#cloud/cluster/' },
  deployment_ended: { topic: 'clusters', facts: ['name'], place: '#cloud/cluster/' },
  refund_arrived: { topic: 'refunds', facts: ['amount'], place: '#notifications' },
  withdrawal_approved: { topic: 'withdrawals', facts: ['amount'], place: '#billing' },
  withdrawal_rejected: { topic: 'withdrawals', facts: ['amount'], place: '#billing' },
  withdrawal_paid: { topic: 'withdrawals', facts: ['amount'], place: '#billing' },
  withdrawal_failed: { topic: 'withdrawals', facts: ['amount'], place: '#billing' },
};

/** A notice of the book; what is none of that shape is left out. */
interface Read {
  id: string;
  code: string;
  created_at: string;
  seen_at: unknown;
  subject: unknown;
  facts: Record<string, unknown>;
}

function isNotice(notice: unknown): notice is Read {
  const { id, code, created_at, facts } = Object(notice);
  return [id, code, created_at].every((text) => typeof text === 'string') && Object(facts) === facts;
}

/** One that is due: `id` is the same on every start, `place` an address within the side panel. */
export interface DueNotice {
  id: string;
  title: string;
  message: string;
  place: string;
}

interface Situation {
  /** As the book has them, oldest first. */
  notices: readonly unknown[];
  /** How the account stands now. */
  snapshot: Pick<Snapshot, 'account' | 'alerts' | 'clusters' | 'credits' | 'plan' | 'runway'>;
  topics: readonly NotifyTopic[];
  /** Ids that were told before. */
  told: readonly string[];
  /** What is older is history: the person was not asked for it then. */
  since: Ms;
  /** The server's. */
  now: Ms;
}

/** Alerts by the threshold that has to be crossed still. */
const ALERTS: Record<string, string> = {
  alert_balance: 'balance',
  alert_runway: 'runway_hours',
  alert_plan: 'plan_share',
  alert_spend: 'spend_per_day',
};

/** What calls for a step is told while it holds: a device that comes back after days must not call for old ones. */
function holds({ code, subject, facts }: Read, { snapshot, now }: Situation): boolean {
  const { credits, alerts, clusters } = snapshot;
  const isAhead = (fact: unknown) => typeof fact !== 'string' || !(Date.parse(fact) <= now);
  const kind = Object.hasOwn(ALERTS, code) ? ALERTS[code] : undefined;
  if (kind !== undefined) return alerts.includes(kind) && isAhead(facts['ends_at']);
  switch (code) {
    case 'grace_started':
      return credits?.state === 'grace' && isAhead(facts['until']);
    case 'account_suspended':
      return credits?.state === 'suspended';
    case 'deployment_unpaid': {
      // Unpaid ones come first, and those that do not fit may hold too.
      const { unpaid, items } = clusters;
      const isUnpaid = items.some(({ id, deadline }) => id === subject && deadline !== null);
      return isAhead(facts['deadline']) && (isUnpaid || unpaid > items.length);
    }
    default:
      return true;
  }
}

/** The facts of a notice with the figures that the account has by now. */
function factsNow({ code, facts }: Read, { credits, runway }: Situation['snapshot']): Read['facts'] {
  if (code === 'alert_balance' && credits) return { ...facts, value: credits.available };
  if (code === 'alert_runway' && runway?.ends_at != null)
    return { ...facts, ends_at: toRfc3339(runway.ends_at) };
  return 'debt' in facts && credits ? { ...facts, debt: credits.debt } : facts;
}

/** Unseen notices of the wanted topics that still hold, and the plan at 80 and 100%; each once. */
export function dueNotices(situation: Situation, locale: BrowserLocale): DueNotice[] {
  const { notices, snapshot, topics, told, since, now } = situation;
  const { account, plan } = snapshot;
  const place = { language: locale.language, timezone: account.timezone };
  const due: DueNotice[] = [];
  const tell = (id: string, code: string, facts: Record<string, unknown>, subject: unknown = '') => {
    const found = Object.hasOwn(TOLD, code) ? TOLD[code] : undefined;
    if (!found || !topics.includes(found.topic) || told.includes(id)) return;
    const words = found.facts.map((name) => wordOf(name, facts[name] ?? '', now, place));
    due.push({
      id,
      title: locale.t(code, ...words),
      message: locale.t(`${code}_text`, ...words),
      place: found.place.endsWith('/') ? found.place + encodeURIComponent(String(subject)) : found.place,
    });
  };
  const read = notices.filter(isNotice);
  for (const each of read) {
    if ((each.seen_at ?? null) !== null || Date.parse(each.created_at) < since) continue;
    if (!holds(each, situation)) continue;
    // Crossed again, armed again: only the last of them is about now.
    if (Object.hasOwn(ALERTS, each.code) && read.findLast(({ code }) => code === each.code) !== each)
      continue;
    // 80 and 100 are told below, whether they are set as an alert or not.
    if (each.code === 'alert_plan' && [80, 100].includes(Number(each.facts['threshold']))) continue;
    // Paying lifts the one, only finance the other.
    const isLasting = each.code === 'account_suspended' && each.facts['reason'] === 'chargeback';
    const code = isLasting ? 'account_suspended_chargeback' : each.code;
    tell(each.id, code, factsNow(each, snapshot), each.subject);
  }
  const used = planPercent(plan, now) ?? 0;
  const period = `${account.id} ${plan?.end ?? ''}`;
  if (used >= 100) tell(`plan-100 ${period}`, 'plan_100', {});
  else if (used >= 80) tell(`plan-80 ${period}`, 'alert_plan', { value: used });
  return due;
}

const MONEY = new Set(['value', 'threshold', 'debt', 'shortfall', 'amount']);

function wordOf(name: string, fact: unknown, now: Ms, place: Place): string {
  if (typeof fact === 'number') return String(Math.floor(fact));
  const text = String(fact);
  if (typeof fact === 'string' && MONEY.has(name) && /^-?\d{1,13}(\.\d{1,6})?$/.test(fact))
    return formatBalance(readBalance(fact), place.language);
  const at = /^\d{4}-/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) return text;
  // The next midnight or not, a time within half a day is no other one.
  return at - now < 12 * HOUR ? formatTime(at, place) : formatAhead(at, now, place);
}
