import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOUR, MINUTE } from '../../../shared/time.ts';
import { type Course, legAt, lifeAt, turned, wallAt } from './course.ts';

const BORN = Date.UTC(2026, 0, 1);
const past: Course = [{ life: 0, wall: BORN, speed: 1, live: false }];

test('a life that is watched at 60 times its speed, then rests, then goes on', () => {
  const watched = turned(past, BORN + HOUR, { speed: 60, live: true });
  expect(wallAt(watched, 2 * HOUR)).toBe(BORN + HOUR + MINUTE);
  expect(lifeAt(watched, BORN + HOUR + MINUTE)).toBe(2 * HOUR);
  expect(legAt(watched, HOUR)).toMatchObject({ speed: 60, live: true });
  expect(legAt(watched, HOUR - 1)).toMatchObject({ speed: 1, live: false });
  // It stopped a minute later; a day without anybody passes at the real pace.
  const rested = turned(watched, BORN + HOUR + MINUTE, { speed: 1, live: false });
  expect(lifeAt(rested, BORN + 3 * HOUR)).toBe(2 * HOUR + 2 * HOUR - MINUTE);
  // What was planned and never happened is forgotten.
  expect(turned(rested, BORN + HOUR, { speed: 2, live: true })).toHaveLength(2);
});

test('going on in the same way changes nothing', () => {
  expect(turned(past, BORN + HOUR, { speed: 1, live: false })).toEqual(past);
});

test('time never goes back, and the way there and back meets', () => {
  const turns = fc.array(
    fc.record({
      after: fc.integer({ min: 1, max: 10 * HOUR }),
      speed: fc.constantFrom(1, 2, 60, 1000),
      live: fc.boolean(),
    }),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(turns, fc.array(fc.nat(30 * HOUR), { minLength: 2 }), (ways, moments) => {
      let course: Course = past;
      let wall = BORN;
      for (const { after, ...way } of ways) course = turned(course, (wall += after), way);
      const sorted = moments.toSorted((a, b) => a - b);
      const walls = sorted.map((life) => wallAt(course, life));
      expect(walls).toEqual(walls.toSorted((a, b) => a - b));
      for (const [index, life] of sorted.entries()) {
        // A ms of the clock is so many of the life.
        const back = lifeAt(course, walls[index] ?? 0);
        expect(Math.abs(back - life)).toBeLessThanOrEqual(1000);
      }
    }),
  );
});
