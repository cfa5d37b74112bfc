// Settles what a tray proposes, before any of it is merged.
import type { Intent } from '../../../shared/intents.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Member } from '../seat.ts';
import { orderOf } from './order.ts';

/**
 * Settles proposals in order. They are handed in at once, so that they share a durable transaction. A refusal is an
 * answer like any other: it stands in the journal.
 * @throws StorageError when at least one was not decided; asking again is safe, each id settles once.
 */
export async function settleIntents(
  ledger: Pick<Ledger, 'settle'>,
  intents: readonly Intent[],
  member: Member,
): Promise<void> {
  const settled = await Promise.allSettled(intents.map((intent) => ledger.settle(orderOf(intent, member))));
  const failed = settled.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
}
