import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { repeat } from './repeat.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a task runs at each turn, the first one after its time', async () => {
  const task = vi.fn(async () => {});
  const job = repeat(task, 10);
  await vi.advanceTimersByTimeAsync(9);
  expect(task).toHaveBeenCalledTimes(0);
  await vi.advanceTimersByTimeAsync(21);
  expect(task).toHaveBeenCalledTimes(3);
  await job.stop();
  await vi.advanceTimersByTimeAsync(100);
  expect(task).toHaveBeenCalledTimes(3);
});

test('turns that come while it runs pass, and a stop waits for its end', async () => {
  const ends: (() => void)[] = [];
  const slow = vi.fn(() => new Promise<void>((resolve) => ends.push(resolve)));
  const job = repeat(slow, 10, slow);
  await vi.advanceTimersByTimeAsync(50);
  expect(slow).toHaveBeenCalledTimes(1);
  ends[0]?.();
  await vi.advanceTimersByTimeAsync(10);
  expect(slow).toHaveBeenCalledTimes(2);
  let stopped = false;
  const stop = job.stop().then(() => (stopped = true));
  await vi.advanceTimersByTimeAsync(50);
  expect(stopped).toBe(false);
  ends[1]?.();
  await stop;
  expect(slow).toHaveBeenCalledTimes(2);
});

test('what runs first may be something else', async () => {
  const order: string[] = [];
  const note = (word: string) => async () => void order.push(word);
  const job = repeat(note('again'), 10, note('first'));
  await vi.advanceTimersByTimeAsync(20);
  await job.stop();
  expect(order).toEqual(['first', 'again', 'again']);
});
