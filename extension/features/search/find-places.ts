// What a search over everything finds: clusters, transactions that are read, and places of the settings. Pure.
import type { Entry } from '../../../shared/account.ts';
import type { Cluster } from '../../../shared/clusters.ts';
import { matchesText } from '../clusters/cluster-list.ts';
import { type Route, to } from '../panel/route.ts';

export interface Found {
  clusters: Cluster[];
  entries: Entry[];
  places: { key: string; label: string; route: Route }[];
}

/** Results of each kind at most: who wants more goes to the list itself. */
export const MOST = 6;

const PLACES: { key: string; route: Route }[] = [
  { key: 'place.purchase', route: to('billing', 'purchase') },
  { key: 'place.withdraw', route: to('billing', 'withdraw') },
  { key: 'place.plans', route: to('intelligence') },
  { key: 'place.profile', route: to('settings') },
  { key: 'place.wallets', route: to('settings', 'wallets') },
  { key: 'place.alerts', route: to('settings', 'alerts') },
  { key: 'place.devices', route: to('settings', 'devices') },
  { key: 'place.terms', route: to('terms') },
];

/** @param entryMatches whether an entry is found by the text */
export function findPlaces(
  text: string,
  clusters: readonly Cluster[],
  entries: readonly Entry[],
  entryMatches: (entry: Entry) => boolean,
  label: (key: string) => string,
): Found {
  const wanted = text.trim().toLowerCase();
  const places = PLACES.map(({ key, route }) => ({ key, label: label(key), route }));
  if (wanted === '') return { clusters: [], entries: [], places };
  const foundEntries: Entry[] = [];
  for (const entry of entries) {
    if (foundEntries.length === MOST) break;
    if (entryMatches(entry)) foundEntries.push(entry);
  }
  return {
    clusters: clusters.filter((cluster) => matchesText(cluster, wanted)).slice(0, MOST),
    entries: foundEntries,
    places: places.filter((place) => place.label.toLowerCase().includes(wanted)),
  };
}
