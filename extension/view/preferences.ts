// What a person chose on this device; kept in `storage.local`, nothing of it is secret.
import * as v from 'valibot';
import type { Areas } from './areas.ts';

const KEY = 'preferences';

export const SYNC_MINUTES = [1, 5, 15, 60] as const;

/** What stands on the toolbar button. */
export const BADGE_MODES = ['balance', 'plan', 'runway', 'nothing'] as const;
export type BadgeMode = (typeof BADGE_MODES)[number];

/** What the browser may notify of. */
export const NOTIFY_TOPICS = ['low', 'grace', 'plan', 'clusters', 'refunds', 'withdrawals'] as const;
export type NotifyTopic = (typeof NOTIFY_TOPICS)[number];

// What an older release did not store has its default.
export const Preferences = v.object({
  /** How often the badge is brought up to date while nothing is open. */
  sync_minutes: v.picklist(SYNC_MINUTES),
  badge: v.optional(v.picklist(BADGE_MODES), 'balance'),
  notify: v.optional(v.array(v.picklist(NOTIFY_TOPICS)), []),
});
export type Preferences = v.InferOutput<typeof Preferences>;

/** What nobody chose. */
export const DEFAULTS: Preferences = { sync_minutes: 1, badge: 'balance', notify: [] };

export async function readPreferences(areas: Pick<Areas, 'local'>): Promise<Preferences> {
  const stored = (await areas.local.get(KEY))[KEY];
  const parsed = v.safeParse(Preferences, stored);
  return parsed.success ? parsed.output : DEFAULTS;
}

export async function writePreferences(areas: Pick<Areas, 'local'>, preferences: Preferences): Promise<void> {
  await areas.local.set({ [KEY]: preferences });
}

/** Calls `listener` after each change, until the context ends. */
export function watchPreferences(
  areas: Pick<Areas, 'local'>,
  listener: (preferences: Preferences) => void,
): void {
  areas.local.onChanged.addListener((changes) => {
    if (changes[KEY]) void readPreferences(areas).then(listener);
  });
}
