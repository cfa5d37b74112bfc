// Errors as they go out: RFC 9457 problem documents with a stable code, for every error without exception.
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { type Problem, PROBLEM_STATUS, type ProblemCode, Refusal } from '../ledger/command.ts';
import { StorageError } from '../ledger/storage/database.ts';

export const PROBLEM_JSON = 'application/problem+json';
/** Seconds after which a passing trouble is worth another try. */
const RETRY_AFTER = '1';

export interface ProblemDocument {
  type: string;
  title: string;
  status: ContentfulStatusCode;
  detail: string;
  code: ProblemCode;
  [fact: string]: unknown;
}

/** The document of a problem; facts stand beside the standard members and never in their place. */
export function problemDocument({ code, detail, facts }: Problem): ProblemDocument {
  const words = code.replaceAll('_', ' ');
  return {
    ...facts,
    type: `urn:io-glance:problem:${code}`,
    title: words.charAt(0).toUpperCase() + words.slice(1),
    status: PROBLEM_STATUS[code],
    detail,
    code,
  };
}

function headersOf(code: ProblemCode): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': PROBLEM_JSON };
  if (code === 'unauthenticated') headers['www-authenticate'] = 'Bearer realm="io-glance"';
  if (code === 'retry_later' || code === 'idempotency_in_progress') headers['retry-after'] = RETRY_AFTER;
  return headers;
}

export function sendProblem(c: Context, problem: Problem): Response {
  const document = problemDocument(problem);
  return c.body(JSON.stringify(document), document.status, headersOf(problem.code));
}

const FROM_STATUS: Partial<Record<number, ProblemCode>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'request_too_large',
  429: 'rate_limited',
};

/** Node's word for a caller who went away in the middle of a body. */
function isCutOff(error: unknown): boolean {
  return (
    error instanceof Error && error.message === 'aborted' && 'code' in error && error.code === 'ECONNRESET'
  );
}

/** The problem an exception stands for; null when it is a fault of ours. */
export function problemOf(error: unknown): Problem | null {
  if (error instanceof Refusal) return error.problem;
  if (error instanceof StorageError) {
    return {
      code: 'retry_later',
      detail: 'The server cannot store anything right now. Ask again with the same key.',
    };
  }
  if (isCutOff(error)) return { code: 'invalid_request', detail: 'The body was cut off.' };
  if (error instanceof HTTPException && error.status < 500) {
    return {
      code: FROM_STATUS[error.status] ?? 'invalid_request',
      detail: error.message || 'The request is malformed.',
    };
  }
  return null;
}

/** What a fault of ours looks like from outside; its cause stands in the log under the request's id. */
export function internalProblem(requestId: string): Problem {
  return {
    code: 'internal',
    detail: 'Something went wrong on our side. Nothing was decided; ask again with the same key.',
    facts: { request_id: requestId },
  };
}
