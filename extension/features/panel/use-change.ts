// Asks for one change at a time and follows it to its answer. One id per click, so that a repeated message counts once.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { IntentKind } from '../../../shared/intents.ts';
import { send } from '../../view/messages.ts';
import { type IntentBody, newIntentId, propose } from '../../view/propose.ts';
import { earlierOf, outcomeOf } from './change.ts';
import { usePanel } from './panel-context.ts';

/**
 * `asking`: on its way to the worker; `waiting`: kept here until the server can be reached; `sent`: at the server;
 * `refused` by the rules, with their code; `failed`: this device could not keep it, nothing was asked.
 */
export type ChangeState = 'idle' | 'asking' | 'waiting' | 'sent' | 'settled' | 'refused' | 'failed';

export interface Change<Kind extends IntentKind> {
  state: ChangeState;
  /** Why, for `refused` and `failed`. */
  code: string | null;
  /** Kept on this device while the server cannot be reached: it is in the list of what waits, so a form may close. */
  kept: boolean;
  /** True from the click until the answer; what waits for the network does not hold a form. */
  busy: boolean;
  run(body: IntentBody<Kind>): void;
  /** The answer was read. */
  reset(): void;
}

/**
 * `subject` is the id that the change is about: its proposals of an earlier visit show too. Null for a kind of which an
 * account has only one; without it a form begins anew.
 */
export function useChange<Kind extends IntentKind>(kind: Kind, subject?: string | null): Change<Kind> {
  const { sections, snapshot } = usePanel();
  const [own, setOwn] = useState<{ id: string; text: string } | null>(null);
  const [asked, setAsked] = useState<'asking' | 'taken' | { failed: string } | null>(null);
  const seen = useRef(false);
  const pending = sections.pending ?? [];
  const earlier = own || subject === undefined ? undefined : earlierOf(pending, kind, subject ?? undefined);
  const id = own?.id ?? earlier?.id ?? null;
  const outcome = id === null ? null : outcomeOf(id, pending, sections.answers ?? []);
  useEffect(() => {
    if (outcome && (outcome.state === 'waiting' || outcome.state === 'sent')) seen.current = true;
  });

  let state: ChangeState = 'idle';
  if (typeof asked === 'object' && asked !== null) state = 'failed';
  else if (outcome) state = outcome.state;
  else if (asked === 'asking') state = 'asking';
  // It was in the list and has left it: a settled one stays there no longer.
  else if (asked === 'taken') state = seen.current ? 'settled' : 'sent';

  const isOnline = snapshot.connection === 'live';
  return {
    state,
    code:
      typeof asked === 'object' && asked !== null
        ? asked.failed
        : outcome?.state === 'refused'
          ? outcome.code
          : null,
    kept: state === 'waiting' && own !== null && !isOnline,
    busy: state === 'asking' || state === 'sent' || (state === 'waiting' && isOnline),
    run(body) {
      const text = JSON.stringify(body);
      // The same request again after a lost message keeps its id; another one is another request.
      const next = own && asked !== 'taken' && own.text === text ? own : { id: newIntentId(), text };
      seen.current = false;
      setOwn(next);
      setAsked('asking');
      void propose(kind, body, next.id)
        .then((answer) => setAsked(answer.ok ? 'taken' : { failed: answer.error }))
        .catch(() => setAsked({ failed: 'worker' }));
    },
    reset() {
      if (id !== null && outcome?.state === 'refused') void send('dismiss', id).catch(() => {});
      setOwn(null);
      setAsked(null);
    },
  };
}
