// What the popup shows only at times, in a file of its own: the first paint of every other day does not carry it.
import { createPutOff } from './put-off.ts';

export { TopBanner } from '../../features/banner/top-banner.tsx';
export { FirstRun } from '../../features/getting-started/first-run.tsx';
export { GettingStarted } from '../../features/getting-started/getting-started.tsx';
export { WaitingToSend } from '../../features/pending/waiting-to-send.tsx';
export { SignedOutBanner } from '../../features/settings/signed-out-banner.tsx';

/** Warnings that were put off on this device. */
export const putOff = createPutOff(localStorage);
