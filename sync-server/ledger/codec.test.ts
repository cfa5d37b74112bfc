import { expect, test } from 'vitest';
import { decodeFacts, decodeRecord, encodeBody, recordOf } from './codec.ts';
import { TestLedger } from './test-ledger.ts';

test('facts and every kind of body come back as they were', () => {
  const ledger = new TestLedger();
  ledger.fund('5');
  ledger.charge('c', '12');
  ledger.hold('h', '1');
  const { facts, records } = ledger.state;
  expect(decodeFacts(encodeBody(facts))).toEqual(facts);
  for (const record of records.values()) {
    expect(decodeRecord({ ...record, body: encodeBody(record.body) })).toEqual(record);
  }
  expect(recordOf(records, 'charge', 'c')?.body.debt).toBe(7_000_000n);
});

test('a text that looks like an amount stays a text', () => {
  const body = { amount: 1n, reason: '{"micros":"5"}', approver: '12n' };
  const text = encodeBody(body);
  expect(text).toBe('{"amount":{"micros":"1"},"reason":"{\\"micros\\":\\"5\\"}","approver":"12n"}');
  const record = { kind: 'adjustment', id: 'a', open: false, links: [], body: text };
  expect(decodeRecord(record).body).toEqual(body);
});
