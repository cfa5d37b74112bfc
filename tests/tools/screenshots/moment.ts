// The instant that all pictures show, and times around it.

/** Every page that is drawn stands still here. */
export const NOW = Date.parse('2026-11-21T14:02:30Z');

/** RFC 3339, `ms` after that instant. */
export const at = (ms: number) => new Date(NOW + ms).toISOString();
