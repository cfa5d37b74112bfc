// Delta debugging: the shortest script found that still fails.

/**
 * Removes what a failure does not need (ddmin).
 * @param fails true when a script still shows the failure; it must hold for `steps`
 */
export function shrink<T>(steps: readonly T[], fails: (steps: readonly T[]) => boolean): T[] {
  let best = [...steps];
  let chunk = Math.ceil(best.length / 2);
  for (;;) {
    let removed = false;
    for (let start = best.length - chunk; start > -chunk; start -= chunk) {
      const from = Math.max(0, start);
      const shorter = best.toSpliced(from, start + chunk - from);
      if (shorter.length < best.length && fails(shorter)) {
        best = shorter;
        removed = true;
      }
    }
    if (removed) continue;
    if (chunk <= 1) return best;
    chunk = Math.ceil(chunk / 2);
  }
}
