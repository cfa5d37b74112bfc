// How long what runs now can go on: each running cluster draws its hourly rate from the moment its booked time ends, as
// if it were extended; inference draws its recent average. Each takes from the credits that may pay for it, those that
// expire are gone then, and the runway ends where the first one finds none.
import type { Entry } from './account.ts';
import { type Cluster, phaseOf, serviceOf } from './clusters.ts';
import { type Micros, readBalance } from './money.ts';
import { paysFor, type Pool, type PoolCredits, poolsOf } from './pools.ts';
import { type Spend, spendNow } from './spend.ts';
import { DAY, HOUR, type Ms } from './time.ts';

/** One thing that draws: `rate` micros an hour from an instant on, for a service. */
export interface Draw {
  id: string;
  service: string;
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
  /** When credit runs out for one of the draws; null when nothing draws, beyond ten years, or while gathering. */
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

/** A draw with the pools that may pay for it: places in the list of pools, in burn order, from `next` on. */
interface Payer {
  rate: Micros;
  from: Ms;
  places: number[];
  next: number;
}

/** When the first draw finds no credit that may pay for it; null when that does not happen. Goes from change to change. */
function endOf(pools: readonly Pool[], draws: readonly Draw[], now: Ms): Ms | null {
  const payers = draws
    .map(({ rate, from, service }): Payer => {
      const places = pools.flatMap((pool, place) => (paysFor(pool, service) ? [place] : []));
      return { rate, from: Math.max(from, now), places, next: 0 };
    })
    .toSorted((a, b) => a.from - b.from);
  if (payers.every(({ places }) => places.length === 0)) return payers.length > 0 ? now : null;
  // Millionths of credits times milliseconds of an hour, so that nothing is rounded on the way.
  const left = pools.map((pool) => pool.left * BigInt(HOUR));
  const untilOf = (place: number) => pools[place]?.until ?? Infinity;
  let at = now;
  while (at - now <= HORIZON) {
    const loads = new Map<number, Micros>();
    let change = Infinity;
    for (const payer of payers) {
      if (payer.from > at) {
        change = Math.min(change, payer.from);
        break;
      }
      const isGone = (place: number) => (left[place] ?? 0n) <= 0n || untilOf(place) <= at;
      let place = payer.places[payer.next];
      while (place !== undefined && isGone(place)) place = payer.places[(payer.next += 1)];
      if (place === undefined) return at;
      loads.set(place, (loads.get(place) ?? 0n) + payer.rate);
    }
    for (const [place, load] of loads)
      change = Math.min(change, untilOf(place), at + Number((left[place] ?? 0n) / load));
    const time = BigInt(change - at);
    // What does not last a millisecond is used up.
    for (const [place, load] of loads) {
      const rest = (left[place] ?? 0n) - load * time;
      left[place] = rest < load ? 0n : rest;
    }
    at = change;
  }
  return null;
}

/** The runway of some draws and of inference, at an instant, with pools in burn order. Pure. */
export function runway(pools: readonly Pool[], draws: readonly Draw[], inference: Average, now: Ms): Runway {
  const drawing = draws.filter(({ rate }) => rate > 0n);
  const per_hour = drawing.reduce((sum, { rate }) => sum + rate, inference.rate);
  if (inference.rate > 0n && !inference.known) {
    const each = draws.map(({ id }) => ({ id, ends_at: null }));
    return { confidence: 'gathering', ends_at: null, per_hour, each };
  }
  const usage = { id: '', service: 'inference', rate: inference.rate, from: now };
  const ends_at = endOf(pools, inference.rate > 0n ? [...drawing, usage] : drawing, now);
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
  'id' | 'source' | 'type' | 'status' | 'ended_at' | 'hourly' | 'quantity' | 'ends_at'
>;

/** What the live clusters of the ledger draw; those that are being stopped draw nothing. */
export function drawsOf(clusters: readonly Drawing[], now: Ms): Draw[] {
  return clusters
    .filter(
      (one) => one.source === 'ledger' && one.status !== 'termination requested' && phaseOf(one) === 'live',
    )
    .map(({ id, type, hourly, quantity, ends_at }) => ({
      id,
      service: serviceOf(type),
      rate: readBalance(hourly) * BigInt(quantity),
      from: ends_at === null ? now : Date.parse(ends_at),
    }));
}

/** The runway that a book tells at an instant of the server's time, with `more` credit than it has. */
export function runwayOf(
  book: {
    credits: PoolCredits;
    clusters: readonly Cluster[];
    spend: Spend | null;
    /** The book's last entries, for what the spend section does not tell yet. */
    recent?: readonly Entry[];
  },
  now: Ms,
  more: Micros = 0n,
): Runway {
  const spend = book.spend && spendNow(book.spend, book.recent ?? []);
  const days = (spend?.days ?? []).map(({ day, spent }) => ({
    start: Date.parse(day),
    inference: readBalance(spent['inference'] ?? '0'),
  }));
  return runway(poolsOf(book.credits, more), drawsOf(book.clusters, now), averageOf(days, now), now);
}
