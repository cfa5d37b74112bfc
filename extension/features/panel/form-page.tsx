// A form over a tab: back and title, what it asks, and at the foot Cancel beside the one filled button.
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Button, IconButton } from '../../ui/button.tsx';
import { chevronLeft } from '../../ui/panel-icons.ts';
import { SyncLine } from '../sync-state/sync-line.tsx';
import { usePanel } from './panel-context.ts';
import css from './panel.module.css';

interface Props {
  title: string;
  onBack: () => void;
  /** Without it the page only shows something. */
  onSubmit?: () => void;
  children: ComponentChildren;
  foot?: ComponentChildren;
  part?: string;
}

interface FootProps {
  onCancel: () => void;
  /** The one filled button: what it does, with its amount. */
  children: ComponentChildren;
  part: string;
  disabled: boolean;
  waiting: boolean;
  /** What it says while the work runs. */
  waitingLabel: string;
}

/** Cancel, beside the button that sends the form. */
export function FormFoot({ onCancel, children, ...submit }: FootProps) {
  const { t } = usePanel().locale;
  return (
    <>
      <Button onClick={onCancel}>{t('action.cancel')}</Button>
      <Button kind="primary" wide type="submit" {...submit}>
        {children}
      </Button>
    </>
  );
}

export function FormPage({ title, onBack, onSubmit, children, foot, part }: Props) {
  const { locale, snapshot } = usePanel();
  const frame = useRef<HTMLFormElement>(null);
  // Before the first frame: nobody types into a field that is not in focus yet.
  useLayoutEffect(() => {
    window.scrollTo(0, 0);
    // Where typing goes first; a page without a field takes the focus itself, so that Tab goes on from here.
    const first = frame.current?.querySelector<HTMLElement>('input:not([type=radio])');
    (first ?? frame.current)?.focus({ preventScroll: true });
  }, []);
  return (
    <form
      class={css.form}
      ref={frame}
      tabIndex={-1}
      noValidate
      data-part={part}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit?.();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onBack();
      }}
    >
      <header class={css.bar}>
        <IconButton of={chevronLeft} label={locale.t('action.back')} onClick={onBack} part="back" />
        <h1>{title}</h1>
        <SyncLine snapshot={snapshot} now={Date.now()} locale={locale} />
      </header>
      <main class={css.body}>{children}</main>
      {foot !== undefined && <footer class={css.foot}>{foot}</footer>}
    </form>
  );
}
