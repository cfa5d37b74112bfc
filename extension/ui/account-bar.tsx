// The first line of popup and side panel: whose account, what stands beside it, and icons at its end.
import type { ComponentChildren } from 'preact';
import css from './account-bar.module.css';
import { Avatar } from './name.tsx';

interface Props {
  name: string;
  /** What a press on the name does. */
  label: string;
  onPress: () => void;
  icons: ComponentChildren;
  /** Between name and icons. */
  children: ComponentChildren;
}

export function AccountBar({ name, label, onPress, icons, children }: Props) {
  return (
    <div class={css.bar}>
      <div class={css.account}>
        <button type="button" aria-label={label} title={name} data-part="account" onClick={onPress}>
          <Avatar name={name} />
          <span class="cut">{name}</span>
        </button>
      </div>
      {children}
      <div class={css.icons}>{icons}</div>
    </div>
  );
}
