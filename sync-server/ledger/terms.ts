// User Acknowledgment: the current terms are the server's, what was accepted is the account's.
import { type Command, type JsonObject, Refusal } from './command.ts';
import type { Draft } from './draft.ts';
import { notify } from './notices.ts';
import { personOf, termsOf } from './person-view.ts';
import { completeTask, keepPerson } from './person.ts';

/** `terms.accept`: only what is current can be accepted. Answers the terms section. */
export function acceptTerms(
  draft: Draft,
  { version }: Extract<Command, { kind: 'terms.accept' }>,
): JsonObject {
  const { terms } = personOf(draft);
  if (version !== draft.rules.terms.version) {
    throw new Refusal('version_conflict', 'These terms are not the current ones: read those first.', {
      version: draft.rules.terms.version,
    });
  }
  if (terms.accepted !== version) {
    keepPerson(draft, { terms: { ...terms, accepted: version, accepted_at: draft.now } });
    draft.show({ terms: termsOf(draft) });
    completeTask(draft, 'terms_accepted');
    draft.flush();
  }
  return termsOf(draft);
}

/** The server's terms have changed since this account was last told: it is told once, at whatever comes next. */
export function tellTerms(draft: Draft): void {
  const { terms } = personOf(draft);
  const { version } = draft.rules.terms;
  if (terms.told === null || terms.told === version) return;
  keepPerson(draft, { terms: { ...terms, told: version } });
  draft.show({ terms: termsOf(draft) });
  notify(draft, 'terms_updated', version, { version });
  draft.flush();
}
