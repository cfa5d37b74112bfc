// Room for six columns: from 560 px on, if every status word and every amount stands whole and the name is still one.

/** From this width of the panel on there may be columns. */
export const WIDE = 560;
const GAP = 8;
const GUTTER = 16;
/** A name needs at least this, px. */
const NAME = 110;
/** Devices may be cut: the whole word is their title. */
const DEVICE = 100;
/** Width of a letter, px: of words in 12 px, of figures in 13 px. */
const LETTER = 6.6;
const FIGURE = 7.4;
/** The shape before a status word. */
const SHAPE = 16;

export interface Cells {
  status: string;
  type: string;
  device: string;
  hours: string;
  cost: string;
}

/** Grid tracks for these rows in a list of `width` px; null when two lines are better. */
export function columnTracks(rows: readonly Cells[], width: number): string | null {
  if (width < WIDE - 2 * GUTTER) return null;
  const longest = (key: keyof Cells) => Math.max(0, ...rows.map((row) => row[key].length));
  const status = Math.max(64, Math.ceil(longest('status') * LETTER) + SHAPE);
  const type = Math.max(44, Math.ceil(longest('type') * LETTER));
  const device = Math.min(DEVICE, Math.max(56, Math.ceil(longest('device') * FIGURE)));
  const hours = Math.max(52, Math.ceil(longest('hours') * FIGURE));
  const cost = Math.max(52, Math.ceil(longest('cost') * FIGURE));
  const name = width - 2 * GUTTER - 5 * GAP - status - type - device - hours - cost;
  if (name < NAME) return null;
  return `minmax(0, 1fr) ${status}px ${type}px ${device}px ${hours}px ${cost}px`;
}
