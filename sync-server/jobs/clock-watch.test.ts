import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Ms, MINUTE, SECOND } from '../../shared/time.ts';
import { type ClockPeer, type ClockWatchOptions, startClockWatch } from './clock-watch.ts';
import type { Job } from './repeat.ts';

const START: Ms = Date.UTC(2026, 0, 1);
let wall: Ms;
let flowed: Ms;
let skews: Partial<Record<ClockPeer, Ms>>;
let said: string[];
let job: Job;

beforeEach(() => {
  vi.useFakeTimers();
  wall = START;
  flowed = 0;
  skews = {};
  said = [];
});
afterEach(async () => {
  await job.stop();
  vi.useRealTimers();
});

/** @param committed when the ledger's last row was written */
async function watch(more: Partial<ClockWatchOptions> = {}, committed: Ms | null = null): Promise<void> {
  const note = (level: string) => (facts: object, message: string) => {
    said.push(`${level} ${'peer' in facts ? String(facts.peer) : ''}: ${message}`);
  };
  job = startClockWatch({
    clock: { now: () => wall },
    monotonic: () => flowed,
    database: {
      engine: 'sqlite',
      read: async () => [{ at: committed === null ? null : BigInt(committed) }],
    },
    log: { error: note('error'), warn: note('warn'), info: note('info') },
    onSkew: (peer, skew) => (skews[peer] = skew),
    ntp: null,
    rulesFollow: true,
    ...more,
  });
  await vi.advanceTimersByTimeAsync(0);
}

/** Time flows, and the wall clock is set by `jump` meanwhile. */
async function pass(by: Ms, jump: Ms = 0): Promise<void> {
  wall += by + jump;
  flowed += by;
  await vi.advanceTimersByTimeAsync(by);
}

test('a clock that flows is silent, and so is a leap second', async () => {
  await watch();
  await pass(10 * SECOND);
  await pass(10 * SECOND, -SECOND);
  expect(said).toEqual([]);
  expect(skews.monotonic).toBe(-SECOND);
});

test.each([3_600 * SECOND, -3_600 * SECOND, 2 * SECOND + 1])('a jump of %i ms is said once', async (jump) => {
  await watch();
  await pass(10 * SECOND, jump);
  await pass(10 * SECOND);
  expect(skews.monotonic).toBe(jump);
  await pass(20 * MINUTE);
  expect(said).toEqual([expect.stringMatching(/^error monotonic: .* jumped/)]);
  expect(skews.monotonic).toBe(0);
});

test('a clock that jumps there and back is right again', async () => {
  await watch();
  await pass(10 * SECOND, 3_600 * SECOND);
  await pass(10 * SECOND, -3_600 * SECOND);
  expect(said).toEqual([expect.stringContaining('jumped'), 'info monotonic: the clock is right again']);
});

test('a clock behind the last commit is said at the start; one that is ahead of it is as it should be', async () => {
  await watch({}, START + 3_600 * SECOND);
  await pass(10 * SECOND);
  expect(said).toEqual([expect.stringMatching(/^error ledger: .*behind the ledger/)]);
  expect(skews.ledger).toBe(-3_600 * SECOND);
  await job.stop();
  said = [];
  await watch({}, START - 3_600 * SECOND);
  await pass(10 * SECOND);
  await job.stop();
  // A test's clock is not this machine's.
  await watch({ rulesFollow: false }, START + 3_600 * SECOND);
  await pass(10 * SECOND);
  expect(said).toEqual([]);
});

test('a skew to NTP is said, again only after a while, and once when it is over', async () => {
  let off = 2 * SECOND + 1;
  await watch({ ntp: async () => wall - off });
  await pass(10 * SECOND);
  await pass(10 * SECOND);
  expect(said).toHaveLength(1);
  await pass(10 * MINUTE);
  expect(said).toHaveLength(2);
  off = -2 * SECOND;
  await pass(10 * SECOND);
  await pass(10 * SECOND);
  expect(said).toHaveLength(3);
  expect(said.at(-1)).toMatch(/^info ntp: .*right again/);
  expect(skews.ntp).toBe(-2 * SECOND);
});

test('the time of the question counts half, and a peer that fails is a warning', async () => {
  let fails = false;
  await watch({
    database: {
      engine: 'postgres',
      async read(sql) {
        if (!sql.includes('clock_timestamp')) return [{ at: null }];
        if (fails) throw new Error('gone');
        flowed += 5 * SECOND;
        return [{ now: BigInt(wall) + 2_500n }];
      },
    },
  });
  await pass(10 * SECOND);
  expect(skews.postgres).toBe(0);
  fails = true;
  said = [];
  await pass(10 * SECOND);
  expect(said.filter((line) => line.includes('postgres'))).toEqual([
    'warn postgres: the clock could not be compared',
  ]);
});
