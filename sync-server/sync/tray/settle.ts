// Settles what a tray proposes, before any of it is merged.
import type { Logger } from 'pino';
import type { Intent } from '../../../shared/intents.ts';
import type { Outcome } from '../../ledger/command.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { StorageError } from '../../ledger/storage/database.ts';
import type { Member } from '../seat.ts';
import { orderOf, refusalOf } from './order.ts';

type Settling = Pick<Ledger, 'settle'>;

/**
 * Settles proposals in order. They are handed in at once, so that they share a durable transaction. A refusal is an
 * answer like any other: it stands in the journal. Answers the journal row that holds them all.
 * @throws StorageError when at least one was not decided; asking again is safe, each id settles once.
 */
export async function settleIntents(
  ledger: Settling,
  intents: readonly Intent[],
  member: Member,
  log: Pick<Logger, 'error'>,
): Promise<number> {
  const settled = await Promise.allSettled(
    intents.map((intent) => settleIntent(ledger, intent, member, log)),
  );
  const failed = settled.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
  return Math.max(...settled.map((one) => (one.status === 'fulfilled' ? one.value.seq : 0)));
}

/** A fault of ours must not hold up the proposals behind it for ever: it is answered as what it is. */
async function settleIntent(
  ledger: Settling,
  intent: Intent,
  member: Member,
  log: Pick<Logger, 'error'>,
): Promise<Outcome> {
  try {
    return await ledger.settle(orderOf(intent, member));
  } catch (error) {
    if (error instanceof StorageError) throw error;
    log.error({ err: error, account: member.account, kind: intent.kind }, 'a proposal could not be decided');
    return ledger.settle(refusalOf(intent, member, 'internal', 'The server failed on this proposal.'));
  }
}
