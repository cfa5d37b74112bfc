// Inference as its gateway meters it: many calls at once, one posting per account and model, each call counted once.
import { z } from '@hono/zod-openapi';
import type { Micros } from '../../shared/money.ts';
import { decodeFacts } from '../ledger/codec.ts';
import { type JsonObject, Refusal } from '../ledger/command.ts';
import type { AccountFacts } from '../ledger/records.ts';
import type { Use } from '../ledger/usage.ts';
import { textOf } from '../ledger/storage/rows.ts';
import type { Api, ApiContext } from './context.ts';
import { endpoint } from './endpoint.ts';
import { AccountId, CallerId, Instant, Text } from './fields.ts';
import { amount } from './schemas.ts';
import { mustServe } from './services.ts';

const MAX_ITEMS = 500;
const BPS = 10_000n;

const tokens = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const Item = z.strictObject({
  id: CallerId,
  account_id: AccountId,
  model: Text(128),
  input_tokens: tokens,
  output_tokens: tokens,
  at: Instant,
});
type Item = z.output<typeof Item>;

const ItemAnswer = z
  .object({
    id: z.string().nullable(),
    status: z.enum(['posted', 'duplicate', 'refused']),
    cost: amount.optional(),
    quota: amount.optional(),
    charged: amount.optional(),
    code: z.string().optional(),
    detail: z.string().optional(),
  })
  .openapi('UsageItem');
type ItemAnswer = z.infer<typeof ItemAnswer>;

/** Where an item stood in the request. */
interface Placed extends Item {
  place: number;
}

function refused(id: string | null, { problem }: Refusal): ItemAnswer {
  return { id, status: 'refused', code: problem.code, detail: problem.detail };
}

export function usageRoutes(api: Api, { ledger, identity, catalogue, rules, clock }: ApiContext): void {
  /** The facts after what is due: a smaller plan may have begun. @throws Refusal `not_found` */
  async function factsOf(account: string): Promise<AccountFacts> {
    const ask = async () => {
      const sql = 'SELECT facts, due_at FROM account WHERE id = $1';
      const [row] = await ledger.database.read(sql, [account]);
      if (!row) throw new Refusal('not_found', 'There is no such account.');
      return { facts: decodeFacts(textOf(row, 'facts')), due: row['due_at'] };
    };
    const { facts, due } = await ask();
    if (due == null || Number(due) > clock.now()) return facts;
    // Asking for the credits settles what is due.
    await ledger.credits(account);
    return (await ask()).facts;
  }

  /** What a model costs an account: its plan may take something off. @throws Refusal `invalid_request`, `not_found` */
  async function rateOf(account: string, model: string): Promise<{ input: Micros; output: Micros }> {
    const price = catalogue.models.find((each) => each.model === model);
    if (!price) throw new Refusal('invalid_request', 'There is no such model.');
    const { plan } = await factsOf(account);
    const part = BPS - BigInt(rules.plans[plan]?.discount_bps ?? 0);
    return { input: (price.input * part) / BPS, output: (price.output * part) / BPS };
  }

  /** Settles the items of one account and model; answers each at its place. */
  async function post(
    actor: { principal: string; scope: 'service' },
    items: Placed[],
  ): Promise<[place: number, answer: ItemAnswer][]> {
    const [first] = items;
    if (!first) return [];
    const { account_id: account, model } = first;
    const uses = items.map(({ id, input_tokens, output_tokens, at }): Use => ({
      id,
      input_tokens,
      output_tokens,
      at,
    }));
    const same = (problem: Refusal) =>
      items.map(({ place, id }): [number, ItemAnswer] => [place, refused(id, problem)]);
    try {
      const rate = await rateOf(account, model);
      const outcome = await ledger.settle({
        account,
        actor,
        command: { kind: 'usage.batch', model, rate, uses },
      });
      if (!outcome.ok) return same(new Refusal(outcome.problem.code, outcome.problem.detail));
      const answers = z.array(ItemAnswer).parse((outcome.answer satisfies JsonObject)['items']);
      return items.flatMap(({ place }, index) => {
        const answer = answers[index];
        return answer ? [[place, answer]] : [];
      });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return same(error);
    }
  }

  endpoint(
    api,
    identity,
    {
      method: 'post',
      path: '/service/usage',
      summary:
        'Inference that has happened: it always posts, quota first. Each item counts once, and answers for itself',
      scope: 'service',
      body: z.array(z.unknown()).min(1).max(MAX_ITEMS),
      example: [
        {
          id: 'call-1',
          account_id: '01900000-0000-7000-8000-000000000001',
          model: 'openai/gpt-oss-120b',
          input_tokens: 1200,
          output_tokens: 340,
          at: '2026-01-01T00:00:00.000Z',
        },
      ],
      answers: { 200: z.object({ items: z.array(ItemAnswer) }) },
    },
    async ({ c, caller, body }) => {
      mustServe(caller, 'inference');
      const answers: ItemAnswer[] = [];
      const groups = new Map<string, Placed[]>();
      for (const [place, input] of body.entries()) {
        const parsed = Item.safeParse(input);
        if (parsed.success) {
          const item = { ...parsed.data, place };
          const group = `${item.account_id}\n${item.model}`;
          const others = groups.get(group);
          if (others) others.push(item);
          else groups.set(group, [item]);
        } else {
          const id = CallerId.safeParse(z.object({ id: z.unknown() }).safeParse(input).data?.id);
          const [issue] = parsed.error.issues;
          const where = issue?.path.length ? `Field ${issue.path.map(String).join('.')}: ` : '';
          const problem = new Refusal(
            'invalid_request',
            `${where}${issue?.message ?? 'malformed'}`.slice(0, 400),
          );
          answers[place] = refused(id.data ?? null, problem);
        }
      }
      const actor = { principal: caller.principal, scope: 'service' } as const;
      const settled = await Promise.all([...groups.values()].map((items) => post(actor, items)));
      for (const [place, answer] of settled.flat()) answers[place] = answer;
      return c.json({ items: answers });
    },
  );
}
