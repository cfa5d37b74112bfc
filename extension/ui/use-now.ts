// The present instant in a component that shows time: it alone is drawn again, not the page around it.
import { useEffect, useState } from 'preact/hooks';
import type { Ms } from '../../shared/time.ts';

/** Now, drawn again every `step` ms, on the step's own beat so that neighbours tick together; never while hidden. */
export function useNow(step: Ms): Ms {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tick = () => {
      clearTimeout(timer);
      if (document.hidden) return;
      setNow(Date.now());
      timer = setTimeout(tick, step - (Date.now() % step));
    };
    timer = setTimeout(tick, step - (Date.now() % step));
    document.addEventListener('visibilitychange', tick);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', tick);
    };
  }, [step]);
  return now;
}
