// The envelope of a frame: which document it is for, and what kind it is. Hocuspocus prints a trace for each one that
// it cannot read, and prints names as they come: so strangers could fill the log, or write lines of their own into it.
import { MessageType } from '@hocuspocus/server';
import { createDecoder, hasContent, readVarString, readVarUint } from 'lib0/decoding';

/** A document's name, and the session that some providers put behind it. */
const ADDRESS = /^[\x21-\x7e]{1,256}(\0[\x21-\x7e]{1,128})?$/;

/** Whether Hocuspocus can tell what a frame is; what is in it may still be wrong. */
export function isReadable(frame: Uint8Array): boolean {
  try {
    const decoder = createDecoder(frame);
    const address = readVarString(decoder);
    // It looks names up in plain objects, which have some of their own.
    if (!ADDRESS.test(address) || address in {}) return false;
    const type: MessageType = readVarUint(decoder);
    if (type !== MessageType.Auth) return true;
    readVarUint(decoder);
    readVarString(decoder);
    if (hasContent(decoder)) readVarString(decoder);
    return true;
  } catch {
    return false;
  }
}
