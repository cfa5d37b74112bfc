// Who may sit on which document, from the first message to the last: tokens are verified when a document is opened,
// again at every message, renewed over the living socket, and a socket whose token ended or was revoked is closed.
import type { Logger } from 'pino';
import type { Clock, Ms } from '../../shared/time.ts';
import { SECOND } from '../../shared/time.ts';
import type { Caller } from '../identity/caller.ts';
import { Refusal } from '../ledger/command.ts';
import { StorageError } from '../ledger/storage/database.ts';
import { MAX_DOCUMENTS, MAX_PAGES } from './limits.ts';
import { memberOf, openable, type Seat } from './seat.ts';
import { CLOSE, type SyncSocket } from './socket.ts';

/** A silent reader's token is verified again after this long; a revocation in this process is heard at once. */
const RECHECK_AFTER: Ms = 30 * SECOND;
/** A verdict holds for this long while its device talks: no longer than a revocation elsewhere may take to be heard. */
const TRUSTED_FOR: Ms = SECOND / 2;

/** Why a document is not opened, as the device reads it. */
export type Denial = 'unauthenticated' | 'permission-denied' | 'too-many-documents' | 'retry-later';

/** Refuses to open a document. Its message is empty: Hocuspocus would print it for every stranger's try. */
export class Denied extends Error {
  readonly reason: Denial;
  constructor(reason: Denial) {
    super('');
    this.name = 'Denied';
    // Hocuspocus prints what stops it; a trace of an expected answer would let strangers fill the log.
    this.stack = this.name;
    this.reason = reason;
  }
}

/** What this room asks of identity. */
export interface Verifier {
  /** @throws Refusal for a bad, ended or revoked token, StorageError when it cannot be told. */
  verify(bearer: string): Promise<Caller>;
  /** Those of these sessions that have ended, in whichever process that was. @throws StorageError */
  endedAmong(sessions: readonly string[]): Promise<string[]>;
}

export interface Doorkeeper {
  /** Seats a token at a document. @throws Denied */
  seat(socket: SyncSocket, name: string, token: string): Promise<Seat>;
  /** Takes a fresh token for a seat; one that does not fit ends the socket. */
  renew(socket: SyncSocket, seat: Seat, token: string): Promise<void>;
  /** Whether a seat still holds; if not, the socket is ended. */
  recheck(socket: SyncSocket, seat: Seat): Promise<boolean>;
  /** Ends the sockets whose token has ended, and verifies those again that were silent for long. */
  sweep(sockets: Iterable<SyncSocket>): void;
  /** Ends the sockets of sessions that were revoked by another process. */
  sweepSessions(sockets: Iterable<SyncSocket>): Promise<void>;
}

/** Ends every socket that a session holds. */
export function endSession(sockets: Iterable<SyncSocket>, session: string): void {
  for (const socket of sockets) {
    for (const seat of socket.seats) if (seat.member.session === session) socket.end(CLOSE.unauthenticated);
  }
}

const isPage = ({ document }: Seat) => document.kind === 'page';

type Verdict = { seat: Pick<Seat, 'member' | 'document'> } | { denial: Denial };

export function createDoorkeeper(identity: Verifier, clock: Clock, log: Pick<Logger, 'error'>): Doorkeeper {
  async function judge(name: string, token: string): Promise<Verdict> {
    try {
      const member = memberOf(await identity.verify(token));
      const document = member && openable(member, name);
      return document ? { seat: { member, document } } : { denial: 'permission-denied' };
    } catch (error) {
      if (error instanceof Refusal) return { denial: 'unauthenticated' };
      if (!(error instanceof StorageError)) log.error({ err: error }, 'a token could not be verified');
      return { denial: 'retry-later' };
    }
  }

  async function recheck(socket: SyncSocket, seat: Seat): Promise<boolean> {
    const now = clock.now();
    if (seat.member.expiresAt > now) {
      const age = now - seat.checkedAt;
      if (age >= 0 && age < TRUSTED_FOR) return true;
      seat.checkedAt = now;
      const verdict = await judge(seat.name, seat.token);
      // While the database is away the last verdict stands: the token itself still ends in time.
      if ('seat' in verdict || verdict.denial === 'retry-later') return true;
    }
    socket.end(CLOSE.unauthenticated);
    return false;
  }

  return {
    async seat(socket, name, token) {
      if (socket.seats.size >= MAX_DOCUMENTS) throw new Denied('too-many-documents');
      const verdict = await judge(name, token);
      if ('denial' in verdict) {
        // A refused provider never tries again by itself, a cut one does.
        if (verdict.denial === 'retry-later') socket.end(CLOSE.retryLater);
        else socket.denied();
        throw new Denied(verdict.denial);
      }
      const { kind } = verdict.seat.document;
      if (kind === 'page' && [...socket.seats].filter(isPage).length >= MAX_PAGES) {
        throw new Denied('too-many-documents');
      }
      const seat = {
        name,
        token,
        checkedAt: clock.now(),
        beats: new Set<number>(),
        isClosing: false,
        ...verdict.seat,
      };
      socket.sit(seat);
      return seat;
    },

    async renew(socket, seat, token) {
      const verdict = await judge(seat.name, token);
      if ('seat' in verdict) {
        seat.token = token;
        seat.member = verdict.seat.member;
        seat.checkedAt = clock.now();
      } else if (verdict.denial !== 'retry-later') {
        socket.end(CLOSE.unauthenticated);
      }
    },

    recheck,

    sweep(sockets) {
      const now = clock.now();
      for (const socket of sockets) {
        for (const seat of socket.seats) {
          if (seat.member.expiresAt <= now) socket.end(CLOSE.unauthenticated);
          else if (now - seat.checkedAt >= RECHECK_AFTER) void recheck(socket, seat);
        }
      }
    },

    async sweepSessions(sockets) {
      const sessions = new Set<string>();
      for (const socket of sockets) for (const seat of socket.seats) sessions.add(seat.member.session);
      try {
        for (const session of await identity.endedAmong([...sessions])) endSession(sockets, session);
      } catch (error) {
        if (!(error instanceof StorageError)) log.error({ err: error }, 'sessions could not be looked up');
      }
    },
  };
}
