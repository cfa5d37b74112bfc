// The worker's side of messages.ts: what arrives is checked, since a message may come from anywhere.
import { browser } from 'wxt/browser';
import * as z from 'zod/mini';
import type { Answer, MessageName, Reply, Request } from './messages.ts';

const short = (max: number) => z.string().check(z.minLength(1), z.maxLength(max));
const id = z.string().check(z.regex(/^[A-Za-z0-9._:-]{16,64}$/));
const force = z.optional(z.boolean());

const REQUESTS: { [Name in MessageName]: z.ZodMiniType<Request<Name>> } = {
  connect: z.object({
    server: z.string().check(z.maxLength(2048)),
    api_key: short(512),
    device_name: short(64),
  }),
  sign_out: force,
  wipe: force,
  refresh: z.undefined(),
  status: z.undefined(),
  propose: z.object({ id, kind: short(64), body: z.looseObject({}) }),
  cancel: id,
  dismiss: id,
  page: z.number().check(z.nonnegative(), z.maximum(1e9), z.multipleOf(1)),
};

// Messages travel as JSON: a request that is undefined does not arrive.
const Envelope = z.object({ name: z.string(), data: z.optional(z.unknown()) });
const isMessage = (name: string): name is MessageName => Object.hasOwn(REQUESTS, name);

/** What the worker does for each message. */
export type Handlers = { [Name in MessageName]: (request: Request<Name>) => Promise<Answer<Name>> };

/** Answers the extension's own pages (their addresses start with `origin`); a content script gets an error. */
export function answerMessages(origin: string, handlers: Handlers): void {
  async function answer<Name extends MessageName>(name: Name, data: unknown): Promise<Reply<Name>> {
    const request = z.safeParse(REQUESTS[name], data);
    if (!request.success) return { error: 'The request is not as its message says.' };
    try {
      return { value: await handlers[name](request.data) };
    } catch (error) {
      return { error: String(error) };
    }
  }
  browser.runtime.onMessage.addListener((message: unknown, sender, reply) => {
    const envelope = z.safeParse(Envelope, message);
    // What nobody here knows is left to others.
    if (!envelope.success || !isMessage(envelope.data.name)) return false;
    if (!sender.url?.startsWith(origin)) reply({ error: 'Only a page of this extension may ask for that.' });
    else void answer(envelope.data.name, envelope.data.data).then(reply);
    return true;
  });
}
