// The bounds of a tray, apart from the schemas of what lies in it: a device's background has no room for those.

/** Root of a tray: a `Y.Array<Intent>` that the device appends to and the server empties. */
export const TRAY_ROOT = 'intents';

/** Characters of a body's JSON. */
export const MAX_INTENT_BODY = 4096;
/** Proposals that may wait in a tray at once: a device takes no further one. */
export const MAX_WAITING_INTENTS = 512;
/** Bytes of one update of a tray; all that waits travels in one, so a device takes no proposal beyond it. */
export const MAX_TRAY_UPDATE = 192 * 1024;
