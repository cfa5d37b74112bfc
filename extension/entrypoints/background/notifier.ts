// Tells a person of what needs one, through the browser: each thing once, whatever restarts, signs out or syncs again.
import * as v from 'valibot';
import type { Browser } from 'wxt/browser';
import { type Ms, SECOND } from '../../../shared/time.ts';
import { dueNotices } from '../../features/toolbar/browser-notices.ts';
import type { BrowserLocale } from '../../locales/browser.ts';
import type { Areas } from '../../view/areas.ts';
import type { NotifyTopic } from '../../view/preferences.ts';
import type { Snapshot } from '../../view/snapshot.ts';

const KEY = 'notified';
/** Ids that are remembered; a book names at most its last 50 notices. */
const KEPT = 200;
/** The server's clock is known to half a second. */
const OFFSET_ERROR: Ms = SECOND;
/** Parts a notification's id from the place that a click on it opens. */
const BEFORE_PLACE = '|';

/** Who wants to be told (empty: nobody), since when (the server's clock), and what was told, of any account. */
const Told = v.object({ account: v.string(), since: v.number(), ids: v.array(v.string()) });

type Create = (id: string, words: { title: string; message: string }) => Promise<unknown>;

export interface Notifier {
  /** `notices` as the book has them. Resolves when everything due was told. */
  publish(
    notices: readonly unknown[],
    snapshot: Snapshot,
    topics: readonly NotifyTopic[],
    now: Ms,
  ): Promise<void>;
}

/** `create` shows a notification; it is asked only after its id was stored, so that a crash tells nobody twice. */
export function createNotifier(areas: Pick<Areas, 'local'>, create: Create, locale: BrowserLocale): Notifier {
  let work = Promise.resolve();
  async function tell(...[notices, snapshot, topics, now]: Parameters<Notifier['publish']>): Promise<void> {
    const { account, clock_offset } = snapshot;
    const stored = v.safeParse(Told, (await areas.local.get(KEY))[KEY]);
    const before = stored.success ? stored.output : null;
    const known = before?.account === account.id ? before : null;
    // What was told stays told, whoever signed in between; what happened meanwhile is history.
    const told = known ?? {
      account: account.id,
      since: now + clock_offset - OFFSET_ERROR,
      ids: before?.ids ?? [],
    };
    const due = dueNotices(
      {
        notices,
        snapshot,
        topics,
        told: told.ids,
        since: told.since,
        now: now + clock_offset,
      },
      locale,
    );
    if (known && due.length === 0) return;
    const ids = [...told.ids, ...due.map(({ id }) => id)].slice(-KEPT);
    await areas.local.set({ [KEY]: { ...told, ids } });
    for (const { id, title, message, place } of due)
      await create(id + BEFORE_PLACE + place, { title, message });
  }
  /** Nobody wants to be told any more: only what was told is kept. */
  async function rest(): Promise<void> {
    const stored = v.safeParse(Told, (await areas.local.get(KEY))[KEY]);
    if (stored.success) await areas.local.set({ [KEY]: { ...stored.output, account: '' } });
  }
  let isOff = false;
  return {
    publish(...situation) {
      const before = isOff;
      isOff = situation[2].length === 0;
      // Switched on again, it begins anew: what came in between is history.
      if (isOff && !before) work = work.then(rest).catch(() => {});
      if (!isOff) work = work.then(() => tell(...situation)).catch(() => {});
      return work;
    },
  };
}

/** The place that a click on a notification opens. */
export function placeOf(id: string): string {
  return id.slice(id.indexOf(BEFORE_PLACE) + 1);
}

/** Shows a notification where the person has allowed it; the browser has no such API before. */
export async function createNotification(
  notifications: typeof Browser.notifications | undefined,
  iconUrl: string,
  id: string,
  words: { title: string; message: string },
): Promise<void> {
  await notifications?.create(id, { type: 'basic', iconUrl, ...words });
}
