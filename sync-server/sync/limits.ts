// What one socket may ask for. Hocuspocus bounds only what comes before a token; these hold for its whole life.
import { type Clock, type Ms, SECOND } from '../../shared/time.ts';

/** Largest frame from a client, in bytes. */
export const MAX_FRAME = 256 * 1024;
/** Bytes that may wait in a socket for a reader that does not read: about thirty whole books. */
export const MAX_WAITING = 1024 * 1024;
/** Documents one socket may hold: book, tray, and the pages someone scrolls through. */
export const MAX_DOCUMENTS = 32;
/** Pages among them: a device caches what it has read, so it reads them a few at a time. */
export const MAX_PAGES = 4;
/** Sockets of one signed-in device: one that lives, and some that the network has not yet noticed to be dead. */
export const MAX_SOCKETS = 8;
/** Whole documents that one signed-in device may ask for: pages opened, and "this is what I have" of any document. */
export const DOCUMENTS_ASKED = { per_second: 20, burst: 200 } as const;
/** Messages of one signed-in device that may be refused: each costs a line of the log, and a healing device needs few. */
export const MISDEEDS = { per_second: 0.1, burst: 20 } as const;
/** Documents that may wait for their token at once. */
export const MAX_PENDING_DOCUMENTS = 8;
/**
 * Sockets without a token yet, and the bytes they may have said, over all of them. A server's 10,000 devices may come
 * back in one instant, with a few kB each; whoever comes from one network beyond its share tries again a little later.
 */
export const MAX_STRANGERS = { of_one_network: 1_000, in_all: 12_000, bytes: 64 * 1024 * 1024 } as const;
/** Tokens that a socket may show in vain before it is closed. */
export const MAX_DENIALS = 10;
/** A socket without an accepted token after this long is closed. */
export const TOKEN_WITHIN: Ms = 10 * SECOND;
/** A socket that says nothing for this long is closed; a provider's awareness beats every 15 s. */
export const SILENT_FOR: Ms = 60 * SECOND;
/** A socket that was told to close and did not is cut after this long. */
export const CLOSE_WITHIN: Ms = SECOND / 2;

/** How much one socket may send, per second and in one burst. */
export interface SyncLimits {
  messages_per_second: number;
  message_burst: number;
  bytes_per_second: number;
  byte_burst: number;
}

/** Far above a busy device, far below what hurts. */
export const DEFAULT_LIMITS: SyncLimits = {
  messages_per_second: 500,
  message_burst: 1_000,
  bytes_per_second: 1024 * 1024,
  byte_burst: 4 * 1024 * 1024,
};

/** A token bucket: `take` answers false once more is asked than has flowed in. */
export class Bucket {
  readonly #clock: Clock;
  readonly #perMs: number;
  readonly #burst: number;
  #level: number;
  #at: Ms;

  constructor(clock: Clock, perSecond: number, burst: number) {
    this.#clock = clock;
    this.#perMs = perSecond / SECOND;
    this.#burst = burst;
    this.#level = burst;
    this.#at = clock.now();
  }

  /** Whether `amount` could be taken now. */
  has(amount: number): boolean {
    this.#flow();
    return amount <= this.#level;
  }

  take(amount: number): boolean {
    this.#flow();
    if (amount > this.#level) return false;
    this.#level -= amount;
    return true;
  }

  #flow(): void {
    const now = this.#clock.now();
    // A wall clock may step back: then nothing flows in, and nothing is lost.
    this.#level = Math.min(this.#burst, this.#level + Math.max(0, now - this.#at) * this.#perMs);
    this.#at = now;
  }
}
