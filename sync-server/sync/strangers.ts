// Sockets that have not shown a token yet: anybody may open one, so they are few of one network and bounded in all, and
// so is what they say. Whoever came first stays: in a storm those are about to be served.
import { type Clock, MINUTE, type Ms } from '../../shared/time.ts';
import { MAX_STRANGERS } from './limits.ts';

/** They are turned away by the thousand; the log hears of it this often. */
const SAY_EVERY: Ms = 10 * MINUTE;

/** A place that one socket holds until its device is known, or gone. */
export interface Stranger {
  /** Counts bytes that wait for its token; false when there is no room for them. */
  say(bytes: number): boolean;
  /** Gives the place back; more than once changes nothing. */
  leave(): void;
}

export interface Strangers {
  /**
   * Takes a place; null when there is none.
   * @param network where the socket comes from; null for this machine itself, whose proxy may bring everybody
   */
  enter(network: string | null): Stranger | null;
}

/** @param limited false lets everybody in */
export function createStrangers(
  clock: Clock,
  log: { warn(facts: object, message: string): void },
  limited: boolean,
): Strangers {
  const ofNetwork = new Map<string, number>();
  let all = 0;
  let waiting = 0;
  let saidAt = -Infinity;

  function isFull(network: string | null): boolean {
    if (!limited) return false;
    const isCrowd = network !== null && (ofNetwork.get(network) ?? 0) >= MAX_STRANGERS.of_one_network;
    return isCrowd || all >= MAX_STRANGERS.in_all;
  }

  function count(network: string | null, by: 1 | -1): void {
    all += by;
    if (network === null) return;
    const now = (ofNetwork.get(network) ?? 0) + by;
    if (now > 0) ofNetwork.set(network, now);
    else ofNetwork.delete(network);
  }

  /** Turned away. */
  function refuse(network: string | null): void {
    const now = clock.now();
    if (Math.abs(now - saidAt) < SAY_EVERY) return;
    saidAt = now;
    log.warn(
      { network, sockets: all, bytes: waiting },
      'too many sockets without a token: some are turned away',
    );
  }

  return {
    enter(network) {
      if (isFull(network)) {
        refuse(network);
        return null;
      }
      count(network, 1);
      let said = 0;
      let isHere = true;
      return {
        say(bytes) {
          if (limited && waiting + bytes > MAX_STRANGERS.bytes) {
            refuse(network);
            return false;
          }
          said += bytes;
          waiting += bytes;
          return true;
        },
        leave() {
          if (!isHere) return;
          isHere = false;
          count(network, -1);
          waiting -= said;
        },
      };
    },
  };
}
