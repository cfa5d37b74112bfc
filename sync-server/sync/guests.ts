// What one signed-in device may take of the server, over however many sockets it comes: a few sockets, and so many
// whole documents a second. What it takes beyond that would be taken from others.
import { WebSocket } from 'ws';
import type { Clock, Ms } from '../../shared/time.ts';
import { Bucket, DOCUMENTS_ASKED, MAX_SOCKETS, MISDEEDS, SILENT_FOR } from './limits.ts';
import type { Member } from './seat.ts';
import { CLOSE, type SyncSocket } from './socket.ts';

interface Guest {
  /** Oldest first. */
  sockets: Set<SyncSocket>;
  asks: Bucket;
  misdeeds: Bucket;
  /** When its last socket left. */
  leftAt: Ms;
}

export interface Guests {
  /** A device sits down on a socket; with too many of them, its oldest one is ended: it is the likeliest to be dead. */
  enter(member: Member, socket: SyncSocket): void;
  leave(socket: SyncSocket): void;
  /** Takes one whole document; when there have been too many, the socket is ended and the answer is false. */
  ask(member: Member, socket: SyncSocket): boolean;
  /** Counts a message that was refused; after too many the socket is ended. */
  misbehaved(member: Member, socket: SyncSocket): void;
  /** Whether a device may sit down, or has sent too much that was refused: then the socket is ended. */
  isWelcome(member: Member, socket: SyncSocket): boolean;
  /** Forgets devices that have been away for long. */
  sweep(): void;
}

/** @param limited false lets everybody take what they want */
export function createGuests(clock: Clock, limited: boolean): Guests {
  const guests = new Map<string, Guest>();
  const sessions = new WeakMap<SyncSocket, Set<string>>();

  function guestOf({ session }: Member): Guest {
    let guest = guests.get(session);
    if (!guest) {
      const asks = new Bucket(clock, DOCUMENTS_ASKED.per_second, DOCUMENTS_ASKED.burst);
      const misdeeds = new Bucket(clock, MISDEEDS.per_second, MISDEEDS.burst);
      guests.set(session, (guest = { sockets: new Set(), asks, misdeeds, leftAt: clock.now() }));
    }
    return guest;
  }

  return {
    enter(member, socket) {
      // One that closed while its token was verified has left already.
      if (!limited || socket.readyState !== WebSocket.OPEN) return;
      const { sockets } = guestOf(member);
      sockets.add(socket);
      sessions.set(socket, (sessions.get(socket) ?? new Set()).add(member.session));
      const [oldest] = sockets;
      if (sockets.size <= MAX_SOCKETS || !oldest) return;
      sockets.delete(oldest);
      oldest.end(CLOSE.tooManySockets);
    },
    leave(socket) {
      for (const session of sessions.get(socket) ?? []) {
        const guest = guests.get(session);
        if (guest?.sockets.delete(socket)) guest.leftAt = clock.now();
      }
    },
    ask(member, socket) {
      if (!limited || guestOf(member).asks.take(1)) return true;
      socket.end(CLOSE.rateLimited);
      return false;
    },
    misbehaved(member, socket) {
      if (limited && !guestOf(member).misdeeds.take(1)) socket.end(CLOSE.rateLimited);
    },
    isWelcome(member, socket) {
      if (!limited || guestOf(member).misdeeds.has(1)) return true;
      socket.end(CLOSE.rateLimited);
      return false;
    },
    sweep() {
      for (const [session, { sockets, misdeeds, leftAt }] of guests) {
        const isGone = sockets.size === 0 && clock.now() - leftAt > SILENT_FOR;
        if (isGone && misdeeds.has(MISDEEDS.burst)) guests.delete(session);
      }
    },
  };
}
