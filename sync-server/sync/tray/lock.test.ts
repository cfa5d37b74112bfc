import { expect, test } from 'vitest';
import { createLocks } from './lock.ts';

test('who asks for the same key waits in line, another key is free', async () => {
  const locks = createLocks<object>();
  const tray = {};
  const order: string[] = [];
  const waitFor = async (name: string) => {
    const release = await locks.take(tray);
    order.push(name);
    release();
  };
  const first = await locks.take(tray);
  const second = waitFor('second');
  const third = waitFor('third');
  const other = await locks.take({});
  order.push('other');
  other();
  await new Promise(setImmediate);
  expect(order).toEqual(['other']);
  first();
  await Promise.all([second, third]);
  expect(order).toEqual(['other', 'second', 'third']);
});
