// The simulated life of a demo account: what has passed is written in one go, then it goes on as time does.
import type { Clock, Ms } from '../../../shared/time.ts';
import { DAY, MINUTE, SECOND } from '../../../shared/time.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { StorageError } from '../../ledger/storage/database.ts';
import { type Course, legAt, lifeAt, turned, wallAt } from './course.ts';
import { Player } from './player.ts';
import { stepsFrom } from './steps.ts';
import type { Plot, Step } from './story.ts';

/** How much past an account gets. */
const PAST_DAYS = 90;
/** A story may reach so many days beyond the one it began on. */
const LONGEST_STORY_DAYS = 10;
/** A timer that waits longer may have missed that the machine slept. */
const LOOK_EVERY: Ms = MINUTE;
const TRY_AGAIN: Ms = 5 * SECOND;

/** The rules' clock while a past is written: it stands where the last step was, then follows the real one. */
export interface PastClock extends Clock {
  /** Null to follow the real clock. */
  moveTo(at: Ms | null): void;
}

export function pastClock(real: Clock): PastClock {
  let at: Ms | null = null;
  return {
    now: () => at ?? real.now(),
    moveTo(moment) {
      at = moment;
    },
  };
}

/** The course of a new life: opened 90 days before an instant, at midnight UTC. */
export function newCourse(now: Ms): Course {
  return [{ life: 0, wall: Math.floor(now / DAY) * DAY - PAST_DAYS * DAY, speed: 1, live: false }];
}

export interface LifeOptions extends Pick<Plot, 'seed' | 'catalogue' | 'rules'> {
  ledger: Ledger;
  account: string;
  course: Course;
  clock: PastClock;
  real: Clock;
  /** Keeps a changed course before anything is played on it. */
  keep(course: Course): void;
  log: {
    debug(facts: object, message: string): void;
    warn(facts: object, message: string): void;
    error(facts: object, message: string): void;
  };
}

export interface Life {
  /** Writes what has passed since the account's last commit. Before anybody is let in. @throws StorageError */
  catchUp(): Promise<void>;
  /** Goes on from now at a speed (steps per time, never a clock). */
  start(speed: number): void;
  stop(): Promise<void>;
}

export function createLife(options: LifeOptions): Life {
  const { ledger, account, clock, real, keep, log, seed, catalogue, rules } = options;
  let { course } = options;
  const plot: Plot = { seed, catalogue, rules, isLive: (life) => legAt(course, life).live };
  /** The past is being written: the rules' clock stands where its steps are. */
  let writing = false;
  const moveTo = (at: Ms) => {
    if (writing) clock.moveTo(at);
  };
  const player = new Player({ ledger, account, plot, log, course: () => course, moveTo });

  function turn(wall: Ms, way: Parameters<typeof turned>[2]): void {
    course = turned(course, wall, way);
    keep(course);
  }

  /** The steps that may not have been played yet, and those of stories that go on. */
  const from = (life: Ms) => stepsFrom(plot, Math.max(0, Math.floor(life / DAY) - LONGEST_STORY_DAYS));

  let rest = from(0);
  let next: Step = rest.next().value;
  /** Moment of the life up to which all is played. */
  let played: Ms = -1;
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> | null = null;
  let isOver = false;

  async function catchUp(): Promise<void> {
    const [row] = await ledger.database.read('SELECT at FROM account WHERE id = $1', [account]);
    const now = real.now();
    const last = Math.min(Number(row?.['at'] ?? now), now);
    turn(last, { speed: 1, live: false });
    const until = lifeAt(course, now);
    rest = from(lifeAt(course, last));
    writing = true;
    try {
      for (next = rest.next().value; next.life <= until; next = rest.next().value) {
        // Orders settle in turn, so that what is older than the last commit was settled before it.
        if (wallAt(course, next.life) < last) player.remember(next);
        else await player.play(next);
      }
      await player.settled();
    } finally {
      writing = false;
      clock.moveTo(null);
    }
    played = until;
  }

  /** Plays what is due, then waits for the next step. */
  async function run(): Promise<void> {
    try {
      while (!isOver && wallAt(course, next.life) <= real.now()) {
        await player.play(next);
        await player.settled();
        played = next.life;
        next = rest.next().value;
      }
      wait(Math.min(LOOK_EVERY, wallAt(course, next.life) - real.now()));
    } catch (error) {
      if (error instanceof StorageError)
        log.warn({ err: error }, 'the simulated life waits for the database');
      else log.error({ err: error }, 'a step of the simulated life failed');
      wait(TRY_AGAIN);
    }
  }

  function wait(ms: Ms): void {
    if (isOver) return;
    timer = setTimeout(
      () => {
        running = run();
      },
      Math.max(0, ms),
    );
  }

  return {
    catchUp,
    start(speed) {
      turn(real.now(), { speed, live: true });
      // Another grain and another pace from here on: what comes next is worked out anew.
      rest = from(Math.max(0, played));
      do next = rest.next().value;
      while (next.life <= played);
      wait(0);
    },
    async stop() {
      isOver = true;
      if (timer) clearTimeout(timer);
      await running;
    },
  };
}
