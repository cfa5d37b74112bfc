// What becomes of a change that a person asked for: waiting, sent, settled or refused. Pure.
import type { Answer } from '../../../shared/account.ts';
import type { SnapshotPending } from '../../view/snapshot.ts';

/** `waiting`: on this device; `sent`: maybe at the server; then its answer. */
export type Outcome = { state: 'waiting' | 'sent' | 'settled' } | { state: 'refused'; code: string };

/** What is known of a proposal; null when neither list names it (yet, or any more). */
export function outcomeOf(
  id: string,
  pending: readonly SnapshotPending[],
  answers: readonly Answer[],
): Outcome | null {
  const waits = pending.find((item) => item.id === id);
  if (waits && waits.state !== 'answered') return { state: waits.state };
  const answer = waits ?? answers.find(({ intent }) => intent === id);
  if (!answer) return null;
  return answer.code === undefined ? { state: 'settled' } : { state: 'refused', code: answer.code };
}

/** Proposals of a kind, about a subject when one is named, that have no answer yet. */
export function waitingOf(
  pending: readonly SnapshotPending[],
  kind: string,
  subject?: string,
): SnapshotPending[] {
  return pending.filter(
    (item) =>
      item.kind === kind && item.state !== 'answered' && (subject === undefined || item.subject === subject),
  );
}

/** The proposal of an earlier visit that still says something: one without an answer, else one that was refused. */
export function earlierOf(
  pending: readonly SnapshotPending[],
  kind: string,
  subject?: string,
): SnapshotPending | undefined {
  const [waiting] = waitingOf(pending, kind, subject);
  return (
    waiting ??
    pending.find(
      (item) =>
        item.kind === kind && item.code !== undefined && (subject === undefined || item.subject === subject),
    )
  );
}
