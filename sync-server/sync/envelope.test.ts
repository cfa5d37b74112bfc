import { createEncoder, toUint8Array, writeVarString, writeVarUint } from 'lib0/encoding';
import { expect, test } from 'vitest';
import { isReadable } from './envelope.ts';

const AUTH = 2;
const QUERY_AWARENESS = 3;

function frame(address: string, type: number, ...texts: string[]): Uint8Array {
  const encoder = createEncoder();
  writeVarString(encoder, address);
  writeVarUint(encoder, type);
  if (type === AUTH) writeVarUint(encoder, 0);
  for (const text of texts) writeVarString(encoder, text);
  return toUint8Array(encoder);
}

test('what a provider sends is readable, with its session and its version', () => {
  expect(isReadable(frame('account:ann:v1', QUERY_AWARENESS))).toBe(true);
  expect(isReadable(frame('account:ann:v1', AUTH, 'token'))).toBe(true);
  expect(isReadable(frame('tray:ann:laptop\0session-1', AUTH, 'token', '4.8.0'))).toBe(true);
});

test('broken frames, names that no document has, and lines for the log are not', () => {
  expect(isReadable(new Uint8Array())).toBe(false);
  expect(isReadable(new Uint8Array([255, 255, 255]))).toBe(false);
  // A name in broken UTF-8, and one that is longer than its frame.
  expect(isReadable(new Uint8Array([1, 255, 3]))).toBe(false);
  expect(isReadable(new Uint8Array([9, 97, 3]))).toBe(false);
  expect(isReadable(frame('account:ann:v1', AUTH))).toBe(false);
  for (const address of ['__proto__', 'constructor', 'a\nb', 'x'.repeat(257), '', 'a\0', 'ä']) {
    expect(isReadable(frame(address, QUERY_AWARENESS)), address).toBe(false);
  }
});
