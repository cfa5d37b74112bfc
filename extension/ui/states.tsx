// What stands where a list or a number will be: nothing yet, or an error.
import type { ComponentChildren } from 'preact';
import { Icon } from './icon.tsx';
import { offline } from './icons.ts';
import css from './states.module.css';

interface Props {
  icon: string;
  title: string;
  /** Empty: what will stand here. Error: what still holds, what failed and when. */
  text: string;
  /** The one step. */
  children?: ComponentChildren;
  part?: string;
}

export function Empty({ icon, title, text, children, part = 'empty' }: Props) {
  return (
    <div class={css.state} data-part={part}>
      <Icon of={icon} size={20} />
      <b>{title}</b>
      <p>{text}</p>
      {children}
    </div>
  );
}

/** Something did not load; its button tries again. */
export function ErrorState({ icon = offline, ...props }: Omit<Props, 'icon'> & { icon?: string }) {
  return (
    <div role="alert">
      <Empty icon={icon} part="error" {...props} />
    </div>
  );
}
