// A tray's way through Hocuspocus: checked and settled before its bytes merge, emptied after. A tray is a mailbox,
// never stored: what is lost with the process, the device still holds.
import { type Connection, type Document, OutgoingMessage } from '@hocuspocus/server';
import type { Logger } from 'pino';
import { TRAY_ROOT } from '../../../shared/intents.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { Denied } from '../authenticate.ts';
import type { Seat } from '../seat.ts';
import { CLOSE, type SyncSocket } from '../socket.ts';
import { admit } from './admit.ts';
import { createLocks } from './lock.ts';
import type { Pace } from './pace.ts';
import { createSettler } from './settle.ts';

export interface Delivery {
  document: Document;
  connection: Connection;
  socket: SyncSocket;
  seat: Seat;
  update: Uint8Array;
}

export interface Trays {
  /**
   * Checks an update and settles what it proposes; when it answers, the update may merge.
   * @throws Forged for bytes no honest device sends, Denied when the ledger cannot answer now: then nothing merges
   */
  receive(delivery: Delivery): Promise<void>;
  /** Ends what `receive` began on this connection: empties the tray, or asks again for what was missing. */
  finish(document: Document, connection: Connection): void;
}

interface Held {
  release: () => void;
  /** The update pointed at something that is not here: nothing merges, and the device is asked for everything. */
  incomplete: boolean;
}

/** A deletion by us: nothing to store. */
const ORIGIN = { source: 'local', skipStoreHooks: true } as const;

/**
 * @param onSettled brings the account's book up to that journal row, so that answers arrive as they are decided and
 *   before the proposals disappear
 */
export function createTrays(
  ledger: Pick<Ledger, 'settle'>,
  pace: Pick<Pace, 'wait'>,
  onSettled: (account: string, seq: number) => Promise<void>,
  log: Pick<Logger, 'error'>,
): Trays {
  const locks = createLocks<Document>();
  const held = new WeakMap<Connection, Held>();
  const settler = createSettler(ledger, pace, log);

  return {
    async receive({ document, connection, socket, seat, update }) {
      const release = await locks.take(document);
      const hold = { release, incomplete: false };
      held.set(connection, hold);
      const intents = admit(document, update);
      if (!intents) {
        hold.incomplete = true;
        // Hocuspocus merges nothing of a read-only connection.
        connection.readOnly = true;
        return;
      }
      if (intents.length === 0) return;
      try {
        await socket.holdWhile(() => settler.settle(intents, seat.member, onSettled));
      } catch (error) {
        log.error({ err: error }, 'proposals could not be settled');
        // The device comes back with a fresh socket and hands the same proposals in again.
        socket.end(CLOSE.retryLater);
        throw new Denied('retry-later');
      }
    },

    finish(document, connection) {
      const hold = held.get(connection);
      if (!hold) return;
      held.delete(connection);
      try {
        if (hold.incomplete) askAgain(document, connection);
        const list = document.getArray(TRAY_ROOT);
        if (list.length > 0) document.transact(() => list.delete(0, list.length), ORIGIN);
      } finally {
        hold.release();
      }
    },
  };
}

function askAgain(document: Document, connection: Connection): void {
  connection.readOnly = false;
  const ask = new OutgoingMessage(connection.messageAddress).createSyncMessage();
  connection.send(ask.writeFirstSyncStepFor(document).toUint8Array());
}
