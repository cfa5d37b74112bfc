// One reading of a connected account: each part apart, so that one that fails takes no other with it.
import { phaseOf } from '../../../shared/clusters.ts';
import { formatAmount } from '../../../shared/money.ts';
import type { KeyAllowance, KeysUsage, SourcePart, SourceState } from '../../../shared/sources.ts';
import { MINUTE, type Ms } from '../../../shared/time.ts';
import type { KnownCluster, SourceReport } from '../../ledger/command.ts';
import type { Detail, KeyUse, ListItem, OwnKey } from './api-schema.ts';
import { type Cloud, type IonetClient, IonetError } from './client.ts';
import { clusterOf } from './clusters.ts';
import type { Liveliness } from './pace.ts';

const CLOUDS = ['caas', 'vmaas'] as const satisfies readonly Cloud[];
/** Details read in one poll; the others follow in the next ones. */
const MAX_DETAILS = 20;
/** Details of what runs are read again after this: someone may have extended it. */
const DETAIL_AGE: Ms = 30 * MINUTE;
const MAX_MODELS = 10;

export interface Poll {
  report: SourceReport;
  liveliness: Liveliness;
  retryAfter: Ms | null;
  errors: IonetError[];
}

export interface PollOptions {
  client: IonetClient;
  known: readonly KnownCluster[];
  /** Whether to ask for the usage of all keys. */
  asksAllKeys: boolean;
  now: Ms;
}

function needsDetail(item: ListItem, known: KnownCluster | undefined, now: Ms): boolean {
  if (!known || known.detailed_at === null) return true;
  const { cluster, detailed_at } = known;
  if (cluster.status !== item.status) return true;
  return phaseOf(cluster) !== 'ended' && now - detailed_at >= DETAIL_AGE;
}

/** A refused key and a limit hold for all that would be asked after them. */
const endsPoll = ({ failure }: IonetError) => failure === 'key_refused' || failure === 'limited';

function allowanceOf({
  credit_used,
  credit_limit,
  remaining_credit,
  credit_refresh_cycle,
}: OwnKey): KeyAllowance {
  return {
    used: formatAmount(credit_used),
    limit: credit_limit === null ? null : formatAmount(credit_limit),
    remaining: remaining_credit === null ? null : formatAmount(remaining_credit),
    cycle: credit_refresh_cycle ?? null,
  };
}

function usageOf(keys: KeyUse[]): KeysUsage {
  const sum = (field: 'today_credit_cost' | 'all_time_credit_cost') =>
    formatAmount(keys.reduce((total, { totals }) => total + totals[field], 0n));
  const models = new Map<string, { input_tokens: number; output_tokens: number; cost: bigint }>();
  for (const { model_name, input_tokens, output_tokens, credit_cost } of keys.flatMap(
    ({ today }) => today.models,
  )) {
    const before = models.get(model_name) ?? { input_tokens: 0, output_tokens: 0, cost: 0n };
    models.set(model_name, {
      input_tokens: before.input_tokens + input_tokens,
      output_tokens: before.output_tokens + output_tokens,
      cost: before.cost + credit_cost,
    });
  }
  return {
    keys: keys.length,
    today: sum('today_credit_cost'),
    all_time: sum('all_time_credit_cost'),
    models: [...models]
      .toSorted(([, a], [, b]) => Number(b.cost - a.cost))
      .slice(0, MAX_MODELS)
      .map(([model, use]) => ({ model, ...use, cost: formatAmount(use.cost) })),
  };
}

/** Reads an account. Never throws for what io.net does: that is part of the report. */
export async function poll({ client, known, asksAllKeys, now }: PollOptions): Promise<Poll> {
  const errors: IonetError[] = [];
  const missing: SourcePart[] = [];
  let ended = false;

  /** One part; null when it could not be read. */
  async function part<T>(name: SourcePart | null, read: () => Promise<T>): Promise<T | null> {
    try {
      if (!ended) return await read();
    } catch (error) {
      if (!(error instanceof IonetError)) throw error;
      errors.push(error);
      ended ||= endsPoll(error);
    }
    if (name) missing.push(name);
    return null;
  }

  const before = new Map(known.map((each) => [each.cluster.id, each]));
  const clusters: KnownCluster[] = [];
  let details = 0;
  let read = false;
  for (const cloud of CLOUDS) {
    const list = await part(cloud, () => client.deployments(cloud));
    if (!list) continue;
    read = true;
    // What is live comes first: there may be more than one poll has time for.
    const items = list.items.toSorted((a, b) => rank(a) - rank(b));
    for (const item of items) {
      const old = before.get(item.id);
      let detail: Detail | null = null;
      if (details < MAX_DETAILS && !ended && needsDetail(item, old, now)) {
        details += 1;
        detail = await part(null, () => client.deployment(cloud, item.id));
      }
      const cluster = clusterOf(cloud, item, detail, old?.cluster ?? null, now);
      clusters.push({ cluster, detailed_at: detail ? now : (old?.detailed_at ?? null) });
    }
  }
  const own = await part('key', () => client.ownKey());
  let keys: SourceReport['keys'] = null;
  if (asksAllKeys) {
    const seen = await part('keys', () => client.allKeys());
    const isHidden = errors.at(-1)?.failure === 'not_allowed' || errors.at(-1)?.failure === 'rejected';
    if (seen) keys = usageOf(seen);
    else if (isHidden && !ended) {
      // Most keys manage no others: that is nothing to miss.
      keys = 'unseen';
      missing.splice(missing.indexOf('keys'), 1);
      errors.pop();
    }
  }
  const report: SourceReport = {
    state: stateOf(errors, read || own !== null),
    missing,
    key: own && allowanceOf(own),
    keys,
    clusters,
  };
  const retryAfter = errors.reduce<Ms | null>(
    (most, error) => (error.retryAfter === null ? most : Math.max(most ?? 0, error.retryAfter)),
    null,
  );
  return { report, liveliness: livelinessOf(clusters, known), retryAfter, errors };
}

function rank({ status }: ListItem): number {
  return phaseOf({ status, ended_at: null }) === 'ended' ? 1 : 0;
}

function stateOf(errors: IonetError[], hasRead: boolean): SourceState {
  if (errors.some(({ failure }) => failure === 'limited')) return 'limited';
  if (hasRead) return 'connected';
  const [first] = errors;
  return first?.failure === 'key_refused' || first?.failure === 'not_allowed' ? first.failure : 'unreachable';
}

/** Of what was read now, else of what was known. */
function livelinessOf(read: KnownCluster[], known: readonly KnownCluster[]): Liveliness {
  const open = (read.length > 0 ? read : known).filter(({ cluster }) => phaseOf(cluster) !== 'ended');
  if (open.length === 0) return 'idle';
  return open.some(({ cluster }) => cluster.status !== 'running') ? 'changing' : 'running';
}
