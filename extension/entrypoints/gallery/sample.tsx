// One titled sample of the gallery.
import type { ComponentChildren } from 'preact';

export function Sample({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="sample">
      <h2>{title}</h2>
      {children}
    </section>
  );
}
