// What a device asks when it has been away, or when it wants to be sure: the answer to an old proposal, and the proof
// that an entry stands in the hash chain.
import { z } from '@hono/zod-openapi';
import { toRfc3339 } from '../../shared/time.ts';
import { findAnswer } from '../ledger/answers.ts';
import { proofOf } from '../ledger/chained.ts';
import { Refusal } from '../ledger/command.ts';
import type { Api, ApiContext } from './context.ts';
import { endpoint } from './endpoint.ts';
import { CallerId } from './fields.ts';
import { TransactionAnswer } from './schemas.ts';
import { transactionOf } from './transactions.ts';

const hash = z.string().openapi({ pattern: '^[0-9a-f]{64}$' });

const IntentAnswer = z
  .object({
    intent: z.string(),
    seq: z.number().int(),
    at: z.string().openapi({ format: 'date-time' }),
    code: z.string().optional(),
    entry: TransactionAnswer.optional(),
  })
  .openapi('IntentAnswer');

/** The entry as it is hashed: its time in ms. */
const ProofAnswer = z
  .object({
    entry: z.object({ ...TransactionAnswer.shape, at: z.number().int() }),
    private_digest: hash,
    prev: hash,
    hash,
    head: z.object({ seq: z.number().int(), n: z.number().int(), hash }),
  })
  .openapi('Proof');

export function historyProofRoutes(api: Api, { ledger, identity }: ApiContext): void {
  const { database } = ledger;
  const params = z.strictObject({ id: CallerId });

  endpoint(
    api,
    identity,
    {
      method: 'get',
      path: '/intents/{id}',
      summary: 'What became of a proposal; 404 while nothing is decided under its id',
      scope: 'account',
      params,
      answers: { 200: IntentAnswer },
    },
    async ({ c, account, caller, params }) => {
      const found = await findAnswer(database, { principal: caller.principal, account }, params.id);
      if (!found) throw new Refusal('not_found', 'Nothing is decided under this id.');
      const { entry, at, ...answer } = found;
      return c.json({ ...answer, at: toRfc3339(at), ...(entry && { entry: transactionOf(entry) }) });
    },
  );

  endpoint(
    api,
    identity,
    {
      method: 'get',
      path: '/credits/transactions/{id}/proof',
      summary: 'Everything that the hash of one transaction is made of, for whoever wants to recompute it',
      scope: 'account',
      params,
      answers: { 200: ProofAnswer },
    },
    async ({ c, account, params }) => {
      const proof = await proofOf(database, account, params.id);
      if (!proof) throw new Refusal('not_found', 'There is no such transaction.');
      return c.json(proof);
    },
  );
}
