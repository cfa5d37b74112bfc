// The states that the side panel is looked at in: a snapshot, the book it was made of, and what the server would say.
import type { HistoryPage } from '../../../extension/replica/pages.ts';
import { readSections, type SectionValues } from '../../../extension/view/sections.ts';
import type { Snapshot } from '../../../extension/view/snapshot.ts';
import { END } from './book.ts';
import { END_EXTREME } from './book-extreme.ts';
import { SERVER } from './panel-server.ts';
import { ACCOUNTS } from './accounts.ts';
import { snapshotOf } from './states.ts';

export interface PanelState {
  snapshot: Snapshot;
  sections: SectionValues;
  /** Answers of the server by call; what is missing is answered as offline. */
  remote: Record<string, unknown>;
  /** Whether older pages of the history can be read. */
  pages: boolean;
  /** The history's end, sealed; null where it is not told. */
  last: HistoryPage | null;
}

function state(name: string, more: Partial<PanelState> = {}): PanelState {
  const account = ACCOUNTS[name];
  if (!account) throw new Error(`There is no account "${name}".`);
  return {
    snapshot: snapshotOf(account),
    sections: account.sections,
    remote: SERVER,
    pages: true,
    last: END.page,
    ...more,
  };
}
const ALONE = { remote: {}, pages: false, last: null };

export const PANEL_STATES: Record<string, PanelState> = {
  empty: state('empty', { last: null }),
  normal: state('normal'),
  extreme: state('extreme', { last: END_EXTREME.page }),
  offline: state('offline', ALONE),
  error: state('refused', ALONE),
};

const normal = state('normal');

/** What passes, or is seldom: each changes a place or two. */
export const PANEL_TIMES: Record<string, PanelState> = {
  waiting: state('waiting', { last: null }),
  grace: state('grace', { last: null }),
  unpaid: state('unpaid', { last: null }),
  low: state('low', { last: null }),
  terms: state('terms', { last: null }),
  'signed out': state('signed out'),
  // Its entry says another amount than the one that is sealed.
  bent: {
    ...normal,
    sections: {
      ...normal.sections,
      recent: (normal.sections.recent ?? []).map((entry) =>
        entry.n === 10_482 ? { ...entry, amount: '-0.96' } : entry,
      ),
    },
  },
};

for (const [name, { sections }] of Object.entries({ ...PANEL_STATES, ...PANEL_TIMES })) {
  const read = readSections(sections);
  for (const [section, value] of Object.entries(sections)) {
    if (value !== null && Reflect.get(read, section) === null)
      throw new Error(`${name}: ${section} is no section.`);
  }
}
