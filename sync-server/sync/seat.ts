// Who sits where: one seat is one document on one socket, held by a verified token. Whoever may not is told the same,
// whether the document is another's or does not exist.
import { parseDocumentName, type DocumentName } from '../../shared/documents.ts';
import type { Ms } from '../../shared/time.ts';
import type { Caller } from '../identity/caller.ts';

/** A caller with an access token of scope account. */
export interface Member {
  principal: string;
  account: string;
  device: string;
  session: string;
  expiresAt: Ms;
}

export interface Seat {
  /** The document's full name, and what it stands for. */
  readonly name: string;
  readonly document: DocumentName;
  token: string;
  member: Member;
  /** When the token was last verified. */
  checkedAt: Ms;
  /** Client ids that the last awareness message named. */
  beats: ReadonlySet<number>;
  /** The device closes this document. */
  isClosing: boolean;
}

/** The member a caller is; null for API keys, staff and services, who have no documents. */
export function memberOf(caller: Caller): Member | null {
  const { principal, scope, account, device, session, expiresAt } = caller;
  if (scope !== 'account' || !account || !device || !session || expiresAt === null) return null;
  return { principal, account, device, session, expiresAt };
}

/** What a member may open under a name: the own book, the own pages, the tray of the own device. Null for all else. */
export function openable(member: Member, name: string): DocumentName | null {
  const document = parseDocumentName(name);
  if (document?.account !== member.account) return null;
  return document.kind !== 'tray' || document.device === member.device ? document : null;
}
