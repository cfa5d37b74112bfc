// The parts of a screen: sections between hairlines, figures in columns, lines that end in a sum.
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import css from './section.module.css';

interface SectionProps {
  title: string;
  /** At the right of the heading: a figure, a link. */
  aside?: ComponentChildren;
  children: ComponentChildren;
  part?: string;
}

/** A section under a full-width hairline, with a quiet heading. */
export function Section({ title, aside, children, part }: SectionProps) {
  const id = useId();
  return (
    <section class={css.section} aria-labelledby={id} data-part={part}>
      <div class={css.head}>
        <h2 id={id}>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}

/** Figures side by side, each under its word. */
export function Columns({
  items,
}: {
  items: readonly { label: string; value: ComponentChildren; title?: string }[];
}) {
  return (
    <dl class={css.columns}>
      {items.map(({ label, value, title }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd title={title}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export interface Line {
  label: ComponentChildren;
  value: ComponentChildren;
  title?: string;
  /** `sum` has a hairline above it, `small` explains. */
  kind?: 'sum' | 'small';
}

/** Words at the left, figures at the right. */
export function Lines({ lines }: { lines: readonly Line[] }) {
  return (
    <dl class={css.lines}>
      {lines.map(({ label, value, title, kind }, index) => (
        <div key={index} class={kind ? css[kind] : ''}>
          <dt>{label}</dt>
          <dd title={title}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
