// The tabs of a surface, as links to its places: whole ones are drawn, the rest stands in "...".
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { fitTabs } from './fit-tabs.ts';
import { Menu } from './menu.tsx';
import { more } from './panel-icons.ts';
import css from './tabs.module.css';

// The menu's button: its picture has the air that parts it.
const MENU = 32;

interface Props {
  /** The accessible name of the row. */
  label: string;
  /** Name of the "..." button. */
  moreLabel: string;
  tabs: readonly { id: string; label: string }[];
  active: string;
  /** Address of a tab within the page: `#cloud`. */
  hrefOf: (id: string) => string;
  onSelect: (id: string) => void;
}

export function Tabs({ label, moreLabel, tabs, active, hrefOf, onSelect }: Props) {
  const row = useRef<HTMLElement>(null);
  const ruler = useRef<HTMLDivElement>(null);
  const [drawn, setDrawn] = useState<readonly string[]>([active]);

  useLayoutEffect(() => {
    const measure = () => {
      if (!row.current || !ruler.current) return;
      const style = getComputedStyle(row.current);
      const room =
        row.current.clientWidth -
        Number.parseFloat(style.paddingLeft) -
        Number.parseFloat(style.paddingRight);
      const widths = [...ruler.current.children].map((child) => child.getBoundingClientRect().width);
      const measured = tabs.map(({ id }, index) => ({ id, width: widths[index] ?? 0 }));
      const next = fitTabs(measured, active, room, MENU);
      setDrawn((now) => (now.join() === next.join() ? now : next));
    };
    measure();
    const watcher = new ResizeObserver(measure);
    if (row.current) watcher.observe(row.current);
    return () => watcher.disconnect();
  }, [tabs, active]);

  const hidden = tabs.filter(({ id }) => !drawn.includes(id));
  return (
    <nav class={css.tabs} aria-label={label} ref={row}>
      {tabs
        .filter(({ id }) => drawn.includes(id))
        .map((tab) => (
          <a
            key={tab.id}
            class={css.tab}
            href={hrefOf(tab.id)}
            data-tab={tab.id}
            aria-current={tab.id === active ? 'page' : undefined}
            onClick={(event) => {
              event.preventDefault();
              onSelect(tab.id);
            }}
          >
            {tab.label}
          </a>
        ))}
      {hidden.length > 0 && (
        <div class={css.more}>
          <Menu label={moreLabel} icon={more} items={hidden} onSelect={onSelect} part="more-tabs" />
        </div>
      )}
      <div class={css.ruler} ref={ruler} aria-hidden="true">
        {tabs.map(({ id, label: text }) => (
          <span key={id} class={css.tab}>
            {text}
          </span>
        ))}
      </div>
    </nav>
  );
}
