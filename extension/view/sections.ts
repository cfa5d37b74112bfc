// How the side panel follows whole sections of the book: it names them on a port, and gets each again when it changes.
import type { Browser } from 'wxt/browser';
import * as v from 'valibot';
import * as z from 'zod/mini';
import { Answer, Credits, Entry, Head, Purchase, Withdrawal } from '../../shared/account.ts';
import { Alerts } from '../../shared/alerts.ts';
import { Cluster } from '../../shared/clusters.ts';
import { Notice } from '../../shared/notices.ts';
import { Plan } from '../../shared/plan.ts';
import { Profile } from '../../shared/profile.ts';
import { Sources } from '../../shared/sources.ts';
import { Spend } from '../../shared/spend.ts';
import { Tasks } from '../../shared/tasks.ts';
import { Terms } from '../../shared/terms.ts';
import { SnapshotPending } from './snapshot-schema.ts';
import { reopening, SECTIONS_PORT } from './surface.ts';

/** The sections there are. Lists stand as the book has them: oldest first. `pending` is this device's own. */
const SECTIONS = {
  head: Head,
  /** What became of the last 64 proposals of this account, from any device. */
  answers: z.array(Answer),
  credits: Credits,
  /** The last 50 entries; older ones come by `send('page', k)`. */
  recent: z.array(Entry),
  purchases: z.array(Purchase),
  withdrawals: z.array(Withdrawal),
  profile: Profile,
  plan: Plan,
  clusters: z.array(Cluster),
  notices: z.array(Notice),
  tasks: Tasks,
  alerts: Alerts,
  terms: Terms,
  spend: Spend,
  sources: Sources,
  pending: z.custom<SnapshotPending[]>((list) => v.is(v.array(SnapshotPending), list)),
};
export type SectionName = keyof typeof SECTIONS;

/** Values by name; null for what the book does not say, or what this release cannot read. */
export type SectionValues = { [Name in SectionName]?: z.infer<(typeof SECTIONS)[Name]> | null };

/**
 * Calls `listener` with the named sections as they are now, then with those that changed, until `signal` aborts. Like a
 * surface it holds the live connection.
 */
export function followSections(
  runtime: Pick<typeof Browser.runtime, 'connect'>,
  names: readonly SectionName[],
  listener: (values: SectionValues) => void,
  signal: AbortSignal,
): void {
  reopening(runtime, SECTIONS_PORT, signal, (port) => {
    port.onMessage.addListener((values: unknown) => listener(readSections(values)));
    port.postMessage(names);
  });
}

/** What a port brought, each section checked by its schema. */
export function readSections(values: unknown): SectionValues {
  const read: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(Object(values))) {
    if (!Object.hasOwn(SECTIONS, name)) continue;
    const parsed = z.safeParse(SECTIONS[name as SectionName], value); // just looked up
    read[name] = parsed.success ? parsed.data : null;
  }
  return read;
}
