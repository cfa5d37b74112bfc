// The history of an account: pages for screens and programs, the whole as CSV or JSON in a stream.
import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { type Entry, ENTRY_TYPES } from '../../shared/account.ts';
import { toRfc3339 } from '../../shared/time.ts';
import { Refusal, SERVICES } from '../ledger/command.ts';
import {
  type EntryFilter,
  entriesOf,
  findEntry,
  pageOfEntries,
  type StoredEntry,
} from '../ledger/entries.ts';
import { createAtOnce } from './at-once.ts';
import type { Api, ApiContext } from './context.ts';
import { csvLine } from './csv.ts';
import { endpoint } from './endpoint.ts';
import { CallerId, Instant, Paging, Text } from './fields.ts';
import { PageAnswer } from './pages.ts';
import { TransactionAnswer } from './schemas.ts';

const MAX_QUERY = 100;
/** Readings of one account's history at the same time: each goes through up to all of it. */
const MAX_READINGS = 8;
/** Characters that are sent at once. */
const CHUNK = 32 * 1024;

/** One or several words of a list, separated by commas. */
function Words<T extends string>(words: readonly [T, ...T[]]) {
  const one = z.enum(words);
  return z
    .string()
    .max(400)
    .transform((text) => text.split(','))
    .pipe(z.array(one).max(words.length))
    .openapi({ type: 'string', example: words[0] });
}

const Query = z.strictObject({
  type: Words(ENTRY_TYPES).optional(),
  service: Words(['credits', ...SERVICES]).optional(),
  from: Instant.optional(),
  to: Instant.optional(),
  q: Text(MAX_QUERY).optional(),
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, 'must be the next_cursor of the answer before')
    .transform(Number)
    .optional()
    .openapi({ type: 'string' }),
  limit: Paging.limit,
  format: z.enum(['csv', 'json']).optional(),
});

type Transaction = z.infer<typeof TransactionAnswer>;

/** An entry as HTTP answers it: as in the book, its time as text. */
export function transactionOf(entry: Entry): Transaction {
  return { ...entry, at: toRfc3339(entry.at) };
}

const COLUMNS = [
  'n',
  'at',
  'service',
  'type',
  'amount',
  'balance',
  'status',
  'id',
  'ref',
  'intent',
  'code',
] as const satisfies readonly (keyof Transaction)[];

async function* csv(found: AsyncIterable<StoredEntry[]>): AsyncGenerator<string, void> {
  yield csvLine(COLUMNS);
  for await (const entries of found) {
    let text = '';
    for (const { entry } of entries) {
      const transaction = transactionOf(entry);
      text += csvLine(COLUMNS.map((name) => String(transaction[name] ?? '')));
    }
    yield text;
  }
}

async function* json(found: AsyncIterable<StoredEntry[]>): AsyncGenerator<string, void> {
  let start = '{"items":[';
  for await (const entries of found) {
    yield start + entries.map(({ entry }) => JSON.stringify(transactionOf(entry))).join(',');
    start = ',';
  }
  yield start === ',' ? '],"next_cursor":null}' : `${start}],"next_cursor":null}`;
}

/** A body that asks for more only when the reader took what was there; it ends when the reader goes away. */
function streamOf(texts: AsyncGenerator<string, void>, onEnd: () => void): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await texts.next();
          if (!done) return controller.enqueue(encoder.encode(value));
          controller.close();
          onEnd();
        } catch (error) {
          onEnd();
          throw error;
        }
      },
      async cancel() {
        onEnd();
        await texts.return();
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: CHUNK }),
  );
}

/** What the caller wants to get; null for a page. */
function formatOf(c: Context, asked: 'csv' | 'json' | undefined): 'csv' | 'json' | null {
  if (asked) return asked;
  return /(^|,)\s*text\/csv\s*(;|,|$)/i.test(c.req.header('accept') ?? '') ? 'csv' : null;
}

export function transactionRoutes(api: Api, { ledger, identity }: ApiContext): void {
  const { database } = ledger;
  const readings = createAtOnce(MAX_READINGS, 'readings of its history');

  endpoint(
    api,
    identity,
    {
      method: 'get',
      path: '/credits/transactions',
      summary:
        'The account’s history, newest first, in pages; with format=csv or json, or Accept: text/csv, all that is wanted in one stream',
      scope: 'account',
      query: Query,
      answers: { 200: PageAnswer(TransactionAnswer) },
      media: ['text/csv'],
    },
    async ({ c, account, query }) => {
      // Reading the credits settles what is due, so that the history is true now.
      await ledger.credits(account);
      const { type, service, from, to, q, cursor, limit, format } = query;
      const filter: EntryFilter = {
        ...(type && { types: type }),
        ...(service && { services: service }),
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
        ...(q !== undefined && { q }),
      };
      const wanted = formatOf(c, format);
      if (wanted) {
        const onEnd = readings.enter(account);
        const found = entriesOf(database, account, filter, cursor);
        const type = wanted === 'csv' ? 'text/csv; charset=utf-8; header=present' : 'application/json';
        return c.body(streamOf(wanted === 'csv' ? csv(found) : json(found), onEnd), 200, {
          'content-type': type,
          'content-disposition': `attachment; filename="io-credits-transactions.${wanted}"`,
        });
      }
      const place = cursor === undefined ? { limit: limit + 1 } : { before: cursor, limit: limit + 1 };
      // A search that finds little goes through all of a history.
      const onEnd = readings.enter(account);
      const found = await pageOfEntries(database, account, filter, place).finally(onEnd);
      const page = found.slice(0, limit);
      const last = page.at(-1);
      return c.json({
        items: page.map(({ entry }) => transactionOf(entry)),
        next_cursor: found.length > limit && last ? String(last.seq) : null,
      });
    },
  );

  endpoint(
    api,
    identity,
    {
      method: 'get',
      path: '/credits/transactions/{id}',
      summary: 'One transaction, or one refusal',
      scope: 'account',
      params: z.strictObject({ id: CallerId }),
      answers: { 200: TransactionAnswer },
    },
    async ({ c, account, params }) => {
      await ledger.credits(account);
      const found = await findEntry(database, account, params.id);
      if (!found) throw new Refusal('not_found', 'There is no such transaction.');
      return c.json(transactionOf(found.entry));
    },
  );
}
