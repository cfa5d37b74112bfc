// io.net's public answers, as documented: what is named here must be there, what is not named is kept as it came.
import * as z from 'zod';
import type { Micros } from '../../../shared/money.ts';

const text = (max: number) => z.string().max(max);
const count = z.number().min(0).max(Number.MAX_SAFE_INTEGER);
const MICROS = 1e6;

/** A sum in dollars, as a JSON number or a decimal text, to the nearest micro. */
export const Dollars = z
  .union([z.number(), z.string().regex(/^-?\d{1,12}(\.\d{1,18})?$/)])
  .transform((value, context): Micros => {
    const micros = Math.round(Number(value) * MICROS);
    if (Number.isSafeInteger(micros)) return BigInt(micros);
    context.addIssue('must be a sum of money');
    return z.NEVER;
  });

/** An instant; io.net leaves the zone out where it means UTC. */
const At = text(40).transform((value, context): number => {
  const at = Date.parse(/(Z|[+-]\d{2}:?\d{2})$/i.test(value) ? value : `${value}Z`);
  if (!Number.isNaN(at)) return at;
  context.addIssue('must be an instant');
  return z.NEVER;
});

export const ListItem = z.looseObject({
  id: text(64).min(1),
  status: text(64).min(1),
  name: text(200),
  completed_percent: z.number().nullish(),
  hardware_quantity: count,
  brand_name: text(100).nullish(),
  hardware_name: text(100),
  compute_minutes_served: count.nullish(),
  compute_minutes_remaining: count.nullish(),
});
export type ListItem = z.output<typeof ListItem>;

/** One page; items that cannot be read are counted by the caller, not fatal to the others. */
export const ListPage = z.looseObject({
  data: z.looseObject({ deployments: z.array(z.unknown()).max(1_000), total: count.int() }),
});

export const Detail = z.looseObject({
  data: z.looseObject({
    id: text(64),
    status: text(64),
    created_at: At,
    started_at: At.nullish(),
    finished_at: At.nullish(),
    amount_paid: Dollars.nullish(),
    total_gpus: count.int().nullish(),
    hardware_name: text(100).nullish(),
    locations: z
      .array(z.looseObject({ iso2: text(8).nullish(), name: text(100).nullish() }))
      .max(100)
      .nullish(),
    compute_minutes_served: count.nullish(),
    compute_minutes_remaining: count.nullish(),
  }),
});
export type Detail = z.output<typeof Detail>['data'];

export const Price = z.looseObject({
  data: z.looseObject({
    replica_count: count.int(),
    available_replica_count: z.array(count.int()).max(10_000),
    discount: Dollars,
    ionet_fee: Dollars,
    ionet_fee_percent: z.number(),
    currency_conversion_fee: Dollars,
    currency_conversion_fee_percent: z.number(),
    total_cost_usdc: Dollars,
  }),
});
export type Price = z.output<typeof Price>['data'];

export const OwnKey = z.looseObject({
  data: z.looseObject({
    key_id: text(128),
    credit_used: Dollars,
    credit_limit: Dollars.nullable(),
    remaining_credit: Dollars.nullable(),
    credit_refresh_cycle: text(32).nullish(),
  }),
});
export type OwnKey = z.output<typeof OwnKey>['data'];

const Use = z.looseObject({
  models: z
    .array(
      z.looseObject({
        model_name: text(128),
        input_tokens: count.int(),
        output_tokens: count.int(),
        credit_cost: Dollars,
      }),
    )
    .max(1_000),
});
const KeyUse = z.looseObject({
  today: Use,
  all_time: Use,
  totals: z.looseObject({ today_credit_cost: Dollars, all_time_credit_cost: Dollars }),
});
/** Per key; as a list, or by key id. */
export const AllKeys = z.looseObject({
  data: z.union([
    z.array(KeyUse).max(10_000),
    z.record(z.string().max(128), KeyUse).transform((byId) => Object.values(byId)),
  ]),
});
export type KeyUse = z.output<typeof KeyUse>;

export const Models = z.looseObject({ data: z.array(z.looseObject({ id: text(128) })).max(10_000) });
