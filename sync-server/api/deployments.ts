// Prepaid deployments, paid with credits: asked for, followed, extended and ended early.
import { z } from '@hono/zod-openapi';
import { phaseOf, type Cluster } from '../../shared/clusters.ts';
import { MAX_HOURS } from '../../shared/intents.ts';
import { readBalance } from '../../shared/money.ts';
import { type JsonObject, Refusal } from '../ledger/command.ts';
import { shown } from '../ledger/deployment-record.ts';
import { answerUnder, findRecord, listRecords } from '../ledger/lookups.ts';
import { viewOf } from '../ledger/read-view.ts';
import type { RecordOf } from '../ledger/records.ts';
import type { Api, ApiContext } from './context.ts';
import { endpoint } from './endpoint.ts';
import { CallerId, Maybe, Paging, Text } from './fields.ts';
import { PageAnswer } from './pages.ts';
import { ClusterTypeName, priceOf } from './prices.ts';
import { amount, HoldAnswer, instant, TopUpsAnswer } from './schemas.ts';
import { keyed, settle } from './settle.ts';

/** Deployments that are looked through for a list: the newest. */
const MAX_LISTED = 10_000;
const MAX_QUANTITY = 100_000;

const maybe = instant.nullable();
export const DeploymentAnswer = z
  .object({
    id: z.string(),
    source: z.string(),
    name: z.string(),
    type: z.string(),
    status: z.string(),
    device: z.string(),
    quantity: z.number().int(),
    hourly: amount,
    hours: z.number(),
    created_at: instant,
    started_at: maybe,
    ends_at: maybe,
    ended_at: maybe,
    held: amount,
    paid: amount,
    served: amount,
    refunded: amount,
    refundable: amount,
    served_ms: z.number().int(),
    as_of: instant,
    deadline: maybe,
    shortfall: amount.nullable(),
    reason: z.string().nullable(),
    unknown: z.array(z.string()).optional(),
    more: z.record(z.string(), z.string()).optional(),
    hold: HoldAnswer.nullish(),
    charged: amount.optional(),
  })
  .openapi('Deployment');

const Agreed = DeploymentAnswer.pick({ hourly: true, quantity: true });

const PendingAnswer = z
  .object({
    id: z.string(),
    status: z.literal('pending_payment'),
    deadline: instant,
    shortfall: amount,
    top_up: TopUpsAnswer,
    deployment: DeploymentAnswer,
  })
  .openapi('PendingDeployment');

/** The hold that waits for a top-up; null when none does. */
function waitingHold({ hold }: JsonObject): JsonObject | null {
  if (typeof hold !== 'object' || hold === null || Array.isArray(hold)) return null;
  return hold['status'] === 'pending_payment' ? hold : null;
}

/** A deployment that waits for a top-up answers what every pending payment does, with itself beside it. */
function created(answer: JsonObject): JsonObject {
  const { status, deadline, shortfall, top_up } = waitingHold(answer) ?? {};
  const { id, hold: _told, ...rest } = answer;
  if (!id || !status || !deadline || !shortfall || !top_up) return answer;
  return { id, status, deadline, shortfall, top_up, deployment: { id, ...rest } };
}

type Sorter = (a: Cluster, b: Cluster) => number;
const by =
  (key: (cluster: Cluster) => string | number | bigint): Sorter =>
  (a, b) => {
    const [left, right] = [key(a), key(b)];
    return left < right ? -1 : left > right ? 1 : 0;
  };
const SORTS: Record<string, Sorter> = {
  created: by(({ created_at, id }) => `${created_at} ${id}`),
  name: by(({ name }) => name.toLowerCase()),
  status: by(({ status }) => status),
  type: by(({ type }) => type),
  device: by(({ device }) => device.toLowerCase()),
  hours: by(({ served_ms }) => served_ms),
  cost: by(({ paid, refunded }) => readBalance(paid) - readBalance(refunded)),
};
const SORT_WORDS = Object.keys(SORTS).flatMap((name) => [name, `-${name}`]);

const ListQuery = z.strictObject({
  ...Paging,
  /** One or several statuses, or pending, live, ended. */
  status: Text(200)
    .transform((text) => text.split(','))
    .optional()
    .openapi({ type: 'string', example: 'live' }),
  type: ClusterTypeName.optional(),
  q: Text(100).optional(),
  sort: z
    .string()
    .refine((word) => SORT_WORDS.includes(word), `must be one of ${SORT_WORDS.join(', ')}`)
    .default('-created'),
});

function matches(cluster: Cluster, { status, type, q }: z.output<typeof ListQuery>): boolean {
  if (status && !status.includes(cluster.status) && !status.includes(phaseOf(cluster))) return false;
  if (type && cluster.type !== type) return false;
  if (q === undefined) return true;
  const text = [cluster.id, cluster.name, cluster.device, cluster.type, cluster.status].join('\n');
  return text.toLowerCase().includes(q.toLowerCase());
}

export function deploymentRoutes(api: Api, context: ApiContext): void {
  const { ledger, identity, rules, clock, catalogue } = context;
  const { database } = ledger;
  const params = z.strictObject({ id: CallerId });

  /** Deployments as they stand now. */
  async function shownNow(account: string, records: RecordOf<'deployment'>[]): Promise<Cluster[]> {
    const view = await viewOf(database, account, { now: clock.now(), rules });
    return view ? records.map((record) => shown(view, record)) : [];
  }

  /** What a call under this key was agreed on before: a repeated call is the same call, whatever prices are now. */
  async function agreed(principal: string, key: string | undefined) {
    const before = key === undefined ? null : await answerUnder(ledger.database, principal, key);
    const parsed = Agreed.safeParse(before);
    return parsed.success
      ? { hourly: readBalance(parsed.data.hourly), available: parsed.data.quantity }
      : null;
  }

  /** What runs on an io.net account that is connected, as it was last told. */
  async function elsewhere(account: string): Promise<Cluster[]> {
    const source = await findRecord(database, account, 'source', 'ionet');
    return source?.body.clusters.map(({ cluster }) => cluster) ?? [];
  }

  endpoint(
    api,
    identity,
    {
      method: 'post',
      path: '/deployments',
      summary:
        'Deploy with credits: its hold (201), five minutes to top up (202), or a refusal. With min_quantity fewer devices will do when not all are free',
      scope: 'account',
      key: 'needed',
      body: z.strictObject({
        name: Text(200),
        type: ClusterTypeName,
        device: Text(100),
        quantity: z.number().int().min(1).max(MAX_QUANTITY),
        min_quantity: z.number().int().min(1).max(MAX_QUANTITY).optional(),
        hours: z.number().int().min(1).max(MAX_HOURS),
        payment_method: z.literal('credits'),
        on_insufficient: Maybe(z.enum(['pending', 'fail'])),
        use_allowance: Maybe(z.boolean()),
      }),
      example: {
        name: 'train',
        type: 'vm',
        device: 'H100',
        quantity: 2,
        hours: 3,
        payment_method: 'credits',
      },
      answers: { 201: DeploymentAnswer, 202: PendingAnswer },
    },
    async ({ c, actor, account, key, body }) => {
      const { payment_method: _credits, quantity, min_quantity = quantity, ...wish } = body;
      const price = (await agreed(actor.principal, key)) ?? priceOf(catalogue, wish.type, wish.device);
      if (!price) throw new Refusal('invalid_request', `There is no ${wish.device} as ${wish.type}.`);
      if (min_quantity > quantity) {
        throw new Refusal('invalid_request', 'Field min_quantity: must be at most quantity');
      }
      if (price.available < min_quantity) {
        throw new Refusal('capacity_unavailable', `${price.available} of these devices are free.`, {
          available: price.available,
        });
      }
      const command = {
        kind: 'deployment.create',
        ...wish,
        quantity: Math.min(quantity, price.available),
        hourly: price.hourly,
      } as const;
      return settle(
        c,
        ledger,
        { account, actor, command, ...keyed(key) },
        (answer) => (waitingHold(answer) ? 202 : 201),
        created,
      );
    },
  );

  endpoint(
    api,
    identity,
    {
      method: 'get',
      path: '/deployments',
      summary: 'Deployments, newest first, or as sorted; those of a connected io.net account too',
      scope: 'account',
      query: ListQuery,
      answers: { 200: PageAnswer(DeploymentAnswer) },
    },
    async ({ c, account, query }) => {
      await ledger.credits(account);
      const records = await listRecords(database, account, 'deployment', { limit: MAX_LISTED });
      const word = query.sort.replace(/^-/, '');
      const sorter = SORTS[word] ?? SORTS['created'];
      const found = [...(await shownNow(account, records)), ...(await elsewhere(account))]
        .filter((cluster) => matches(cluster, query))
        .sort(sorter);
      if (query.sort.startsWith('-')) found.reverse();
      const start = query.cursor === undefined ? 0 : found.findIndex(({ id }) => id === query.cursor) + 1;
      const items = found.slice(start, start + query.limit);
      const more = start + query.limit < found.length;
      return c.json({ items, next_cursor: more ? (items.at(-1)?.id ?? null) : null });
    },
  );

  endpoint(
    api,
    identity,
    {
      method: 'get',
      path: '/deployments/{id}',
      summary: 'One deployment, as it stands now',
      scope: 'account',
      params,
      answers: { 200: DeploymentAnswer },
    },
    async ({ c, account, params: { id } }) => {
      await ledger.credits(account);
      const record = await findRecord(database, account, 'deployment', id);
      const [own] = record ? await shownNow(account, [record]) : [];
      const cluster = own ?? (await elsewhere(account)).find((each) => each.id === id);
      if (!cluster) throw new Refusal('not_found', 'There is no such deployment.');
      return c.json(cluster);
    },
  );

  endpoint(
    api,
    identity,
    {
      method: 'post',
      path: '/deployments/{id}/extend',
      summary: 'Book more hours of a running deployment, at its price',
      scope: 'account',
      key: 'needed',
      params,
      body: z.strictObject({ hours: z.number().int().min(1).max(MAX_HOURS) }),
      example: { hours: 2 },
      answers: { 200: DeploymentAnswer },
    },
    ({ c, actor, account, key, params: { id }, body: { hours } }) =>
      settle(c, ledger, { account, actor, command: { kind: 'deployment.extend', id, hours }, ...keyed(key) }),
  );

  endpoint(
    api,
    identity,
    {
      method: 'delete',
      path: '/deployments/{id}',
      summary:
        'End a deployment; what was not served comes back at once (of a VM, the first hour stays paid)',
      scope: 'account',
      key: 'needed',
      params,
      answers: { 200: DeploymentAnswer },
    },
    ({ c, actor, account, key, params: { id } }) =>
      settle(c, ledger, { account, actor, command: { kind: 'deployment.end', id }, ...keyed(key) }),
  );
}
