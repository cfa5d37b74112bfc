// The alarm that wakes a sleeping worker to sync: only while an account is signed in.
import type { Browser } from 'wxt/browser';

export const SYNC_ALARM = 'sync';

/**
 * Answers how to set the alarm to every so many minutes, or null to have none. One that is right is left as it runs: set
 * anew it would start its wait again, and a worker that wakes often would never reach it.
 */
export function createSyncAlarm(alarms: typeof Browser.alarms): (minutes: number | null) => Promise<void> {
  let wanted: number | null | undefined;
  let work = Promise.resolve();
  const set = async (minutes: number | null) => {
    const current = await alarms.get(SYNC_ALARM);
    if (minutes === null) await alarms.clear(SYNC_ALARM);
    else if (current?.periodInMinutes !== minutes)
      await alarms.create(SYNC_ALARM, { periodInMinutes: minutes });
  };
  return (minutes) => {
    if (minutes !== wanted) work = work.then(() => set(minutes));
    wanted = minutes;
    return work;
  };
}
