// What is worked out of a list that grows at its end: of each item once, however often more of them come. Pure.

/**
 * @param start the result of an empty list
 * @param add a result with more items: a new value where it changed, `before` itself where nothing did
 * @returns the result of a whole list; what does not go on from the list before begins anew
 */
export function growing<Item, Result>(
  start: () => Result,
  add: (before: Result, items: readonly Item[]) => Result,
): (list: readonly Item[]) => Result {
  let seen: readonly Item[] = [];
  let result = start();
  return (list) => {
    // Each of them: two lists of one filter or of two can begin and end alike, and differ between.
    const goesOn =
      list === seen || (list.length >= seen.length && seen.every((item, at) => item === list[at]));
    if (!goesOn) {
      seen = [];
      result = start();
    }
    if (list.length > seen.length) result = add(result, list.slice(seen.length));
    seen = list;
    return result;
  };
}
