// A section of a screen: between hairlines, under a quiet heading.
import type { ComponentChildren } from 'preact';
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
  return (
    <section class={css.section} aria-label={title} data-part={part}>
      <div class={css.head}>
        <h2>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
