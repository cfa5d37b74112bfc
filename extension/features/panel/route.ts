// Places of the side panel as the part of its address after "#": what a deep link, a tab and the last visit name.

export const TABS = ['overview', 'cloud', 'intelligence', 'billing', 'settings', 'terms'] as const;
export type TabId = (typeof TABS)[number];

/** What lies over a tab, or is opened in it. */
const VIEWS: Record<TabId, readonly string[]> = {
  overview: [],
  cloud: ['cluster'],
  intelligence: [],
  billing: ['purchase', 'withdraw', 'entry'],
  settings: ['profile', 'timezone', 'wallets', 'alerts', 'ionet', 'device', 'devices', 'delete'],
  terms: [],
};

/**
 * `#billing/purchase?amount=8.2&method=card`, `#billing/entry/412`, `#cloud/cluster/<id>`, `#settings/wallets`.
 * `notifications` and `search` open over any tab.
 */
export interface Route {
  tab: TabId;
  view: string | null;
  id: string | null;
  /** What a form starts with. */
  fill: Record<string, string>;
  drawer: 'notifications' | 'search' | null;
}

export const HOME: Route = { tab: 'overview', view: null, id: null, fill: {}, drawer: null };

const DRAWERS = ['notifications', 'search'] as const;
/** Names that other surfaces and older links use. */
const ALIASES = new Map(
  Object.entries({
    'io.cloud': 'cloud',
    clusters: 'cloud',
    'io.intelligence': 'intelligence',
    plans: 'intelligence',
    transactions: 'billing',
    purchase: 'billing/purchase',
    withdraw: 'billing/withdraw',
    acknowledgment: 'terms',
  }),
);
const MAX_HASH = 512;

/** Reads the address; what it does not know stays at `before`, with a drawer over it when it names one. */
export function parseRoute(hash: string, before: Route = HOME): Route {
  const [path = '', query = ''] = hash.slice(0, MAX_HASH).replace(/^#/, '').split('?');
  const [word = '', ...rest] = path.split('/').map(decoded);
  const drawer = DRAWERS.find((name) => name === word);
  if (drawer) return { ...before, drawer };
  const [first = '', ...more] = [...(ALIASES.get(word) ?? word).split('/'), ...rest];
  const tab = TABS.find((name) => name === first);
  if (!tab) return { ...before, drawer: null };
  const view = VIEWS[tab].find((name) => name === more[0]) ?? null;
  return {
    tab,
    view,
    id: view === null ? null : (more[1] ?? null),
    fill: view === null ? {} : Object.fromEntries(new URLSearchParams(query)),
    drawer: null,
  };
}

/** The address of a place; `parseRoute` reads it back. */
export function formatRoute({ tab, view, id, fill, drawer }: Route): string {
  if (drawer !== null) return `#${drawer}`;
  const path = [tab, view, id].filter((part) => part !== null).map(encodeURIComponent);
  const query = new URLSearchParams(fill).toString();
  return `#${path.join('/')}${query && `?${query}`}`;
}

/** A place by its parts. */
export function to(tab: TabId, view: string | null = null, id: string | null = null, fill = {}): Route {
  return { tab, view, id, fill, drawer: null };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Back to where the person came from; `otherwise` where a deep link opened the panel. */
export function goBack(go: (route: Route) => void, otherwise: Route): void {
  if (window.history.length > 1) window.history.back();
  else go(otherwise);
}
