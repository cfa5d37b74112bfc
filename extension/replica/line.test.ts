// When a device is connected, by the clock alone: a link that does what the test says, and timers that are wound by hand.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { MINUTE, SECOND } from '../../shared/time.ts';
import { Line, type LinkEvents } from './line.ts';

interface Dialled extends LinkEvents {
  at: number;
  closed: boolean;
  renewed: number;
}
let links: Dialled[] = [];
let busy = false;
let rested = 0;
let tokens = true;
let line: Line;

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  [links, busy, rested, tokens] = [[], false, 0, true];
  let work: Promise<unknown> = Promise.resolve();
  line = new Line({
    dial(events) {
      if (!tokens) return null;
      const link: Dialled = { ...events, at: Date.now(), closed: false, renewed: 0 };
      links.push(link);
      return {
        close: () => (link.closed = true),
        open: () => () => {},
        renew: () => (link.renewed += 1),
      };
    },
    isBusy: () => busy,
    renewAt: () => 10 * MINUTE - 30 * SECOND,
    serially(task) {
      const done = work.then(task);
      work = done.catch(() => null);
      return done;
    },
    onSynced: () => {},
    onContact: () => {},
    onEnd: () => Promise.resolve(tokens),
    onRest: () => (rested += 1),
    clock: { now: () => Date.now() },
    random: () => 1,
    restAfter: 3 * SECOND,
  });
});
afterEach(() => vi.useRealTimers());

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const last = () => links.at(-1);

test('while someone looks it tries for ever, with pauses that double up to half a minute', async () => {
  line.hold();
  await pass(0);
  const pauses: number[] = [];
  for (let tries = 0; tries < 8; tries += 1) {
    const from = Date.now();
    const known = links.length;
    last()?.onEnd('closed');
    while (links.length === known) await pass(250);
    pauses.push(Date.now() - from);
  }
  expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
});

test('with nobody looking it gives up after a few tries, and the alarm begins anew', async () => {
  busy = true;
  line.nudge();
  for (let tries = 0; tries < 20; tries += 1) {
    await pass(0);
    if (!last()?.closed) last()?.onEnd('closed');
    await pass(31 * SECOND);
  }
  expect(links).toHaveLength(6);
  line.nudge();
  await pass(0);
  expect(links).toHaveLength(7);
});

test('what was healed is asked at once, and with patience when it is refused again', async () => {
  line.hold();
  await pass(0);
  last()?.onEnd('refused');
  await pass(1);
  expect(links).toHaveLength(2);
  last()?.onEnd('refused');
  await pass(900);
  expect(links).toHaveLength(2);
  await pass(200);
  expect(links).toHaveLength(3);
});

test('it rests a little after the last one looked away, unless something waits', async () => {
  const release = line.hold();
  await pass(0);
  last()?.onSynced();
  release();
  await pass(2_900);
  expect([last()?.closed, rested]).toEqual([false, 0]);
  await pass(200);
  expect([last()?.closed, rested]).toEqual([true, 1]);

  busy = true;
  line.nudge();
  await pass(0);
  last()?.onSynced();
  await pass(MINUTE);
  expect(last()?.closed).toBe(false);
  busy = false;
  line.restSoon();
  await pass(3_100);
  expect([last()?.closed, rested]).toEqual([true, 2]);
});

test('a token is renewed before its end, and a connection that was silent for long is replaced', async () => {
  line.hold();
  await pass(0);
  last()?.onSynced();
  await pass(9 * MINUTE);
  expect(last()?.renewed).toBe(0);
  last()?.onContact();
  await pass(31 * SECOND);
  expect(last()?.renewed).toBeGreaterThan(0);

  last()?.onContact();
  expect(await line.outcome()).toBe(true);
  expect(links).toHaveLength(1);
  await pass(26 * SECOND);
  const again = line.outcome();
  await pass(0);
  expect(links).toHaveLength(2);
  expect(links[0]?.closed).toBe(true);
  last()?.onSynced();
  expect(await again).toBe(true);
});

test('without a sign-in nothing is tried, and whoever waits hears so', async () => {
  tokens = false;
  line.hold();
  expect(await line.outcome()).toBe(false);
  await pass(5 * MINUTE);
  expect(links).toEqual([]);
});

test('whoever waits for a connection that fails hears so', async () => {
  line.hold();
  const outcome = line.outcome();
  await pass(0);
  last()?.onEnd('closed');
  expect(await outcome).toBe(false);
});
