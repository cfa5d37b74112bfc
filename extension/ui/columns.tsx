// Figures side by side, and lines that end in a sum.
import type { ComponentChildren } from 'preact';
import css from './columns.module.css';

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
