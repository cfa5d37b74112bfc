// What is left until an instant, ticking by itself: "4:12", "10 h 58 min".
import { useState } from 'preact/hooks';
import type { Ms } from '../../shared/time.ts';
import { countdownStep, formatCountdown } from './durations.ts';
import { useNow } from './use-now.ts';

interface Props {
  /** The instant, of the server's clock. */
  until: Ms;
  /** Server clock minus this device's, ms. */
  offset: Ms;
  language: string;
  /** The sentence around it. */
  children?: (left: string) => string;
}

export function Countdown({ until, offset, language, children = (left) => left }: Props) {
  const [step, setStep] = useState(() => countdownStep(until - offset - Date.now()));
  const left = until - offset - useNow(step);
  const next = countdownStep(left);
  if (next !== step) setStep(next);
  return <span class="num">{children(formatCountdown(left, language))}</span>;
}
