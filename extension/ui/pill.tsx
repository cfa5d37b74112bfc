// A pill: only for a state that is not the normal one.
import type { ComponentChildren } from 'preact';
import css from './pill.module.css';

export type Tone = 'neutral' | 'accent' | 'pos' | 'warn' | 'bad';

export function Pill({ tone = 'neutral', children }: { tone?: Tone; children: ComponentChildren }) {
  return <span class={tone === 'neutral' ? css.pill : `${css.pill} ${css[tone]}`}>{children}</span>;
}
