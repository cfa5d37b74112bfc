// What there is to buy: devices by the hour, models by the token, plans.
import { z } from '@hono/zod-openapi';
import { CLUSTER_TYPES, type ClusterType } from '../../shared/clusters.ts';
import { formatAmount } from '../../shared/money.ts';
import type { Api, ApiContext, Catalogue } from './context.ts';
import { openEndpoint } from './endpoint.ts';
import { Text } from './fields.ts';
import { offers, PlanOffer } from './plans.ts';
import { amount } from './schemas.ts';

// The names of the shared table are all of its keys.
export const ClusterTypeName = z.enum(Object.keys(CLUSTER_TYPES) as [ClusterType, ...ClusterType[]]);
/** Nothing is booked for less. */
const MIN_HOURS = 1;

const PricesAnswer = z
  .object({
    devices: z.array(
      z.object({
        type: z.string(),
        device: z.string(),
        hourly: amount,
        minimum_hours: z.number().int(),
        available: z.number().int(),
      }),
    ),
    models: z.array(z.object({ model: z.string(), input_per_million: amount, output_per_million: amount })),
    plans: z.array(PlanOffer),
  })
  .openapi('Prices');

/** The price of one device as one type of deployment; null when there is none. */
export function priceOf({ devices }: Catalogue, type: ClusterType, device: string) {
  return devices.find((each) => each.type === type && each.device === device) ?? null;
}

export function priceRoutes(api: Api, { catalogue, rules }: ApiContext): void {
  openEndpoint(
    api,
    {
      method: 'get',
      path: '/prices',
      summary: 'All-in prices: per device and hour, per million tokens; and what plans include per period',
      scope: null,
      query: z.strictObject({ type: ClusterTypeName.optional(), device: Text(100).optional() }),
      answers: { 200: PricesAnswer },
    },
    ({ c, query: { type, device } }) =>
      c.json({
        devices: catalogue.devices
          .filter((each) => (type ?? each.type) === each.type && (device ?? each.device) === each.device)
          .map((each) => ({
            type: each.type,
            device: each.device,
            hourly: formatAmount(each.hourly),
            minimum_hours: MIN_HOURS,
            available: each.available,
          })),
        models: catalogue.models.map(({ model, input, output }) => ({
          model,
          input_per_million: formatAmount(input),
          output_per_million: formatAmount(output),
        })),
        plans: offers(rules),
      }),
  );
}
