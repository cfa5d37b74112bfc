// One device's socket: Hocuspocus writes through it, every frame of the device passes its limits first.
import type { WebSocketLike } from '@hocuspocus/server';
import { type RawData, WebSocket } from 'ws';
import type { Clock } from '../../shared/time.ts';
import { Bucket, CLOSE_WITHIN, MAX_DENIALS, MAX_WAITING, type SyncLimits, TOKEN_WITHIN } from './limits.ts';
import type { Seat } from './seat.ts';
import type { Stranger } from './strangers.ts';

/** Close codes of ours, beside the standard ones; the device comes back after each with a fresh socket. */
export const CLOSE = {
  goingAway: { code: 1001, reason: 'going away' },
  notBinary: { code: 1003, reason: 'binary frames only' },
  retryLater: { code: 1013, reason: 'retry later' },
  tooSlow: { code: 1013, reason: 'reads too slowly' },
  tooManySockets: { code: 1013, reason: 'too many sockets' },
  tooManyStrangers: { code: 1013, reason: 'too many sockets without a token' },
  malformed: { code: 4400, reason: 'malformed' },
  unauthenticated: { code: 4401, reason: 'unauthenticated' },
  forbidden: { code: 4403, reason: 'permission-denied' },
  noToken: { code: 4408, reason: 'no token in time' },
  startAnew: { code: 4409, reason: 'start anew with an empty document' },
  rateLimited: { code: 4429, reason: 'rate limited' },
} as const;
export type CloseReason = (typeof CLOSE)[keyof typeof CLOSE];

/** A frame's reader: Hocuspocus' side of this socket. */
interface Frames {
  handleMessage(data: Uint8Array): void;
}

export class SyncSocket implements WebSocketLike {
  readonly #ws: WebSocket;
  readonly #seats = new Set<Seat>();
  readonly #messages: Bucket | null;
  readonly #bytes: Bucket | null;
  readonly #tokenTimer: NodeJS.Timeout;
  /** Its place among the strangers, until it sits. */
  readonly #stranger: Stranger | null;
  #isKnown = false;
  #holds = 0;
  #denials = 0;

  constructor(ws: WebSocket, clock: Clock, limits: SyncLimits | null, stranger: Stranger | null = null) {
    this.#ws = ws;
    this.#stranger = stranger;
    this.#messages = limits && new Bucket(clock, limits.messages_per_second, limits.message_burst);
    this.#bytes = limits && new Bucket(clock, limits.bytes_per_second, limits.byte_burst);
    this.#tokenTimer = setTimeout(() => this.end(CLOSE.noToken), TOKEN_WITHIN);
    ws.once('close', () => {
      clearTimeout(this.#tokenTimer);
      stranger?.leave();
    });
  }

  get seats(): ReadonlySet<Seat> {
    return this.#seats;
  }

  sit(seat: Seat): void {
    clearTimeout(this.#tokenTimer);
    this.#isKnown = true;
    this.#stranger?.leave();
    this.#seats.add(seat);
  }

  /** A token was shown in vain: too often is once too much. */
  denied(): void {
    this.#denials += 1;
    if (this.#denials >= MAX_DENIALS) this.end(CLOSE.unauthenticated);
  }

  leave(seat: Seat): void {
    this.#seats.delete(seat);
  }

  /** Hands every acceptable frame on; the first that is not ends the socket. */
  listen(frames: Frames): void {
    this.#ws.on('message', (data: RawData, isBinary: boolean) => {
      if (this.readyState !== WebSocket.OPEN) return;
      if (!isBinary || !Buffer.isBuffer(data)) {
        this.end(CLOSE.notBinary);
        return;
      }
      if (this.#messages?.take(1) === false || this.#bytes?.take(data.byteLength) === false) {
        this.end(CLOSE.rateLimited);
        return;
      }
      if (!this.#isKnown && this.#stranger?.say(data.byteLength) === false) {
        this.end(CLOSE.tooManyStrangers);
        return;
      }
      frames.handleMessage(data);
    });
  }

  /** Reads no further frame until the work is done, so that a device cannot ask faster than the ledger answers. */
  async holdWhile<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#holds++ === 0) this.#ws.pause();
    try {
      return await work();
    } finally {
      if (--this.#holds === 0) this.#ws.resume();
    }
  }

  get readyState(): number {
    return this.#ws.readyState;
  }

  send(data: Parameters<WebSocketLike['send']>[0]): void {
    if (this.readyState !== WebSocket.OPEN) return;
    if (this.#ws.bufferedAmount > MAX_WAITING) {
      this.end(CLOSE.tooSlow);
      return;
    }
    // Hocuspocus sends encoded messages only.
    if (data instanceof Uint8Array) this.#ws.send(data);
  }

  close(code?: number, reason?: string): void {
    this.#close(code ?? CLOSE.goingAway.code, reason ?? '');
  }

  /** Says why and closes; a peer that does not answer is cut. */
  end({ code, reason }: CloseReason): void {
    this.#close(code, reason);
  }

  cut(): void {
    this.#ws.terminate();
  }

  #close(code: number, reason: string): void {
    if (this.readyState !== WebSocket.OPEN) return;
    this.#ws.close(code, reason);
    const cut = setTimeout(() => this.cut(), CLOSE_WITHIN);
    this.#ws.once('close', () => clearTimeout(cut));
  }
}
