// What a search over everything finds: clusters, transactions that are read, and every place and option. Pure.
import type { Entry } from '../../../shared/account.ts';
import type { Cluster } from '../../../shared/clusters.ts';
import { matchesText } from '../clusters/cluster-list.ts';
import type { PanelKey } from '../../locales/panel.ts';
import { SEARCH_PLACES, type Target } from './places.ts';

export interface Found {
  clusters: Cluster[];
  entries: Entry[];
  places: { key: PanelKey; label: string; target: Target }[];
}

/** Results of each kind at most: who wants more goes to the list itself. */
export const MOST = 6;

/** @param entryMatches whether an entry is found by the text */
export function findPlaces(
  text: string,
  clusters: readonly Cluster[],
  entries: readonly Entry[],
  entryMatches: (entry: Entry) => boolean,
  label: (key: PanelKey) => string,
): Found {
  const wanted = text.trim().toLowerCase();
  const placesOf = (list: typeof SEARCH_PLACES) =>
    list.map((place) => ({ key: place.label, label: label(place.label), target: place.target }));
  if (wanted === '') {
    return { clusters: [], entries: [], places: placesOf(SEARCH_PLACES.filter(({ first }) => first)) };
  }
  const typed = wanted.split(/\s+/);
  const isMeant = (place: (typeof SEARCH_PLACES)[number]) => {
    const text = `${label(place.label)} ${place.words}`.toLowerCase();
    return typed.every((word) => text.includes(word));
  };
  const foundEntries: Entry[] = [];
  for (const entry of entries) {
    if (foundEntries.length === MOST) break;
    if (entryMatches(entry)) foundEntries.push(entry);
  }
  return {
    clusters: clusters.filter((cluster) => matchesText(cluster, wanted)).slice(0, MOST),
    entries: foundEntries,
    places: placesOf(SEARCH_PLACES.filter(isMeant)),
  };
}
