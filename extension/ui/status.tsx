// A cluster's status as shape, colour and word. The word comes from the caller's language, or as the server said it.
import css from './status.module.css';

const SHAPES: Record<string, 'live' | 'pending' | 'unpaid' | 'stopping' | 'failed' | ''> = {
  running: 'live',
  'termination requested': 'stopping',
  'deployment requested': 'pending',
  deploying: 'pending',
  unpaid: 'unpaid',
  failed: 'failed',
  completed: '',
  terminated: '',
  destroyed: '',
};

/** `status` is a status of shared/clusters.ts, or one that nobody here knows: it gets a dashed ring. */
export function Status({ status, word }: { status: string; word: string }) {
  const shape = SHAPES[status] ?? 'unknown';
  return <span class={shape === '' ? css.status : `${css.status} ${css[shape]}`}>{word}</span>;
}
