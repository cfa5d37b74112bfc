// What lies over a page: a dialog that asks before something ends, a drawer that shows a list. Both are the browser's
// own modal dialog: focus stays inside, Escape closes, the page behind is silent, focus returns to where it was.
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { Button, IconButton } from './button.tsx';
import css from './dialog.module.css';
import { close } from './step-icons.ts';

/** Opens the element as modal for as long as it is drawn. */
function useModal(onClose: () => void) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return {
    ref: dialog,
    onCancel: (event: Event) => {
      event.preventDefault();
      onClose();
    },
    // A click on the backdrop lands on the dialog itself.
    onClick: (event: MouseEvent) => {
      if (event.target === dialog.current) onClose();
    },
  };
}

interface ConfirmProps {
  title: string;
  text: ComponentChildren;
  /** What the filled button does: "End now". */
  confirm: string;
  cancel: string;
  /** The filled button is red: something ends for good. */
  danger?: boolean;
  waiting?: boolean;
  onConfirm: () => void;
  onClose: () => void;
  part?: string;
}

export function ConfirmDialog(props: ConfirmProps) {
  const { title, text, confirm, cancel, danger = false, waiting = false, onConfirm, onClose, part } = props;
  const id = useId();
  return (
    <dialog class={css.dialog} aria-labelledby={id} data-part={part} {...useModal(onClose)}>
      <h2 id={id}>{title}</h2>
      <div class={css.text}>{text}</div>
      <div class={css.actions}>
        <Button onClick={onClose} part="cancel">
          {cancel}
        </Button>
        <Button
          kind={danger ? 'dangerFilled' : 'primary'}
          waiting={waiting}
          onClick={onConfirm}
          part="confirm"
        >
          {confirm}
        </Button>
      </div>
    </dialog>
  );
}

interface DrawerProps {
  title: string;
  closeLabel: string;
  onClose: () => void;
  /** Buttons in the title bar. */
  actions?: ComponentChildren;
  children: ComponentChildren;
  part?: string;
}

export function Drawer({ title, closeLabel, onClose, actions, children, part }: DrawerProps) {
  const id = useId();
  return (
    <dialog class={css.drawer} data-drawer="" aria-labelledby={id} data-part={part} {...useModal(onClose)}>
      <header class={css.bar}>
        {/* The list begins here: nothing is pressed by the key that opened it. */}
        <h2 id={id} tabIndex={-1} autofocus>
          {title}
        </h2>
        {actions}
        <IconButton of={close} label={closeLabel} onClick={onClose} part="close" />
      </header>
      {children}
    </dialog>
  );
}
