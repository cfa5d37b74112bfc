// Ids that the ledger gives: UUIDv7, random in life, from a seed where a run must repeat byte for byte.
import { createHash, randomUUIDv7 } from 'node:crypto';
import type { EngineContext } from '../engine.ts';

/** @param seed without one, ids are random */
export function idSource(seed: string | undefined): EngineContext['idsFor'] {
  if (seed === undefined) return () => () => randomUUIDv7();
  return (task, state) => {
    // What was settled before and what is asked now name the id, so that batching and restarts cannot change it.
    const keys = task.slots.map(({ scope, key }) => `${scope} ${key}`).join(',');
    const base = [seed, task.order.account, state?.head.seq ?? 0, task.fingerprint, keys].join('\n');
    let count = 0;
    return () => {
      count += 1;
      return uuid7(task.now, createHash('sha256').update(`${base}\n${count}`).digest());
    };
  };
}

/** A UUIDv7 (RFC 9562): 48 bits of ms, then version, variant and 74 bits of `bytes`. */
export function uuid7(now: number, bytes: Uint8Array): string {
  const id = Buffer.from(bytes.subarray(0, 16));
  id.writeUIntBE(now, 0, 6);
  id.writeUInt8((id.readUInt8(6) & 0x0f) | 0x70, 6);
  id.writeUInt8((id.readUInt8(8) & 0x3f) | 0x80, 8);
  return id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
