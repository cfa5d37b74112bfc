// The other end of the admin socket: the registry of a running server, from another process.
import { request } from 'node:http';
import { z } from 'zod';
import type { Registry } from '../identity/accounts.ts';
import { PROBLEM_STATUS, type ProblemCode, Refusal, SCOPES } from '../ledger/command.ts';

const PrincipalAnswer = z.object({
  id: z.string(),
  account: z.string().nullable(),
  name: z.string(),
  scope: z.enum(SCOPES),
  services: z.array(z.string()),
  cap: z.string().nullable(),
  createdAt: z.number(),
  revokedAt: z.number().nullable(),
});
const KeyAnswer = z.object({ principal: PrincipalAnswer, apiKey: z.string() });
const AuditAnswer = z.object({
  at: z.string(),
  principal: z.string(),
  scope: z.string(),
  action: z.string(),
  status: z.number(),
  request: z.string(),
});
const ProblemAnswer = z.object({
  code: z.enum(Object.keys(PROBLEM_STATUS) as ProblemCode[]),
  detail: z.string(),
});

/** Nobody listens on the socket: there is no server on this data folder. */
export class NoServer extends Error {
  constructor() {
    super('No server is running on this data folder.');
    this.name = 'NoServer';
  }
}

function call(socketPath: string, method: string, path: string, body?: object): Promise<unknown> {
  return new Promise((done, fail) => {
    const sent = request(
      { socketPath, method, path, headers: { 'content-type': 'application/json' } },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', fail);
        answer.on('end', () => {
          try {
            const text = Buffer.concat(chunks).toString();
            const value: unknown = text === '' ? null : JSON.parse(text);
            if ((answer.statusCode ?? 500) < 400) return done(value);
            const { code, detail } = ProblemAnswer.parse(value);
            return fail(new Refusal(code, detail));
          } catch (error) {
            return fail(error instanceof Error ? error : new Error(String(error)));
          }
        });
      },
    );
    sent.on('error', (error: NodeJS.ErrnoException) => {
      const absent = ['ENOENT', 'ECONNREFUSED', 'ENOTSOCK'].includes(error.code ?? '');
      fail(absent ? new NoServer() : error);
    });
    sent.end(body ? JSON.stringify(body) : undefined);
  });
}

/** The registry behind a socket; every call throws NoServer when nobody listens there. */
export function remoteRegistry(socketPath: string): Registry {
  const at = (id: string) => `/principals/${encodeURIComponent(id)}`;
  return {
    register: async (asked) => KeyAnswer.parse(await call(socketPath, 'POST', '/principals', asked)),
    audit: async (limit) =>
      z.array(AuditAnswer).parse(await call(socketPath, 'GET', `/audit?limit=${limit}`)),
    list: async () => z.array(PrincipalAnswer).parse(await call(socketPath, 'GET', '/principals')),
    rotate: async (id) => KeyAnswer.parse(await call(socketPath, 'POST', `${at(id)}/rotate`)),
    revoke: async (id) => {
      await call(socketPath, 'DELETE', at(id));
    },
  };
}
