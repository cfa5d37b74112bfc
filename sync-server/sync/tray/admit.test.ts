import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { MAX_INTENT_BODY, MAX_TRAY_UPDATE, MAX_WAITING_INTENTS, TRAY_ROOT } from '../../../shared/intents.ts';
import { admit, Forged, MAX_TRAY_STATE } from './admit.ts';

const intent = (id: string, at = 1) => ({
  id: id.padEnd(16, '0'),
  kind: 'purchase.start',
  at,
  body: { amount: '25', method: 'card' },
});

/** A device's tray with these values pushed, and the update that says so. */
function pushed(...values: unknown[]): Uint8Array {
  const device = new Y.Doc();
  device.getArray(TRAY_ROOT).push(values);
  return Y.encodeStateAsUpdate(device);
}

function reasonOf(update: Uint8Array, tray = new Y.Doc()): string {
  try {
    admit(tray, update);
  } catch (error) {
    if (error instanceof Forged) return error.reason;
    throw error;
  }
  return 'admitted';
}

test('honest proposals come out in the order they were made, and the tray stays as it was', () => {
  const tray = new Y.Doc();
  const before = Y.encodeStateAsUpdate(tray);
  expect(admit(tray, pushed(intent('b', 2), intent('a', 2), intent('c', 1)))).toEqual([
    intent('c', 1),
    intent('a', 2),
    intent('b', 2),
  ]);
  expect(Y.encodeStateAsUpdate(tray)).toEqual(before);
});

test('what already waits is named again, an emptied tray gives nothing', () => {
  const device = new Y.Doc();
  const tray = new Y.Doc();
  device.getArray(TRAY_ROOT).push([intent('a')]);
  Y.applyUpdate(tray, Y.encodeStateAsUpdate(device));
  const known = Y.encodeStateVector(tray);
  device.getArray(TRAY_ROOT).push([intent('b')]);
  expect(admit(tray, Y.encodeStateAsUpdate(device, known))).toEqual([intent('a'), intent('b')]);
  device.getArray(TRAY_ROOT).delete(0, 2);
  expect(admit(tray, Y.encodeStateAsUpdate(device))).toEqual([]);
});

test('an edit that overtook the handshake is asked for again, not refused', () => {
  const device = new Y.Doc();
  device.getArray(TRAY_ROOT).push([intent('a')]);
  const known = Y.encodeStateVector(device);
  device.getArray(TRAY_ROOT).push([intent('b')]);
  expect(admit(new Y.Doc(), Y.encodeStateAsUpdate(device, known))).toBeNull();
});

test('what is no tray is refused', () => {
  const other = new Y.Doc();
  other.getMap('head').set('value', { seq: 1e9 });
  expect(reasonOf(Y.encodeStateAsUpdate(other))).toBe('refused: not a tray');
  const map = new Y.Doc();
  map.getMap(TRAY_ROOT).set('k', intent('a'));
  expect(reasonOf(Y.encodeStateAsUpdate(map))).toBe('refused: not a tray');
  expect(reasonOf(Y.encodeStateAsUpdate(other).slice(0, -3))).toBe('refused: malformed');
});

test('what is no proposal is refused', () => {
  const good = intent('a');
  for (const raw of [
    new Y.Map(),
    new Y.Doc(),
    'text',
    null,
    [good],
    { ...good, id: 'short' },
    { ...good, id: 'with spaces in it, long' },
    { ...good, kind: '' },
    { ...good, at: -1 },
    { ...good, at: Number.NaN },
    { ...good, more: 1 },
    { ...good, body: 'text' },
    { ...good, body: undefined },
  ]) {
    expect(reasonOf(pushed(raw))).toMatch(/^refused: (not an intent|not plain data)$/);
  }
  expect(reasonOf(pushed({ ...good, body: { amount: 1n } }))).toBe('refused: not plain data');
});

test('a body is plain JSON whatever was in it', () => {
  const odd = {
    ...intent('a'),
    body: { amount: Number.POSITIVE_INFINITY, bytes: new Uint8Array([1]), no: undefined },
  };
  expect(admit(new Y.Doc(), pushed(odd))?.[0]?.body).toEqual({ amount: null, bytes: { 0: 1 } });
});

test('sizes are bounded', () => {
  const fat = { ...intent('a'), body: { note: 'x'.repeat(MAX_INTENT_BODY) } };
  expect(reasonOf(pushed(fat))).toBe('refused: too large');
  expect(reasonOf(new Uint8Array(MAX_TRAY_UPDATE + 1))).toBe('refused: too large');
  const many = Array.from({ length: MAX_WAITING_INTENTS + 1 }, (_, index) => intent(`i${index}`));
  expect(reasonOf(pushed(...many))).toBe('refused: too many');
  expect(admit(new Y.Doc(), pushed(...many.slice(1)))).toHaveLength(MAX_WAITING_INTENTS);
  const old = new Y.Doc();
  old.getArray(TRAY_ROOT).push(['x'.repeat(MAX_TRAY_STATE)]);
  expect(reasonOf(pushed(intent('a')), old)).toBe('refused: too much history');
});
