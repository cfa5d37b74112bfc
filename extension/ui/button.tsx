// Buttons: filled once per screen, else hairline, else ghost. One that cannot be pressed says why beside it.
import type { ComponentChildren } from 'preact';
import css from './button.module.css';
import { Icon } from './icon.tsx';

export type ButtonKind = 'primary' | 'secondary' | 'ghost' | 'danger' | 'dangerFilled' | 'chosen';

interface Props {
  children: ComponentChildren;
  kind?: ButtonKind;
  /** 32 high, for toolbars and banners. */
  small?: boolean;
  /** Shares the width with its neighbours. */
  wide?: boolean;
  type?: 'button' | 'submit';
  disabled?: boolean;
  /** What it says while the work runs ("Requesting"); the width stays, and it cannot be pressed twice. */
  waitingLabel?: string;
  waiting?: boolean;
  /** Name for `data-part`, by which tests find it. */
  part?: string;
  /** Id of the text that says why it is disabled. */
  describedBy?: string;
  /** Announces that a menu, a form or a drawer opens. */
  popup?: 'menu' | 'dialog';
  expanded?: boolean;
  /** One of several of which one is chosen. */
  pressed?: boolean;
  title?: string;
  onClick?: (event: MouseEvent) => void;
}

export function Button({
  children,
  kind = 'secondary',
  small = false,
  wide = false,
  type = 'button',
  disabled = false,
  waiting = false,
  waitingLabel,
  part,
  describedBy,
  popup,
  expanded,
  pressed,
  title,
  onClick,
}: Props) {
  const off = disabled || waiting;
  const look = [
    css.button,
    kind === 'secondary' ? '' : css[kind],
    small ? css.small : '',
    wide ? css.wide : '',
  ];
  return (
    <button
      type={type}
      class={look.filter(Boolean).join(' ')}
      aria-disabled={off ? true : undefined}
      aria-busy={waiting ? true : undefined}
      aria-describedby={describedBy}
      aria-haspopup={popup}
      aria-expanded={expanded}
      aria-pressed={pressed}
      title={title}
      data-part={part}
      onClick={(event) => {
        if (off) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {waitingLabel === undefined ? (
        children
      ) : (
        <span class={css.labels}>
          <span class={waiting ? css.hidden : ''} aria-hidden={waiting}>
            {children}
          </span>
          <span class={waiting ? '' : css.hidden} aria-hidden={!waiting}>
            {waitingLabel}
          </span>
        </span>
      )}
    </button>
  );
}

interface IconButtonProps {
  of: string;
  /** The accessible name, and the title on hover. */
  label: string;
  /** A small number on it; 0 for none, over 9 it says "9+". */
  count?: number;
  part?: string;
  expanded?: boolean;
  popup?: 'menu' | 'dialog';
  onClick: (event: MouseEvent) => void;
}

/** A 32 px target with an icon alone. */
export function IconButton({ of, label, count = 0, part, expanded, popup, onClick }: IconButtonProps) {
  return (
    <button
      type="button"
      class={css.icon}
      aria-label={label}
      aria-expanded={expanded}
      aria-haspopup={popup}
      title={label}
      data-part={part}
      onClick={onClick}
    >
      <Icon of={of} />
      {count > 0 && <span class={css.count} data-count={count > 9 ? '9+' : count} aria-hidden="true" />}
    </button>
  );
}

interface LinkProps {
  children: ComponentChildren;
  /** An address; without one it is a button that looks like a link. */
  href?: string;
  part?: string;
  /** What it is about, when its text alone does not say it. */
  label?: string;
  onClick?: () => void;
}

/** A quiet step: "View all", "1 more". An address opens in a tab of its own. */
export function Link({ children, href, part, label, onClick }: LinkProps) {
  return href === undefined ? (
    <button type="button" class={css.link} data-part={part} aria-label={label} onClick={onClick}>
      {children}
    </button>
  ) : (
    <a class={css.link} href={href} target="_blank" rel="noreferrer" data-part={part} aria-label={label}>
      {children}
    </a>
  );
}
