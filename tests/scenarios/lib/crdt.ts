// Yjs updates made by hand, for bytes that no honest library writes. The names are those of Yjs' encoding.
import {
  createEncoder,
  type Encoder,
  toUint8Array,
  writeAny,
  writeUint8,
  writeUint8Array,
  writeVarString,
  writeVarUint,
} from 'lib0/encoding';

type Write = (encoder: Encoder) => void;
type Id = [client: number, clock: number];
interface Block {
  client: number;
  clock: number;
  structs: Write[];
  /** How many structs the block says it has, when that is a lie. */
  claims?: number;
}

export function craft(
  blocks: Block[],
  deletes: [client: number, ranges: [clock: number, length: number][]][] = [],
) {
  const encoder = createEncoder();
  writeVarUint(encoder, blocks.length);
  for (const { client, clock, structs, claims } of blocks) {
    writeVarUint(encoder, claims ?? structs.length);
    writeVarUint(encoder, client);
    writeVarUint(encoder, clock);
    for (const struct of structs) struct(encoder);
  }
  writeVarUint(encoder, deletes.length);
  for (const [client, ranges] of deletes) {
    writeVarUint(encoder, client);
    writeVarUint(encoder, ranges.length);
    for (const [clock, length] of ranges) {
      writeVarUint(encoder, clock);
      writeVarUint(encoder, length);
    }
  }
  return toUint8Array(encoder);
}

interface Item {
  origin?: Id;
  right?: Id;
  /** Name of a root, or the id of the type that holds the item; written only without neighbours. */
  root?: string;
  parent?: Id;
  key?: string;
  /** Kind of content: 8 any, 7 type, 9 document. */
  kind?: number;
  content: Write;
}

export function item({ origin, right, root, parent = [0, 0], key, kind = 8, content }: Item): Write {
  return (encoder) => {
    writeUint8(encoder, kind | (origin ? 128 : 0) | (right ? 64 : 0) | (key === undefined ? 0 : 32));
    for (const id of [origin, right]) {
      if (id) for (const part of id) writeVarUint(encoder, part);
    }
    if (!origin && !right) {
      writeVarUint(encoder, root === undefined ? 0 : 1);
      if (root === undefined) for (const part of parent) writeVarUint(encoder, part);
      else writeVarString(encoder, root);
      if (key !== undefined) writeVarString(encoder, key);
    }
    content(encoder);
  };
}

export const any =
  (value: unknown): Write =>
  (encoder) => {
    writeVarUint(encoder, 1);
    // The encoder's own type of values; whatever else it meets it writes as undefined.
    writeAny(encoder, value as Parameters<typeof writeAny>[1]);
  };

export const garbage =
  (length: number): Write =>
  (encoder) => {
    writeUint8(encoder, 0);
    writeVarUint(encoder, length);
  };

export const skip =
  (length: number, info = 10): Write =>
  (encoder) => {
    writeUint8(encoder, info);
    writeVarUint(encoder, length);
  };

/** A value of arrays in arrays, this deep. */
export const deep =
  (levels: number): Write =>
  (encoder) => {
    writeVarUint(encoder, 1);
    const inner = createEncoder();
    for (let level = 0; level < levels; level += 1) {
      writeUint8(inner, 117);
      writeVarUint(inner, 1);
    }
    writeUint8(inner, 126);
    writeUint8Array(encoder, toUint8Array(inner));
  };

export const raw =
  (...numbers: number[]): Write =>
  (encoder) => {
    for (const number of numbers) writeVarUint(encoder, number);
  };
