// Errors below the app: requests that are not even HTTP, or that no app can be asked. They too get a problem document.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { RequestError } from '@hono/node-server';
import { type Ms, SECOND } from '../../shared/time.ts';
import type { ApiLog } from './context.ts';
import { internalProblem, PROBLEM_JSON, problemDocument } from './problems.ts';

const MALFORMED = problemDocument({ code: 'invalid_request', detail: 'The request is malformed.' });
const NOTHING_HERE = problemDocument({ code: 'not_found', detail: 'There is no socket at this address.' });

/** What Node's parser says, and the status that HTTP has for it. */
const STATUS_LINES: Record<string, [number, string]> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'Payload Too Large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout'],
};

/** How long the other end has to close after its last answer; Node watches neither of these sockets any more. */
const LINGER: Ms = SECOND / 2;

function writeRaw(socket: Duplex, status: number, reason: string, document: object): void {
  // The other end may be gone already, which is no news.
  socket.on('error', () => socket.destroy());
  // One that never closes would keep its socket, and a stop, waiting for good.
  const cut = setTimeout(() => socket.destroy(), LINGER);
  socket.once('close', () => clearTimeout(cut));
  socket.resume();
  const body = JSON.stringify({ ...document, status });
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Type: ${PROBLEM_JSON}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/** For the `clientError` event of a server. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, reason] = STATUS_LINES[error.code ?? ''] ?? [400, 'Bad Request'];
  writeRaw(socket, status, reason, MALFORMED);
}

/** For the `checkExpectation` event: the only expectation there is, is to continue. */
export function answerExpectation(_request: IncomingMessage, response: ServerResponse): void {
  response
    .writeHead(417, { 'content-type': PROBLEM_JSON })
    .end(JSON.stringify({ ...MALFORMED, status: 417 }));
}

/** Ends an upgrade to anything that is not served. */
export function refuseUpgrade(socket: Duplex): void {
  writeRaw(socket, 404, 'Not Found', NOTHING_HERE);
}

/** For what the adapter cannot turn into a Request, or the app did not catch. */
export function answerAdapterError(log: ApiLog): (error: unknown) => Response {
  return (error) => {
    const headers = { 'content-type': PROBLEM_JSON, 'cache-control': 'no-store' };
    // A method or an address that no Request can have is a TypeError of its constructor.
    if (error instanceof RequestError || error instanceof TypeError) {
      return new Response(JSON.stringify(MALFORMED), { status: 400, headers });
    }
    log.error({ err: error }, 'request failed below the app');
    return new Response(JSON.stringify(problemDocument(internalProblem('none'))), { status: 500, headers });
  };
}
