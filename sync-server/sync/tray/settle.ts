// Settles what a tray proposes, before any of it is merged: in steps, so that a backlog shows its answers as it goes
// and leaves room for others in every transaction.
import type { Logger } from 'pino';
import type { Intent } from '../../../shared/intents.ts';
import type { Outcome } from '../../ledger/command.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { StorageError } from '../../ledger/storage/database.ts';
import { KEEP_ANSWERS } from '../lanes.ts';
import type { Member } from '../seat.ts';
import { createLocks } from './lock.ts';
import { orderOf, refusalOf } from './order.ts';
import type { Pace } from './pace.ts';

/** Proposals of one account that share a transaction with whatever else waits: their answers fit into the book at once. */
export const STEP = KEEP_ANSWERS;

export interface Settler {
  /**
   * Settles proposals in order, some at a time; devices of one account take turns. A refusal is an answer like any
   * other: it stands in the journal.
   * @param onStep gets the journal row that holds all answers so far; the next step waits for it
   * @throws StorageError when one was not decided; asking again is safe, each id settles once
   */
  settle(
    intents: readonly Intent[],
    member: Member,
    onStep: (account: string, seq: number) => Promise<void>,
  ): Promise<void>;
}

export function createSettler(
  ledger: Pick<Ledger, 'settle'>,
  pace: Pick<Pace, 'wait'>,
  log: Pick<Logger, 'error'>,
): Settler {
  const turns = createLocks<string>();

  /** A fault of ours must not hold up the proposals behind it for ever: it is answered as what it is. */
  async function settleOne(intent: Intent, member: Member): Promise<Outcome> {
    try {
      return await ledger.settle(orderOf(intent, member));
    } catch (error) {
      if (error instanceof StorageError) throw error;
      log.error(
        { err: error, account: member.account, kind: intent.kind },
        'a proposal could not be decided',
      );
      return ledger.settle(refusalOf(intent, member, 'internal', 'The server failed on this proposal.'));
    }
  }

  /** Handed in at once, so that they share a durable transaction. Answers the journal row that holds them all. */
  async function settleStep(intents: readonly Intent[], member: Member): Promise<number> {
    const settled = await Promise.allSettled(intents.map((intent) => settleOne(intent, member)));
    const failed = settled.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
    return Math.max(...settled.map((one) => (one.status === 'fulfilled' ? one.value.seq : 0)));
  }

  return {
    async settle(intents, member, onStep) {
      for (let from = 0; from < intents.length; from += STEP) {
        const done = await turns.take(member.account);
        try {
          const step = intents.slice(from, from + STEP);
          await pace.wait(member.account, step.length);
          await onStep(member.account, await settleStep(step, member));
        } finally {
          done();
        }
      }
    },
  };
}
