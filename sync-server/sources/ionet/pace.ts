// When a connected account is asked again: often while something changes, rarely when nothing runs, later and later
// while it fails, and never before io.net wants to be asked.
import { HOUR, MINUTE, type Ms, SECOND } from '../../../shared/time.ts';
import type { SourceState } from '../../../shared/sources.ts';

/** What runs: something is coming up or ending, something runs, nothing does. */
export type Liveliness = 'changing' | 'running' | 'idle';

const PAUSES: Record<Liveliness, Ms> = { changing: 15 * SECOND, running: MINUTE, idle: 10 * MINUTE };
const FIRST_RETRY: Ms = 30 * SECOND;
const LAST_RETRY: Ms = 30 * MINUTE;
/** A refused key stays refused until its owner does something; it is asked now and then all the same. */
const REFUSED: Ms = 6 * HOUR;
/** Accounts that were connected together are not asked together: up to so much is added or taken. */
const JITTER = 0.2;

export interface LastPoll {
  state: SourceState;
  liveliness: Liveliness;
  /** Failed polls in a row, this one included. */
  failures: number;
  /** How long io.net asked to wait. */
  retryAfter: Ms | null;
}

/** The pause after a poll. `random` is 0 up to 1. */
export function pauseAfter({ state, liveliness, failures, retryAfter }: LastPoll, random: number): Ms {
  const jitter = 1 - JITTER + 2 * JITTER * random;
  if (state === 'connected') return Math.round(PAUSES[liveliness] * jitter);
  if (state === 'key_refused' || state === 'not_allowed') return Math.round(REFUSED * jitter);
  const backoff = Math.min(LAST_RETRY, FIRST_RETRY * 2 ** Math.min(20, Math.max(0, failures - 1)));
  // What was asked for is a least: jitter only adds to it.
  const asked = (retryAfter ?? 0) * (1 + JITTER * random);
  return Math.round(Math.max(asked, backoff * jitter));
}
