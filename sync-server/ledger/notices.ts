// Items of the Notification Center: told by whatever rule they are about, in the journal row that brings it about.
import { type Notice, type NoticeCode, NOTICES } from '../../shared/notices.ts';
import { toRfc3339 } from '../../shared/time.ts';
import { briefNotice } from './brief.ts';
import { type Command, type JsonObject, Refusal } from './command.ts';
import type { Draft } from './draft.ts';
import type { NoticeBody, RecordOf } from './records.ts';

/** A notice as the book and `GET /notifications` show it. */
export function shown({ id, body }: RecordOf<'notice'>): Notice {
  const { code, subject, facts, created_at, seen_at } = body;
  return {
    id,
    code,
    ...NOTICES[code],
    created_at: toRfc3339(created_at),
    seen_at: seen_at === null ? null : toRfc3339(seen_at),
    subject,
    facts,
  };
}

/**
 * The id of the notice that a journal row brings: short, because a book says it again and again. It begins with its
 * number of digits as a letter, so that ids sort as their rows do, and behind every UUID.
 */
function idOf(seq: number): string {
  return `${'abcdefghijklmnop'.charAt(`${seq}`.length - 1)}${seq}`;
}

/** Adds a notice about `subject` (an id, or null for the account) to the running step. */
export function notify(
  draft: Draft,
  code: NoticeCode,
  subject: string | null,
  facts: NoticeBody['facts'],
): void {
  const body: NoticeBody = { code, subject, facts, created_at: draft.now, seen_at: null };
  const record = { kind: 'notice' as const, id: idOf(draft.rowOf('notices')), open: false, links: [], body };
  draft.put(record);
  draft.show({ notices: briefNotice(shown(record)) });
}

/** `notice.seen`: on one device is on all. Twice is once. */
export function seeNotice(draft: Draft, { id }: Extract<Command, { kind: 'notice.seen' }>): JsonObject {
  const record = draft.find('notice', id);
  if (!record) throw new Refusal('not_found', 'There is no such notice.');
  if (record.body.seen_at !== null) return shown(record);
  const next = { ...record, body: { ...record.body, seen_at: draft.now } };
  draft.put(next);
  draft.show({ notices: briefNotice(shown(next)) });
  draft.flush();
  return shown(next);
}
