// Reads SQLite's write-ahead log as its file format says (sqlite.org/fileformat2.html#walformat), frame by frame, so that
// damage is seen that SQLite takes for the end of the log.
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';

const HEADER = 32;
const FRAME_HEADER = 24;
/** Of the frame's header only page number and database size are part of the checksum. */
const SUMMED = 8;
const MAGIC_LITTLE = 0x377f0682;
const MAGIC_BIG = 0x377f0683;
const FRAMES_AT_ONCE = 128;

export interface LogFacts {
  /** The 8 bytes that tell this run of the log from the one before it, which may still lie behind it; null without a log. */
  salts: Buffer | null;
  /** Frames that SQLite would use: those up to the last commit before the first broken frame. */
  committed: number;
  /** Length of the log up to there, in bytes. */
  length: number;
  /** The frame, counted from 1, at which something that was on the disk is broken (0 for the header); null when none is. */
  brokenAt: number | null;
}

const NO_LOG: LogFacts = { salts: null, committed: 0, length: 0, brokenAt: null };

/**
 * Walks the log beside a database file. A commit begins only after the one before it was synced, so a crash can tear no
 * other than the last: a sound frame behind a later commit mark than the broken place shows that more is broken than that.
 */
export function readLog(file: string): LogFacts {
  const log = `${file}-wal`;
  if (!existsSync(log)) return NO_LOG;
  const handle = openSync(log, 'r');
  try {
    return walk(handle);
  } finally {
    closeSync(handle);
  }
}

function walk(handle: number): LogFacts {
  const header = Buffer.alloc(HEADER);
  const { size } = fstatSync(handle);
  // SQLite syncs the header before the first frame, so without a frame there was nothing to lose.
  if (size <= HEADER + FRAME_HEADER || readSync(handle, header, 0, HEADER, 0) < HEADER) return NO_LOG;
  const magic = header.readUInt32BE(0);
  const little = magic === MAGIC_LITTLE;
  const sum = checksum([0, 0], header, 0, 24, little);
  const pageSize = header.readUInt32BE(8);
  const known = little || magic === MAGIC_BIG;
  if (!known || pageSize < 512 || pageSize > 65_536 || !matches(sum, header, 24)) {
    return { ...NO_LOG, brokenAt: isBlank(handle, size) ? null : 0 };
  }
  const facts: LogFacts = { ...NO_LOG, salts: Buffer.from(header.subarray(16, 24)), length: HEADER };
  let firstBroken: number | null = null;
  let markBehind = false;
  let number = 0;
  for (const { frame, before } of framesOf(handle, size, pageSize, sum)) {
    number += 1;
    const current = frame.compare(header, 16, 24, 8, 16) === 0;
    const sound =
      current &&
      matches(
        checksum(checksum(before, frame, 0, SUMMED, little), frame, FRAME_HEADER, frame.length, little),
        frame,
        16,
      );
    const mark = current && frame.readUInt32BE(4) !== 0;
    if (firstBroken === null && sound) {
      if (mark) {
        facts.committed = number;
        facts.length = HEADER + number * frame.length;
      }
      continue;
    }
    firstBroken ??= number;
    if (sound && markBehind) return { ...facts, brokenAt: firstBroken };
    markBehind ||= mark;
  }
  return facts;
}

/** Each whole frame, with the running checksum as the one before it noted it: so each can be judged by itself. */
function* framesOf(
  handle: number,
  size: number,
  pageSize: number,
  start: Sum,
): Generator<{ frame: Buffer; before: Sum }> {
  const length = FRAME_HEADER + pageSize;
  const chunk = Buffer.alloc(length * FRAMES_AT_ONCE);
  let before = start;
  for (let at = HEADER; at + length <= size; at += chunk.length) {
    const read = readSync(handle, chunk, 0, chunk.length, at);
    for (let from = 0; from + length <= read; from += length) {
      const frame = chunk.subarray(from, from + length);
      yield { frame, before };
      before = [frame.readUInt32BE(16), frame.readUInt32BE(20)];
    }
  }
}

type Sum = readonly [number, number];

/** SQLite's running checksum over words of 4 bytes, taken two by two; `to - from` is a multiple of 8. */
export function checksum(
  [first, second]: Sum,
  bytes: Buffer,
  from: number,
  to: number,
  little: boolean,
): Sum {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let [s0, s1] = [first, second];
  for (let at = from; at < to; at += 8) {
    s0 = (s0 + view.getUint32(at, little) + s1) | 0;
    s1 = (s1 + view.getUint32(at + 4, little) + s0) | 0;
  }
  return [s0 >>> 0, s1 >>> 0];
}

function matches([s0, s1]: Sum, bytes: Buffer, at: number): boolean {
  return bytes.readUInt32BE(at) === s0 && bytes.readUInt32BE(at + 4) === s1;
}

/** A log that a loss of power left without its content holds zeros only. */
function isBlank(handle: number, size: number): boolean {
  const chunk = Buffer.alloc(65_536);
  for (let at = 0; at < size; at += chunk.length) {
    const read = readSync(handle, chunk, 0, chunk.length, at);
    if (chunk.subarray(0, read).some((byte) => byte !== 0)) return false;
  }
  return true;
}
