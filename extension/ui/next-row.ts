// Where a key leads in a table of rows of which some open, and where a row went when others came or left. Pure.

/** Rows that a Page key passes. */
const PAGE = 10;

/**
 * The row that a key leads to from row `from`, which stays where none lies that way; -1 for a key that leads nowhere, and
 * in a table where nothing opens.
 */
export function nextRow(key: string, from: number, count: number, opens: (index: number) => boolean): number {
  const seek = (start: number, step: 1 | -1): number => {
    for (let index = start; index >= 0 && index < count; index += step) if (opens(index)) return index;
    return -1;
  };
  const toFirst = () => seek(0, 1);
  const toLast = () => seek(count - 1, -1);
  const or = (found: number, other: () => number) => (found < 0 ? other() : found);
  switch (key) {
    case 'ArrowDown':
      return or(seek(from + 1, 1), toLast);
    case 'ArrowUp':
      return or(seek(from - 1, -1), toFirst);
    case 'PageDown':
      return or(seek(from + PAGE, 1), toLast);
    case 'PageUp':
      return or(seek(from - PAGE, -1), toFirst);
    case 'Home':
      return toFirst();
    case 'End':
      return toLast();
    default:
      return -1;
  }
}

/**
 * Where the row with this key stands now; -1 where it is gone.
 * @param stood where it was: rows come and leave a few at a time, so the nearest are asked first
 */
export function placeOf<Key>(key: Key, stood: number, count: number, keyOf: (index: number) => Key): number {
  const isAt = (index: number) => index >= 0 && index < count && keyOf(index) === key;
  const furthest = Math.max(stood, count - 1 - stood);
  for (let away = 0; away <= furthest; away += 1) {
    if (isAt(stood + away)) return stood + away;
    if (isAt(stood - away)) return stood - away;
  }
  return -1;
}
