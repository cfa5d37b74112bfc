// How a page asks for a change. One id per click: a message that got lost with the worker is repeated under the same id.
import type { z } from 'zod/mini';
import { uuidv7 } from '../../shared/ids.ts';
import type { INTENT_BODIES, IntentKind } from '../../shared/intents.ts';
import { type ProposeAnswer, send } from './messages.ts';

export type IntentBody<Kind extends IntentKind> = z.input<(typeof INTENT_BODIES)[Kind]>;

/** An id for one click; a form makes it once and keeps it until its proposal was taken. */
export function newIntentId(): string {
  return uuidv7(Date.now(), crypto.getRandomValues(new Uint8Array(10)));
}

/**
 * Proposes a change. Once the answer is `ok` it is kept on this device and settles exactly once; follow `pending` of the
 * snapshot by its id. @throws Error when the worker did not answer even when asked again: ask once more with the same id
 */
export async function propose<Kind extends IntentKind>(
  kind: Kind,
  body: IntentBody<Kind>,
  id = newIntentId(),
): Promise<ProposeAnswer> {
  const proposal = { id, kind, body: { ...body } };
  return send('propose', proposal).catch(() => send('propose', proposal));
}
