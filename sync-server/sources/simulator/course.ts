// How the simulated life has run along real time: at the real pace while it was written afterwards, at a chosen speed
// while somebody watched. It is kept, so that the same step always has the same instant.
import * as z from 'zod';
import type { Ms } from '../../../shared/time.ts';

/** From `life` (ms since the account was opened) and `wall` (ms since 1970) on, so many ms of life pass in a real one. */
export const Leg = z.strictObject({
  life: z.number().int().min(0),
  wall: z.number().int(),
  speed: z.number().positive().max(10_000),
  /** Played as it happened, in small portions. */
  live: z.boolean(),
});
export type Leg = z.output<typeof Leg>;

/** Oldest first, never empty. */
export type Course = readonly [Leg, ...Leg[]];

/** The leg that runs at a moment of the life. */
export function legAt(course: Course, life: Ms): Leg {
  return course.findLast((leg) => leg.life <= life) ?? course[0];
}

/** When a moment of the life happens. */
export function wallAt(course: Course, life: Ms): Ms {
  const leg = legAt(course, life);
  return leg.wall + Math.round((life - leg.life) / leg.speed);
}

/** How far the life is at an instant. */
export function lifeAt(course: Course, wall: Ms): Ms {
  const leg = course.findLast((each) => each.wall <= wall) ?? course[0];
  return leg.life + Math.max(0, Math.floor((wall - leg.wall) * leg.speed));
}

/** The course that goes on from an instant in another way; what was planned beyond that instant is forgotten. */
export function turned(course: Course, wall: Ms, { speed, live }: Pick<Leg, 'speed' | 'live'>): Course {
  const [first, ...rest] = course;
  const from = Math.max(wall, first.wall);
  const life = lifeAt(course, from);
  const kept: Course = [first, ...rest.filter((leg) => leg.wall < from)];
  const last = kept.at(-1) ?? first;
  return last.speed === speed && last.live === live ? kept : [...kept, { life, wall: from, speed, live }];
}
