// A skeleton: only before the very first sync, static.
import css from './skeleton.module.css';

/** A grey block in place of a text that has never been known; silent, so say it once beside it. */
export function Skeleton({ width, height = 12 }: { width: number; height?: number }) {
  return (
    <span class={css.skeleton} style={{ width: `${width}px`, height: `${height}px` }} aria-hidden="true" />
  );
}
