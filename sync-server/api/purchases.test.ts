import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { openRig, type Rig } from './rig.ts';

let rig: Rig;
let apiKey: string;

beforeEach(async () => {
  rig = await openRig();
  ({ apiKey } = await rig.register());
});
afterEach(() => rig.close());

/** More than the book of an account shows at once. */
const MANY = 55;

const Page = z.object({
  items: z.array(z.object({ id: z.string(), credits: z.string(), status: z.string() })),
  next_cursor: z.string().nullable(),
});

async function buy(amount: number): Promise<string> {
  const bought = await rig.call(apiKey, 'POST', '/credits/purchases', {
    amount: `${amount}`,
    method: 'usdc',
  });
  return String(bought.body.id);
}

async function list(query: string, bearer = apiKey): Promise<z.infer<typeof Page>> {
  const { status, body } = await rig.call(bearer, 'GET', `/credits/purchases${query}`);
  expect(status).toBe(200);
  return Page.parse(body);
}

test('purchases that wait are found by their owner, also those that the book has no room for', async () => {
  const made: string[] = [];
  for (let amount = 1; amount <= MANY; amount += 1) made.push(await buy(amount));
  const found: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: z.infer<typeof Page> = await list(`?open=true&limit=20${cursor && `&cursor=${cursor}`}`);
    found.push(...page.items.map(({ id }) => id));
    cursor = page.next_cursor;
  }
  expect(found).toEqual(made.toReversed());
  const mallory = await rig.register();
  expect(await list('', mallory.apiKey)).toEqual({ items: [], next_cursor: null });
});

test('those that were paid are in the list of all, and not among those that wait', async () => {
  const [paid, waiting] = [await buy(7), await buy(8)];
  await rig.webhook({
    type: 'payment.succeeded',
    data: { purchase_id: paid, payment_id: 'pay-1', amount: '7' },
  });
  expect((await list('')).items.map(({ id, status }) => [id, status])).toEqual([
    [waiting, 'pending'],
    [paid, 'settled'],
  ]);
  expect((await list('?open=true')).items.map(({ id }) => id)).toEqual([waiting]);
  expect((await rig.call(apiKey, 'GET', '/credits/purchases?open=false')).status).toBe(400);
});
