// Connecting a real io.net account: the key goes in and never comes out again; what is read stands in the book.
import { hash } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import { SOURCE_PARTS, SOURCE_STATES } from '../../shared/sources.ts';
import { Refusal } from '../ledger/command.ts';
import { findRecord } from '../ledger/lookups.ts';
import type { Api, ApiContext, Connections } from './context.ts';
import { endpoint } from './endpoint.ts';
import { amount, instant } from './schemas.ts';
import { keyed, settle } from './settle.ts';

/** What stands in a header: one word of visible characters. */
const API_KEY = /^[\x21-\x7e]{8,1024}$/;

const SourcesAnswer = z
  .object({
    ionet: z
      .object({
        state: z.enum(SOURCE_STATES),
        since: instant,
        connected_at: instant,
        as_of: instant.nullable(),
        missing: z.array(z.enum(SOURCE_PARTS)),
        key: z
          .object({
            used: amount,
            limit: amount.nullable(),
            remaining: amount.nullable(),
            cycle: z.string().nullable(),
          })
          .nullable(),
        keys: z
          .object({
            keys: z.number().int(),
            today: amount,
            all_time: amount,
            models: z.array(
              z.object({
                model: z.string(),
                input_tokens: z.number().int(),
                output_tokens: z.number().int(),
                cost: amount,
              }),
            ),
          })
          .nullable(),
      })
      .nullable(),
  })
  .openapi('Sources');

export function sourceRoutes(api: Api, { ledger, identity, connections }: ApiContext): void {
  function mustConnect(): Connections {
    if (connections) return connections;
    throw new Refusal('not_found', 'This server connects no accounts.');
  }

  /** Digest of the key that the account is connected by now; null when it is not. */
  const printOf = async (account: string) =>
    (await findRecord(ledger.database, account, 'source', 'ionet'))?.body.print ?? null;

  endpoint(
    api,
    identity,
    {
      method: 'put',
      path: '/sources/ionet',
      summary: 'Connect an io.net account by its API key, or change the key; it is sealed and never returned',
      scope: 'account',
      key: 'needed',
      body: z.strictObject({
        api_key: z.string().trim().regex(API_KEY, 'must be an API key of io.net'),
      }),
      example: { api_key: 'io-v2-your-api-key-of-io-net' },
      answers: { 200: SourcesAnswer },
    },
    async ({ c, actor, account, key, body: { api_key } }) => {
      const connection = mustConnect();
      // The order stands for the key by its digest, so that a replay with another key is noticed.
      const print = hash('sha256', api_key);
      const command = { kind: 'source.connect', source: 'ionet', print } as const;
      const answer = await settle(c, ledger, { account, actor, command, ...keyed(key) });
      // A late replay must not bring back a key that has been changed since.
      if (answer.ok && (await printOf(account)) === print) await connection.connect(account, api_key);
      return answer;
    },
  );
  endpoint(
    api,
    identity,
    {
      method: 'delete',
      path: '/sources/ionet',
      summary: 'Disconnect it: the key is forgotten, what was read leaves the book',
      scope: 'account',
      key: 'needed',
      answers: { 200: SourcesAnswer },
    },
    async ({ c, actor, account, key }) => {
      const connection = mustConnect();
      const command = { kind: 'source.disconnect', source: 'ionet' } as const;
      const answer = await settle(c, ledger, { account, actor, command, ...keyed(key) });
      if (answer.ok && (await printOf(account)) === null) await connection.disconnect(account);
      return answer;
    },
  );
}
