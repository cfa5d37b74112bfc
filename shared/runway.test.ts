import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatAmount } from './money.ts';
import { paysFor, type Pool, type PoolCredits, poolsOf } from './pools.ts';
import { averageOf, type Draw, runway, runwayOf } from './runway.ts';
import { DAY, HOUR, MINUTE, toRfc3339 } from './time.ts';

const NOW = Date.parse('2026-11-21T14:00:00.000Z');
const NONE = { rate: 0n, known: true };
const credits = (amount: number) => BigInt(Math.round(amount * 1e6));
const of = (available: string, more: Partial<PoolCredits> = {}): PoolCredits => ({
  available,
  available_by_service: {},
  restricted: '0',
  expiring: [],
  ...more,
});
const pools = (left: bigint): Pool[] => (left > 0n ? [{ left, services: null, until: null }] : []);
const draw = (id: string, rate: number, from: number, service = 'vm'): Draw => ({
  id,
  service,
  rate: credits(rate),
  from: NOW + from,
});

test.each([
  { name: 'nothing runs', available: 100, draws: [], end: null, rate: 0 },
  {
    name: 'one that is out of its booked time',
    available: 10,
    draws: [draw('a', 2, 0)],
    end: 5 * HOUR,
    rate: 2,
  },
  { name: 'booked time comes first', available: 10, draws: [draw('a', 2, 3 * HOUR)], end: 8 * HOUR, rate: 2 },
  {
    name: 'the second begins to draw while the first does',
    available: 10,
    draws: [draw('a', 2, 0), draw('b', 3, 2 * HOUR)],
    // 4 credits in two hours, then 6 at 5 an hour.
    end: 3.2 * HOUR,
    rate: 5,
  },
  {
    name: 'the credits end before the second begins',
    available: 3,
    draws: [draw('b', 3, 2 * HOUR), draw('a', 2, 0)],
    end: 1.5 * HOUR,
    rate: 5,
  },
  {
    name: 'exactly when the second begins',
    available: 4,
    draws: [draw('a', 2, 0), draw('b', 3, 2 * HOUR)],
    end: 2 * HOUR,
    rate: 5,
  },
  {
    name: 'a booked time that has passed draws from now',
    available: 2,
    draws: [draw('a', 2, -HOUR)],
    end: HOUR,
    rate: 2,
  },
  { name: 'no credits', available: 0, draws: [draw('a', 2, HOUR)], end: 0, rate: 2 },
  { name: 'below zero', available: -3.2, draws: [draw('a', 2, HOUR)], end: 0, rate: 2 },
  { name: 'below zero and nothing runs', available: -3.2, draws: [], end: null, rate: 0 },
  { name: 'free of charge', available: 5, draws: [draw('a', 0, 0)], end: null, rate: 0 },
  { name: 'beyond ten years', available: 1_000_000, draws: [draw('a', 0.01, 0)], end: null, rate: 0.01 },
])('$name', ({ available, draws, end, rate }) => {
  expect(runway(pools(credits(available)), draws, NONE, NOW)).toMatchObject({
    confidence: 'exact',
    ends_at: end === null ? null : NOW + end,
    per_hour: credits(rate),
  });
});

test('inference draws its average beside the clusters, once a day of it is known', () => {
  const known = { rate: credits(0.5), known: true };
  expect(runway(pools(credits(10)), [draw('a', 2, 0)], known, NOW)).toMatchObject({
    confidence: 'average',
    ends_at: NOW + 4 * HOUR,
    per_hour: credits(2.5),
  });
  expect(runway(pools(credits(10)), [draw('a', 2, 0)], { ...known, known: false }, NOW)).toMatchObject({
    confidence: 'gathering',
    ends_at: null,
    each: [{ id: 'a', ends_at: null }],
  });
});

test('each cluster is covered to the end of its booked time at least', () => {
  const { each } = runway(pools(credits(4)), [draw('a', 2, 0), draw('b', 3, 9 * HOUR)], NONE, NOW);
  expect(each).toEqual([
    { id: 'a', ends_at: NOW + 2 * HOUR },
    { id: 'b', ends_at: NOW + 9 * HOUR },
  ]);
});

test('the average looks at three days, and at less when it began later', () => {
  const day = (back: number, inference: number) => ({
    start: Math.floor(NOW / DAY) * DAY - back * DAY,
    inference: credits(inference),
  });
  expect(averageOf([], NOW)).toEqual({ rate: 0n, known: true });
  // Two whole days and fourteen hours are 62 hours.
  expect(averageOf([day(5, 100), day(2, 31), day(0, 31)], NOW)).toEqual({ rate: credits(1), known: true });
  expect(averageOf([day(1, 19)], NOW)).toEqual({ rate: credits(0.5), known: true });
  expect(averageOf([day(0, 7)], NOW)).toEqual({ rate: credits(0.5), known: false });
  expect(averageOf([day(7, 100)], NOW)).toEqual({ rate: 0n, known: true });
});

test('a book tells it all: stopped, foreign and pending clusters draw nothing', () => {
  const base = {
    source: 'ledger' as const,
    name: 'n',
    type: 'container',
    status: 'running',
    device: 'L40S',
    quantity: 2,
    hourly: '0.5',
    hours: 3,
    created_at: toRfc3339(NOW),
    started_at: toRfc3339(NOW),
    ends_at: toRfc3339(NOW + 90 * MINUTE),
    ended_at: null,
    held: '0',
    paid: '3',
    served: '0',
    refunded: '0',
    refundable: '3',
    served_ms: 0,
    as_of: toRfc3339(NOW),
    deadline: null,
    shortfall: null,
    reason: null,
  };
  const clusters = [
    { ...base, id: 'a' },
    { ...base, id: 'b', status: 'hibernating' },
    { ...base, id: 'c', status: 'termination requested' },
    { ...base, id: 'd', status: 'deploying', started_at: null, ends_at: null },
    { ...base, id: 'e', status: 'completed', ended_at: toRfc3339(NOW) },
    { ...base, id: 'f', source: 'ionet' as const },
  ];
  const spend = {
    as_of: toRfc3339(NOW),
    days: [{ day: '2026-11-20', spent: { inference: '38', vm: '9' }, balance: '20' }],
  };
  // Two clusters at 1 an hour, and 38 credits in 38 hours.
  expect(runwayOf({ credits: of('7.5'), clusters, spend }, NOW)).toEqual({
    confidence: 'average',
    per_hour: credits(3),
    ends_at: NOW + 90 * MINUTE + 2 * HOUR,
    each: ['a', 'b'].map((id) => ({ id, ends_at: NOW + 90 * MINUTE + 2 * HOUR })),
  });
});

test('law: what is drawn up to the end is what there is, to the last millisecond', () => {
  const spentBy = (draws: Draw[], background: bigint, at: number) =>
    draws.reduce(
      (sum, { rate, from }) => sum + rate * BigInt(Math.max(0, at - Math.max(from, NOW))),
      background * BigInt(at - NOW),
    );
  fc.assert(
    fc.property(
      fc.bigInt({ min: 1n, max: 10n ** 9n }),
      fc.array(
        fc.record({
          rate: fc.bigInt({ min: 1n, max: 10n ** 8n }),
          from: fc.integer({ min: -DAY, max: 30 * DAY }),
        }),
        {
          maxLength: 6,
        },
      ),
      fc.bigInt({ min: 1n, max: 10n ** 7n }),
      (available, list, background) => {
        const draws = list.map(({ rate, from }, index) => ({
          id: String(index),
          service: 'vm',
          rate,
          from: NOW + from,
        }));
        const { ends_at } = runway(pools(available), draws, { rate: background, known: true }, NOW);
        if (ends_at === null) return;
        const all = available * BigInt(HOUR);
        expect(spentBy(draws, background, ends_at)).toBeLessThanOrEqual(all);
        expect(spentBy(draws, background, ends_at + 1)).toBeGreaterThan(all);
      },
    ),
  );
});

test('what the spend section does not tell yet comes from the last entries', () => {
  const at = Date.parse('2026-11-20T06:00:00.000Z');
  const spend = {
    as_of: toRfc3339(at),
    n: 7,
    days: [{ day: '2026-11-20', spent: { inference: '30' }, balance: '20' }],
  };
  const entry = {
    id: 'e',
    at,
    service: 'inference',
    type: 'usage',
    amount: '-4',
    balance: '16',
    status: 'completed',
  };
  const recent = [
    { ...entry, n: 7 },
    { ...entry, n: 8 },
    { ...entry, n: 9, type: 'refused', amount: '0' },
    { ...entry, n: 10, at: NOW },
  ];
  // 38 credits in 38 hours; entry 7 is in the section already.
  const book = { credits: of('10'), clusters: [], spend, recent };
  expect(runwayOf(book, NOW)).toMatchObject({ per_hour: credits(1), ends_at: NOW + 10 * HOUR });
});

test.each([
  {
    name: 'credit for this service only goes first',
    credits: of('10', { available_by_service: { vm: '105', k8s: '10' }, restricted: '95' }),
    draws: [draw('a', 1, 0)],
    end: 105,
  },
  {
    name: 'with nothing else it lasts by itself',
    credits: of('0', { available_by_service: { vm: '95' }, restricted: '95' }),
    draws: [draw('a', 1, 0)],
    end: 95,
  },
  {
    name: 'credit for another service pays nothing',
    credits: of('0', { available_by_service: { vm: '95', k8s: '0' }, restricted: '95' }),
    draws: [draw('a', 1, 0, 'k8s')],
    end: 0,
  },
  {
    name: 'the first that cannot be paid ends it',
    credits: of('6', { available_by_service: { vm: '101' }, restricted: '95' }),
    draws: [draw('a', 1, 0), draw('b', 2, 4 * HOUR, 'k8s')],
    end: 7,
  },
  {
    name: 'one credit for two services is counted once',
    credits: of('0', { available_by_service: { vm: '12', ray: '10' }, restricted: '12' }),
    draws: [draw('a', 1, 0), draw('b', 1, 0, 'ray')],
    // Two hours of its own, then both take from the ten: eight are left for two.
    end: 6,
  },
  {
    name: 'what expires before it is burnt is gone',
    credits: of('60', { expiring: [{ amount: '50', at: toRfc3339(NOW + 10 * HOUR) }] }),
    draws: [draw('a', 1, 0)],
    end: 20,
  },
  {
    name: 'it is gone too while nothing draws yet',
    credits: of('60', { expiring: [{ amount: '50', at: toRfc3339(NOW + 10 * HOUR) }] }),
    draws: [draw('a', 1, 20 * HOUR)],
    end: 30,
  },
  {
    name: 'what expires late enough is burnt first and loses nothing',
    credits: of('60', { expiring: [{ amount: '50', at: toRfc3339(NOW + 50 * HOUR) }] }),
    draws: [draw('a', 1, 0)],
    end: 60,
  },
  {
    name: 'a promotion for another service expires without a trace',
    credits: of('1000', {
      available_by_service: { vm: '1095' },
      restricted: '95',
      expiring: [{ amount: '95', at: toRfc3339(NOW + HOUR) }],
    }),
    draws: [draw('a', 1, 0, 'k8s')],
    end: 1000,
  },
  {
    name: 'below zero nothing restricted helps',
    credits: of('-1', { available_by_service: { vm: '94' }, restricted: '95' }),
    draws: [draw('a', 1, 5 * HOUR)],
    end: 0,
  },
])('$name', ({ credits, draws, end }) => {
  expect(runway(poolsOf(credits), draws, NONE, NOW).ends_at).toBe(NOW + end * HOUR);
});

test('law: pools hold what each service has, and never more than there is', () => {
  const micros = fc.bigInt({ min: 0n, max: 10n ** 12n });
  const lot = fc.record({
    left: micros,
    services: fc.option(fc.subarray(['vm', 'ray', 'k8s'], { minLength: 1 })),
    days: fc.option(fc.integer({ min: 1, max: 9 })),
  });
  fc.assert(
    fc.property(fc.array(lot, { maxLength: 6 }), (lots) => {
      const sum = (list: { left: bigint }[]) => list.reduce((total, { left }) => total + left, 0n);
      const by = (service: string) =>
        sum(lots.filter(({ services }) => services === null || services.includes(service)));
      const all = sum(lots.filter(({ services }) => services === null));
      const section: PoolCredits = {
        available: formatAmount(all),
        available_by_service: Object.fromEntries(['vm', 'ray', 'k8s'].map((s) => [s, formatAmount(by(s))])),
        restricted: formatAmount(sum(lots) - all),
        expiring: lots.flatMap(({ left, days }) =>
          days === null ? [] : [{ amount: formatAmount(left), at: toRfc3339(NOW + days * DAY) }],
        ),
      };
      const found = poolsOf(section);
      expect(sum(found)).toBeLessThanOrEqual(sum(lots));
      expect(found.every(({ left }) => left > 0n)).toBe(true);
      for (const service of ['vm', 'ray', 'k8s'])
        expect(sum(found.filter((pool) => paysFor(pool, service)))).toBe(by(service));
    }),
  );
});
