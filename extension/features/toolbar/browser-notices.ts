// Which notices a person should hear of while nothing is open, and in which words. Pure: what was told before is handed in.
import { readBalance } from '../../../shared/money.ts';
import type { Ms } from '../../../shared/time.ts';
import type { BrowserLocale } from '../../locales/browser.ts';
import { formatBalance } from '../../ui/money.ts';
import { formatTime } from '../../ui/time.ts';
import type { NotifyTopic } from '../../view/preferences.ts';
import type { SnapshotPlan } from '../../view/snapshot.ts';
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
  /** As the book has them. */
  notices: readonly unknown[];
  plan: SnapshotPlan | null;
  timezone: string | null;
  topics: readonly NotifyTopic[];
  /** Ids that were told before. */
  told: readonly string[];
  /** What is older is history: the person was not asked for it then. */
  since: Ms;
  /** The server's. */
  now: Ms;
}

/** Unseen notices of the wanted topics, and the plan at 80 and 100%; each once. */
export function dueNotices(situation: Situation, locale: BrowserLocale): DueNotice[] {
  const { notices, topics, told, since, timezone } = situation;
  const place = { language: locale.language, timezone };
  const due: DueNotice[] = [];
  const tell = (id: string, code: string, facts: Record<string, unknown>, subject: unknown = '') => {
    const found = Object.hasOwn(TOLD, code) ? TOLD[code] : undefined;
    if (!found || !topics.includes(found.topic) || told.includes(id)) return;
    const words = found.facts.map((name) => wordOf(name, facts[name] ?? '', place));
    due.push({
      id,
      title: locale.t(code, ...words),
      message: locale.t(`${code}_text`, ...words),
      place: found.place.endsWith('/') ? found.place + encodeURIComponent(String(subject)) : found.place,
    });
  };
  for (const each of notices) {
    if (!isNotice(each) || (each.seen_at ?? null) !== null || Date.parse(each.created_at) < since) continue;
    // 80 and 100 are told below, whether they are set as an alert or not.
    if (each.code === 'alert_plan' && [80, 100].includes(Number(each.facts['threshold']))) continue;
    tell(each.id, each.code, each.facts, each.subject);
  }
  const used = planPercent(situation.plan, situation.now) ?? 0;
  const period = situation.plan?.end ?? '';
  if (used >= 100) tell(`plan-100 ${period}`, 'plan_100', {});
  else if (used >= 80) tell(`plan-80 ${period}`, 'alert_plan', { value: Math.floor(used) });
  return due;
}

const MONEY = new Set(['value', 'threshold', 'debt', 'shortfall', 'amount']);

function wordOf(name: string, fact: unknown, place: { language: string; timezone: string | null }): string {
  const text = String(fact);
  if (typeof fact === 'string' && MONEY.has(name) && /^-?\d{1,13}(\.\d{1,6})?$/.test(fact))
    return formatBalance(readBalance(fact), place.language);
  const at = /^\d{4}-/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? text : formatTime(at, place);
}
