// The journal of an account as server-sent events, for programs: from any row on, resumable, and only as fast as it is
// read. A stream ends when its bearer does.
import { z } from '@hono/zod-openapi';
import { type Ms, SECOND, toRfc3339 } from '../../shared/time.ts';
import { Refusal } from '../ledger/command.ts';
import type { JournalRow } from '../ledger/journal.ts';
import { StorageError } from '../ledger/storage/database.ts';
import { createAtOnce } from './at-once.ts';
import type { Api, ApiContext } from './context.ts';
import { bearerOf, endpoint } from './endpoint.ts';

/** Journal rows read at once. */
const BATCH = 100;
/** How often a stream makes sure that its bearer still may read. */
const LOOK_EVERY: Ms = SECOND;
/** Looks after which it reads the journal unasked: word of a commit may get lost. */
const READ_EVERY = 5;
/** Looks after which it says that it lives, so that proxies keep it. */
const BEAT_EVERY = 15;
const MAX_STREAMS = 16;
const RECONNECT: Ms = 2 * SECOND;

const Seq = z
  .string()
  .regex(/^\d{1,15}$/, 'must be the seq of a journal row')
  .transform(Number)
  .openapi({ type: 'integer' });

function eventOf({ seq, at, n, hash, patch }: JournalRow): string {
  const data = JSON.stringify({ seq, at: toRfc3339(at), n, hash, patch });
  return `id: ${seq}\nevent: journal\ndata: ${data}\n\n`;
}

interface StreamOptions extends Pick<ApiContext, 'ledger' | 'identity' | 'log' | 'stopping'> {
  account: string;
  session: string | null;
  bearer: string;
  /** Only rows after this one. */
  after: number;
  onEnd(): void;
}

/** The journal from `after` on; without an end of its own. */
function journalStream(options: StreamOptions): ReadableStream<Uint8Array> {
  const { ledger, identity, log, stopping, account, session, bearer, onEnd } = options;
  const encoder = new TextEncoder();
  let { after } = options;
  let looks = 0;
  let ended = false;
  /** Something may be there to read since the last time it was read. */
  let fresh = true;
  let wake: () => void = () => {};
  let end: () => void = () => {};

  const nudge = () => {
    fresh = true;
    wake();
  };
  const onCommit = (grown: { account: string; seq: number }) => {
    if (grown.account === account && grown.seq > after) nudge();
  };
  const onRevoked = (revoked: { session: string }) => {
    if (revoked.session === session) end();
  };

  async function look(): Promise<void> {
    looks += 1;
    try {
      await identity.verify(bearer);
    } catch (error) {
      if (error instanceof StorageError) return;
      if (!(error instanceof Refusal)) log.error({ err: error }, 'a stream of events could not go on');
      return end();
    }
    if (looks % READ_EVERY === 0) nudge();
    else if (looks % BEAT_EVERY === BEAT_EVERY - 1) wake();
  }

  const timer = setInterval(() => void look(), LOOK_EVERY);
  function release(): void {
    if (ended) return;
    ended = true;
    clearInterval(timer);
    ledger.events.off('committed', onCommit);
    ledger.events.off('revoked', onRevoked);
    stopping.removeEventListener('abort', end);
    wake();
    onEnd();
  }

  /** What to send next; waits until there is something. Null when the stream is over. */
  async function next(): Promise<string | null> {
    for (let beaten = looks; ;) {
      if (ended) return null;
      if (fresh) {
        fresh = false;
        const rows = await ledger.journal(account, after, BATCH);
        if (rows.length === BATCH) fresh = true;
        after = rows.at(-1)?.seq ?? after;
        if (rows.length > 0) return rows.map(eventOf).join('');
      }
      if (looks - beaten >= BEAT_EVERY - 1) {
        beaten = looks;
        return ':\n\n';
      }
      if (!fresh && !ended) await new Promise<void>((resolve) => (wake = resolve));
    }
  }

  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        end = () => {
          if (ended) return;
          release();
          controller.close();
        };
        ledger.events.on('committed', onCommit);
        ledger.events.on('revoked', onRevoked);
        if (stopping.aborted) end();
        else {
          stopping.addEventListener('abort', end);
          controller.enqueue(encoder.encode(`retry: ${RECONNECT}\n\n`));
        }
      },
      async pull(controller) {
        try {
          const text = await next();
          if (text !== null && !ended) controller.enqueue(encoder.encode(text));
        } catch (error) {
          release();
          throw error;
        }
      },
      cancel: release,
    },
    { highWaterMark: 1 },
  );
}

export function eventRoutes(api: Api, context: ApiContext): void {
  const { identity } = context;
  const streams = createAtOnce(MAX_STREAMS, 'streams of events');

  endpoint(
    api,
    identity,
    {
      method: 'get',
      path: '/events',
      summary:
        'The account’s journal as server-sent events, from a row on; resumes by Last-Event-ID. An event’s data: {seq, at, n, hash, patch}',
      scope: 'account',
      query: z.strictObject({ after: Seq.optional() }),
      answers: { 200: null },
      media: ['text/event-stream'],
    },
    ({ c, caller, account, query }) => {
      const last = c.req.header('last-event-id');
      const resumed = last === undefined || last === '' ? null : Seq.safeParse(last);
      if (resumed?.success === false) {
        throw new Refusal('invalid_request', 'Last-Event-ID must be the seq of a journal row.');
      }
      const onEnd = streams.enter(account);
      const stream = journalStream({
        ...context,
        account,
        session: caller.session,
        bearer: bearerOf(c),
        after: resumed?.data ?? query.after ?? 0,
        onEnd,
      });
      return c.body(stream, 200, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
    },
  );
}
