// Awareness carries nothing of ours; it only beats, so that neither end takes the other for dead. A socket may beat
// for itself, never for another.
import type { Connection, Document } from '@hocuspocus/server';

/** Bytes of one device's awareness state, as JSON. */
const MAX_STATE = 1024;

/**
 * Leaves at most one state in `states`: the connection's own. The first id a connection beats with is its own from
 * then on, unless another connection of the document has it.
 */
export function keepOwnState(
  states: Map<number, Record<string, unknown>>,
  document: Pick<Document, 'getConnections' | 'getClients'>,
  connection: Connection,
): void {
  const own: Set<number> = document.getClients(connection);
  let mine = own.values().next().value;
  for (const [client, state] of states) {
    const free = mine === undefined && !isTaken(client, document, connection);
    if ((client === mine || free) && JSON.stringify(state).length <= MAX_STATE) mine = client;
    else states.delete(client);
  }
}

function isTaken(
  client: number,
  document: Pick<Document, 'getConnections' | 'getClients'>,
  connection: Connection,
): boolean {
  return document
    .getConnections()
    .some((other) => other !== connection && document.getClients(other).has(client));
}
