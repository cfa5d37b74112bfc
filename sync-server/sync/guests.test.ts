import { expect, test } from 'vitest';
import { createGuests } from './guests.ts';
import { DOCUMENTS_ASKED, MAX_SOCKETS, MISDEEDS, SILENT_FOR } from './limits.ts';
import type { SyncSocket } from './socket.ts';

const member = { principal: 'p', account: 'ann', device: 'laptop', session: 's1', expiresAt: 1e15 };
const other = { ...member, session: 's2' };

/** What of a socket this file touches: how it was ended. */
function socket(): SyncSocket & { ended: string[] } {
  const ended: string[] = [];
  const part = { ended, readyState: 1, end: ({ reason }: { reason: string }) => ended.push(reason) };
  return part as unknown as SyncSocket & { ended: string[] };
}

function bench(limited = true) {
  let now = 0;
  const guests = createGuests({ now: () => now }, limited);
  return { guests, pass: (ms: number) => (now += ms) };
}

test('the oldest socket of a sign-in makes room for one too many', () => {
  const { guests } = bench();
  const sockets = Array.from({ length: MAX_SOCKETS + 1 }, socket);
  for (const one of sockets) guests.enter(member, one);
  // A second document on the same socket is no second socket.
  for (const one of sockets.slice(1)) guests.enter(member, one);
  expect(sockets.map(({ ended }) => ended.length)).toEqual([
    1,
    ...Array.from({ length: MAX_SOCKETS }, () => 0),
  ]);
  const guest = socket();
  guests.enter(other, guest);
  expect(guest.ended).toEqual([]);
  const [, second] = sockets;
  if (second) guests.leave(second);
  guests.enter(member, socket());
  expect(sockets[2]?.ended).toEqual([]);
});

test('documents are asked for so many times a second, over however many sockets', () => {
  const { guests, pass } = bench();
  const [first, second] = [socket(), socket()];
  const takeAll = () => {
    let taken = 0;
    while (guests.ask(member, taken % 2 ? first : second)) taken += 1;
    return taken;
  };
  expect(takeAll()).toBe(DOCUMENTS_ASKED.burst);
  expect([...first.ended, ...second.ended]).toEqual(['rate limited']);
  expect(guests.ask(other, first)).toBe(true);
  pass(1000);
  expect(takeAll()).toBe(DOCUMENTS_ASKED.per_second);
});

test('a device that left is remembered for a while, so that coming again is no fresh start', () => {
  const { guests, pass } = bench();
  const one = socket();
  guests.enter(member, one);
  while (guests.ask(member, one));
  guests.leave(one);
  guests.sweep();
  expect(guests.ask(member, one)).toBe(false);
  pass(SILENT_FOR + 1);
  guests.sweep();
  expect(guests.ask(member, one)).toBe(true);
});

test('without limits nobody is counted', () => {
  const { guests } = bench(false);
  const sockets = Array.from({ length: 3 * MAX_SOCKETS }, socket);
  for (const one of sockets) guests.enter(member, one);
  for (let count = 0; count < 10 * DOCUMENTS_ASKED.burst; count += 1) {
    for (const one of sockets.slice(0, 1)) expect(guests.ask(member, one)).toBe(true);
  }
  expect(sockets.flatMap(({ ended }) => ended)).toEqual([]);
});

test('what is refused too often ends the socket, and keeps its sign-in out for a while; no other one', () => {
  const { guests, pass } = bench();
  const evil = socket();
  for (let count = 0; count < MISDEEDS.burst; count += 1) guests.misbehaved(member, evil);
  expect(evil.ended).toEqual([]);
  const next = socket();
  expect(guests.isWelcome(member, next)).toBe(false);
  guests.misbehaved(member, evil);
  expect([evil.ended, next.ended]).toEqual([['rate limited'], ['rate limited']]);
  expect(guests.isWelcome(other, socket())).toBe(true);
  // Being away does not wash it off sooner.
  pass(SILENT_FOR / 10);
  guests.sweep();
  expect(guests.isWelcome(member, socket())).toBe(false);
  pass(10_000);
  expect(guests.isWelcome(member, socket())).toBe(true);
});
