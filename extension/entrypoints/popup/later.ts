// What is not in every first frame, in a file of its own: what stands under the balance, what is shown only at times,
// and what tells the worker that someone looks and opens other places.
import { createPutOff } from './put-off.ts';

export { copyBalance } from '../../features/balance/copy-balance.tsx';
export { SplitLines } from '../../features/balance/split-lines.tsx';
export { Trend } from '../../features/balance/trend.tsx';
export { TopBanner } from '../../features/banner/top-banner.tsx';
export { FirstRun } from '../../features/getting-started/first-run.tsx';
export { SignedOutBanner } from '../../features/settings/signed-out-banner.tsx';
export { isAskedToCopy } from '../../view/copy-balance.ts';
export { send } from '../../view/messages.ts';
export { openPanel } from '../../view/open-panel.ts';
export { announceSurface } from '../../view/surface.ts';
export { Known } from './known.tsx';

/** Warnings that were put off on this device. */
export const putOff = createPutOff(localStorage);
