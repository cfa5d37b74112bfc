// A toast: says for four seconds that something small was done ("Copied $106.40"). Never for errors.
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { Icon } from './icon.tsx';
import { check } from './step-icons.ts';
import css from './toast.module.css';

const SHOWN_MS = 4_000;

type Listener = (text: string) => void;
const listeners = new Set<Listener>();

/** Shows a toast in the page's region; a later one takes its place. */
export function toast(text: string): void {
  for (const listener of listeners) listener(text);
}

/** Stands once in a page. */
export function ToastRegion() {
  const [shown, setShown] = useState<{ text: string } | null>(null);
  // At once: a page may have something to say as soon as it has drawn the region.
  useLayoutEffect(() => {
    const listener: Listener = (text) => setShown({ text });
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, []);
  useEffect(() => {
    if (!shown) return;
    const timer = setTimeout(() => setShown(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [shown]);
  return (
    <div class={css.region} role="status" data-part="toast">
      {shown && (
        <div class={css.toast}>
          <Icon of={check} />
          <span>{shown.text}</span>
        </div>
      )}
    </div>
  );
}
