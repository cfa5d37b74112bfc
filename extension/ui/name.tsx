// A name that may be long, and the avatar drawn from it.
import css from './name.module.css';
import { initials, splitName } from './names.ts';

/** Cut in the middle where there is no room, the whole name on hover. */
export function Name({ children }: { children: string }) {
  const { head, tail } = splitName(children);
  return (
    <span class={css.name} title={tail === '' ? undefined : children}>
      <span>{head}</span>
      {tail !== '' && <span>{tail}</span>}
    </span>
  );
}

export function Avatar({ name }: { name: string }) {
  return <span class={css.avatar} data-initials={initials(name)} aria-hidden="true" />;
}
