// A banner: the consequence first, one line how, at most two buttons. Shown one at a time.
import type { ComponentChildren } from 'preact';
import css from './banner.module.css';
import { Icon } from './icon.tsx';
import { alert } from './step-icons.ts';

interface Props {
  tone?: 'warn' | 'bad';
  /** What happens, or happened. A short text that changes every second is kept out of `role`. */
  title: ComponentChildren;
  text?: ComponentChildren;
  /** Buttons. */
  children?: ComponentChildren;
  /** Percent of a window that is left: draws the draining edge. */
  drain?: number;
  /** Read out at once (`alert`), when there is time (`status`), or not at all. */
  role?: 'alert' | 'status';
  id?: string;
  part?: string;
}

export function Banner({ tone = 'warn', title, text, children, drain, role, id, part = 'banner' }: Props) {
  return (
    <div
      class={tone === 'bad' ? `${css.banner} ${css.bad}` : css.banner}
      role={role}
      id={id}
      data-part={part}
    >
      <Icon of={alert} />
      <div>
        <b class={css.title}>{title}</b>
        {text !== undefined && <p class={css.text}>{text}</p>}
        {children !== undefined && <div class={css.actions}>{children}</div>}
      </div>
      {drain !== undefined && <span class={css.drain} style={{ width: `${drain}%` }} />}
    </div>
  );
}
