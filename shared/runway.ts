// How long what runs now can go on: each running cluster draws its hourly rate from the moment its booked time ends, as
// if it were extended; inference draws its recent average. The runway ends where the credits do.
import type { Credits, Entry } from './account.ts';
import { type Cluster, phaseOf } from './clusters.ts';
import { type Micros, readBalance } from './money.ts';
import { type Spend, spendNow } from './spend.ts';
import { DAY, HOUR, type Ms } from './time.ts';

/** One thing that draws: `rate` micros an hour from an instant on. */
export interface Draw {
  id: string;
  rate: Micros;
  from: Ms;
}

/** Inference so far: its average per hour, and whether a whole day of it is known. */
export interface Average {
  rate: Micros;
  known: boolean;
}

/** `exact`: booked rates alone. `average`: inference is in it. `gathering`: too little is known of it to say. */
export type Confidence = 'exact' | 'average' | 'gathering';

export interface Runway {
  confidence: Confidence;
  /** When the credits are used up; null when nothing draws, when they last beyond ten years, or while gathering. */
  ends_at: Ms | null;
  /** What all of it costs an hour, micros. */
  per_hour: Micros;
  /** How long each draw is covered: its booked time at least. Null for as long as anyone can say. */
  each: { id: string; ends_at: Ms | null }[];
}

/** Days that the average of inference looks at, today included. */
const WINDOW_DAYS = 3;
/** Beyond this a runway says nothing. */
const HORIZON = 3_660 * DAY;

/** When the credits end, by the one line that goes down in steps; null when they do not. */
function endOf(available: Micros, draws: readonly Draw[], background: Micros, now: Ms): Ms | null {
  if (available <= 0n) return draws.length > 0 || background > 0n ? now : null;
  const unit = BigInt(HOUR);
  // Millionths of credits times milliseconds of an hour, so that nothing is rounded on the way.
  let left = available * unit;
  let rate = background;
  let at = now;
  for (const draw of draws.toSorted((a, b) => a.from - b.from)) {
    const from = Math.max(draw.from, now);
    const used = rate * BigInt(from - at);
    if (used >= left) break;
    left -= used;
    rate += draw.rate;
    at = from;
  }
  if (rate === 0n) return null;
  const rest = left / rate;
  return rest > BigInt(HORIZON) ? null : at + Number(rest);
}

/** The runway of some draws and of inference, at an instant. Pure; the same on a device and in the ledger. */
export function runway(available: Micros, draws: readonly Draw[], inference: Average, now: Ms): Runway {
  const drawing = draws.filter(({ rate }) => rate > 0n);
  const per_hour = drawing.reduce((sum, { rate }) => sum + rate, inference.rate);
  if (inference.rate > 0n && !inference.known) {
    const each = draws.map(({ id }) => ({ id, ends_at: null }));
    return { confidence: 'gathering', ends_at: null, per_hour, each };
  }
  const ends_at = endOf(available, drawing, inference.rate, now);
  return {
    confidence: inference.rate > 0n ? 'average' : 'exact',
    ends_at,
    per_hour,
    each: draws.map(({ id, from }) => ({ id, ends_at: ends_at === null ? null : Math.max(from, ends_at) })),
  };
}

/** The average of what inference cost on some days (start of each in ms, micros), today included. */
export function averageOf(days: readonly { start: Ms; inference: Micros }[], now: Ms): Average {
  const used = days.filter(({ inference }) => inference > 0n);
  if (used.length === 0) return { rate: 0n, known: true };
  const first = Math.min(...used.map(({ start }) => start));
  const window = Math.max(first, Math.floor(now / DAY) * DAY - (WINDOW_DAYS - 1) * DAY);
  const sum = used.reduce((total, { start, inference }) => (start >= window ? total + inference : total), 0n);
  const time = BigInt(Math.max(now - window, 1));
  return { rate: (sum * BigInt(HOUR)) / time, known: now - first >= DAY };
}

/** What a draw is worked out from. */
export type Drawing = Pick<
  Cluster,
  'id' | 'source' | 'status' | 'ended_at' | 'hourly' | 'quantity' | 'ends_at'
>;

/** What the live clusters of the ledger draw; those that are being stopped draw nothing. */
export function drawsOf(clusters: readonly Drawing[], now: Ms): Draw[] {
  return clusters
    .filter(
      (one) => one.source === 'ledger' && one.status !== 'termination requested' && phaseOf(one) === 'live',
    )
    .map(({ id, hourly, quantity, ends_at }) => ({
      id,
      rate: readBalance(hourly) * BigInt(quantity),
      from: ends_at === null ? now : Date.parse(ends_at),
    }));
}

/** The runway that a book tells at an instant of the server's time. */
export function runwayOf(
  book: {
    credits: Pick<Credits, 'available'>;
    clusters: readonly Cluster[];
    spend: Spend | null;
    /** The book's last entries, for what the spend section does not tell yet. */
    recent?: readonly Entry[];
  },
  now: Ms,
): Runway {
  const spend = book.spend && spendNow(book.spend, book.recent ?? []);
  const days = (spend?.days ?? []).map(({ day, spent }) => ({
    start: Date.parse(day),
    inference: readBalance(spent['inference'] ?? '0'),
  }));
  const available = readBalance(book.credits.available);
  return runway(available, drawsOf(book.clusters, now), averageOf(days, now), now);
}
