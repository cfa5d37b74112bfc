// What compute providers report of deployments: when they run, when they ended, why they failed.
import { z } from '@hono/zod-openapi';
import { CLUSTER_TYPES } from '../../shared/clusters.ts';
import { Refusal } from '../ledger/command.ts';
import { accountOf, findRecord } from '../ledger/lookups.ts';
import type { Api, ApiContext } from './context.ts';
import { DeploymentAnswer } from './deployments.ts';
import { endpoint } from './endpoint.ts';
import { AccountId, CallerId, Instant, Maybe, Text } from './fields.ts';
import { serves } from './services.ts';
import { keyed, settle } from './settle.ts';

export function providerRoutes(api: Api, { ledger, identity }: ApiContext): void {
  const { database } = ledger;
  endpoint(
    api,
    identity,
    {
      method: 'post',
      path: '/service/deployments/{id}/status',
      summary: 'A deployment has another status; account_id is needed only for ids that a caller chose',
      scope: 'service',
      key: 'needed',
      params: z.strictObject({ id: CallerId }),
      body: z.strictObject({
        status: Text(64),
        at: Instant,
        reason: Maybe(Text(200)),
        account_id: Maybe(AccountId),
      }),
      example: { status: 'running', at: '2026-01-01T00:00:00.000Z' },
      answers: { 200: DeploymentAnswer },
    },
    async ({ c, caller, actor, key, params: { id }, body: { account_id, ...said } }) => {
      const account = account_id ?? (await accountOf(database, 'deployment', id));
      const deployment = account === null ? null : await findRecord(database, account, 'deployment', id);
      if (account === null || !deployment || !serves(caller, CLUSTER_TYPES[deployment.body.type])) {
        throw new Refusal('not_found', 'There is no such deployment.');
      }
      const command = { kind: 'deployment.status', id, ...said } as const;
      return settle(c, ledger, { account, actor, command, ...keyed(key) });
    },
  );
}
