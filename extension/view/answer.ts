// The worker's side of messages.ts: what arrives is checked, since a message may come from anywhere.
import { browser } from 'wxt/browser';
import * as v from 'valibot';
import type { Answer, MessageName, Reply, Request } from './messages.ts';

const short = (max: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(max));
const id = v.pipe(v.string(), v.regex(/^[A-Za-z0-9._:-]{16,64}$/));
const force = v.optional(v.boolean());

const REQUESTS: { [Name in MessageName]: v.GenericSchema<unknown, Request<Name>> } = {
  connect: v.object({
    server: v.pipe(v.string(), v.maxLength(2048)),
    api_key: short(512),
    device_name: short(64),
    force,
  }),
  sign_out: force,
  wipe: force,
  refresh: v.undefined(),
  status: v.undefined(),
  propose: v.object({ id, kind: short(64), body: v.looseObject({}) }),
  cancel: id,
  dismiss: id,
  page: v.pipe(v.number(), v.minValue(0), v.maxValue(1e9), v.multipleOf(1)),
  remote: short(128),
  ionet: short(1024),
};

// Messages travel as JSON: a request that is undefined does not arrive.
const Envelope = v.object({ name: v.string(), data: v.optional(v.unknown()) });
const isMessage = (name: string): name is MessageName => Object.hasOwn(REQUESTS, name);

/** What the worker does for each message. */
export type Handlers = { [Name in MessageName]: (request: Request<Name>) => Promise<Answer<Name>> };

/** Answers the extension's own pages (their addresses start with `origin`); a content script gets an error. */
export function answerMessages(origin: string, handlers: Handlers): void {
  async function answer<Name extends MessageName>(name: Name, data: unknown): Promise<Reply<Name>> {
    const request = v.safeParse(REQUESTS[name], data);
    if (!request.success) return { error: 'The request is not as its message says.' };
    try {
      return { value: await handlers[name](request.output) };
    } catch (error) {
      return { error: String(error) };
    }
  }
  browser.runtime.onMessage.addListener((message: unknown, sender, reply) => {
    const envelope = v.safeParse(Envelope, message);
    // What nobody here knows is left to others.
    if (!envelope.success || !isMessage(envelope.output.name)) return false;
    if (!sender.url?.startsWith(origin)) reply({ error: 'Only a page of this extension may ask for that.' });
    else void answer(envelope.output.name, envelope.output.data).then(reply);
    return true;
  });
}
