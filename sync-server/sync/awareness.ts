// Awareness carries nothing of ours; it only beats, so that neither end takes the other for dead. A socket may beat
// for itself, never for another.
import type { Connection, Document } from '@hocuspocus/server';
import { createDecoder, readVarString, readVarUint, readVarUint8Array } from 'lib0/decoding';

/** Bytes of one device's awareness state, as JSON. */
const MAX_STATE = 1024;

/** The client ids that an awareness message names; the message's address and type come first. Throws on broken bytes. */
export function clientsOf(frame: Uint8Array): Set<number> {
  const message = createDecoder(frame);
  readVarString(message);
  readVarUint(message);
  const update = createDecoder(readVarUint8Array(message));
  const clients = new Set<number>();
  for (let left = readVarUint(update); left > 0; left -= 1) {
    clients.add(readVarUint(update));
    readVarUint(update);
    readVarString(update);
  }
  return clients;
}

/**
 * Leaves at most one state in `states`: the connection's own. The first id that a connection beats with is its own
 * from then on, unless another connection of the document has it.
 * @param named the ids of the message; Hocuspocus adds one of its own, anew with each message
 */
export function keepOwnState(
  states: Map<number, Record<string, unknown>>,
  named: ReadonlySet<number>,
  document: Pick<Document, 'getConnections' | 'getClients'>,
  connection: Connection,
): void {
  const known: Set<number> = document.getClients(connection);
  let own = known.values().next().value;
  for (const [client, state] of states) {
    if (own === undefined && named.has(client) && !isTaken(client, document, connection)) own = client;
    if (client !== own || JSON.stringify(state).length > MAX_STATE) states.delete(client);
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
