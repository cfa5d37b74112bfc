// A button that opens a short list of steps: arrow keys, Home, End, letters by the browser's focus; Escape closes.
import { useEffect, useRef, useState } from 'preact/hooks';
import { IconButton } from './button.tsx';
import css from './menu.module.css';

export interface MenuItem {
  id: string;
  label: string;
  current?: boolean;
}

interface Props {
  /** Name of the button. */
  label: string;
  icon: string;
  items: readonly MenuItem[];
  onSelect: (id: string) => void;
  part?: string;
}

export function Menu({ label, icon, items, onSelect, part }: Props) {
  const [open, setOpen] = useState(false);
  const wrap = useRef<HTMLDivElement>(null);
  const buttons = () => [...(wrap.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];

  useEffect(() => {
    if (!open) return;
    buttons()[0]?.focus();
    const outside = (event: Event) => {
      if (event.target instanceof Node && !wrap.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [open]);

  const close = () => {
    setOpen(false);
    wrap.current?.querySelector('button')?.focus();
  };
  const move = (event: KeyboardEvent) => {
    const all = buttons();
    const at = all.findIndex((each) => each === document.activeElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (event.key === 'Escape') close();
    else if (event.key === 'Tab') return setOpen(false);
    else if (next !== undefined) all.at(next % all.length)?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div class={css.wrap} ref={wrap} data-part={part}>
      <IconButton of={icon} label={label} popup="menu" expanded={open} onClick={() => setOpen(!open)} />
      {open && (
        <div class={css.menu} role="menu" aria-label={label} onKeyDown={move}>
          {items.map((item) => (
            <button
              key={item.id}
              type="button"
              role="menuitem"
              tabIndex={-1}
              class={css.item}
              aria-current={item.current ? 'page' : undefined}
              onClick={() => {
                close();
                onSelect(item.id);
              }}
            >
              {item.label}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
