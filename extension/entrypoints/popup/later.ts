// What follows the popup's first frame: it draws the last week, tells the worker that someone looks, opens other places.
export { copyBalance } from '../../features/balance/copy-balance.tsx';
export { SplitLines } from '../../features/balance/split-lines.tsx';
export { Trend } from '../../features/balance/trend.tsx';
export { isAskedToCopy } from '../../view/copy-balance.ts';
export { send } from '../../view/messages.ts';
export { openPanel } from '../../view/open-panel.ts';
export { announceSurface } from '../../view/surface.ts';
