import { expect, test } from 'vitest';
import { createPutOff } from './put-off.ts';

test('what was put off stays so, and only so many are kept', () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
  const putOff = createPutOff(storage);
  expect(putOff.has('a')).toBe(false);
  putOff.add('a');
  expect(createPutOff(storage).has('a')).toBe(true);
  for (let index = 0; index < 8; index += 1) putOff.add(`later ${index}`);
  expect(putOff.has('a')).toBe(false);
  expect(putOff.has('later 7')).toBe(true);
});
