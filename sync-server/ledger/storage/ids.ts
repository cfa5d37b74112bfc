// Ids that the ledger gives: UUIDv7, random in life, from a seed where a run must repeat byte for byte.
import { createHash, randomUUIDv7 } from 'node:crypto';
import type { Ms } from '../../../shared/time.ts';
import type { EngineContext } from '../engine.ts';

/** Ids of one millisecond at most: as many as the 12 bits behind the time can count. */
const MOST_OF_A_MS = 0x1000;

/**
 * Random UUIDv7s that sort as they were made: those of one millisecond are counted (RFC 9562, 6.2, method 1), and a clock
 * that steps back is waited for. Lists go by id, so that a person sees what was made last first.
 * @param now this machine's clock, whatever the rules' clock says
 */
export function orderedIds(now: () => Ms = Date.now, random: () => string = randomUUIDv7): () => string {
  let ms = 0;
  let count = 0;
  let head = '';
  return () => {
    const at = now();
    count += 1;
    if (at > ms || count === MOST_OF_A_MS) {
      ms = Math.max(at, ms + 1);
      count = 0;
      const time = ms.toString(16).padStart(12, '0');
      head = `${time.slice(0, 8)}-${time.slice(8)}-7`;
    }
    // From the variant on all is random: 62 bits.
    return `${head}${count.toString(16).padStart(3, '0')}${random().slice(18)}`;
  };
}

/** @param seed without one, ids are random */
export function idSource(seed: string | undefined): EngineContext['idsFor'] {
  if (seed === undefined) {
    const next = orderedIds();
    return () => next;
  }
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
