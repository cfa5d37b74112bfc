// The menu's "Copy balance": the worker, which has no clipboard, leaves a note for the popup that it opens.
import type { Areas } from './areas.ts';

const KEY = 'copy_balance';

export async function askToCopy(areas: Pick<Areas, 'session'>): Promise<void> {
  await areas.session.set({ [KEY]: true });
}

/** True once for each time that somebody asked. */
export async function isAskedToCopy(areas: Pick<Areas, 'session'>): Promise<boolean> {
  const asked = (await areas.session.get(KEY))[KEY] === true;
  if (asked) await areas.session.remove(KEY);
  return asked;
}
