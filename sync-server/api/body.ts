// Reading bodies: never more of one than its route takes, whatever its headers say.
import type { Context } from 'hono';
import { Refusal } from '../ledger/command.ts';

/** What a JSON body may be long. */
export const BODY_LIMIT = 64 * 1024;

function tooLarge(limit: number): Refusal {
  return new Refusal('request_too_large', `A body may have at most ${limit / 1024} kB.`);
}

/** The bytes of a body, none when there is none. @throws Refusal `request_too_large`, before more than `limit` is read */
export async function readBody(c: Context, limit: number): Promise<Uint8Array> {
  const length = c.req.header('content-length');
  if (length !== undefined && c.req.header('transfer-encoding') === undefined) {
    if (Number(length) > limit) throw tooLarge(limit);
    return new Uint8Array(await c.req.arrayBuffer());
  }
  const { body } = c.req.raw;
  if (!body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
