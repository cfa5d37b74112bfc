// The spendable credits as pools: each good for some services, or for all, and gone at an instant, or never.
import type { Credits } from './account.ts';
import { type Micros, readBalance } from './money.ts';
import type { Ms } from './time.ts';

/** Credits of one kind. */
export interface Pool {
  left: Micros;
  /** Services that it may pay for; null for all. */
  services: readonly string[] | null;
  /** When it expires (exclusive); null for never. */
  until: Ms | null;
}

/** What pools are worked out from. */
export type PoolCredits = Pick<Credits, 'available' | 'available_by_service' | 'restricted' | 'expiring'>;

/** Whether a pool may pay for a service. */
export function paysFor({ services }: Pool, service: string): boolean {
  return services === null || services.includes(service);
}

/**
 * Credit for some services only, as pools that explain what each service has beyond what is good for all. They are told
 * apart while nothing is good for two services; else they lie over each other as far as they can, so that what is
 * counted is never more than there is.
 */
function restrictedPools(credits: PoolCredits): Pool[] {
  const free = readBalance(credits.available);
  const extras = Object.entries(credits.available_by_service)
    .map(([service, text]) => ({ service, extra: readBalance(text) - free }))
    .filter(({ extra }) => extra > 0n)
    .toSorted((a, b) => (a.extra < b.extra ? -1 : 1));
  const sum = extras.reduce((total, { extra }) => total + extra, 0n);
  if (sum <= readBalance(credits.restricted))
    return extras.map(({ service, extra }) => ({ left: extra, services: [service], until: null }));
  return extras
    .map(({ extra }, index) => ({
      left: extra - (extras[index - 1]?.extra ?? 0n),
      services: extras.slice(index).map(({ service }) => service),
      until: null,
    }))
    .filter(({ left }) => left > 0n);
}

/**
 * The pools of a credits section, in burn order; none while it is below zero. The section does not say what expires for
 * which service: credit that is restricted is taken to be what expires, as a promotion is.
 * @param more credit that is good for all and stays, such as a purchase that is thought of
 */
export function poolsOf(credits: PoolCredits, more: Micros = 0n): Pool[] {
  let free = readBalance(credits.available) + more;
  if (free < 0n) return [];
  const lasting = restrictedPools(credits);
  const expiring: Pool[] = [];
  for (const { amount, at } of credits.expiring.toSorted((a, b) => (a.at < b.at ? -1 : 1))) {
    const until = Date.parse(at);
    let rest = readBalance(amount);
    for (const pool of lasting) {
      const left = pool.left < rest ? pool.left : rest;
      if (left > 0n) expiring.push({ ...pool, left, until });
      pool.left -= left;
      rest -= left;
    }
    const left = free < rest ? free : rest;
    expiring.push({ left, services: null, until });
    free -= left;
  }
  const pools = [...expiring, ...lasting, { left: free, services: null, until: null }];
  const breadth = ({ services }: Pool) => services?.length ?? Infinity;
  const end = ({ until }: Pool) => until ?? Infinity;
  const order = (a: number, b: number) => (a === b ? 0 : a < b ? -1 : 1);
  return pools
    .filter(({ left }) => left > 0n)
    .toSorted((a, b) => order(breadth(a), breadth(b)) || order(end(a), end(b)));
}
