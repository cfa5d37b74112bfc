// One account's book on this device: the Y.Doc, its database, and what its sections say.
import * as v from 'valibot';
import * as Y from 'yjs';
import { bookName } from '../../shared/documents.ts';
import { openStore } from './store.ts';

export const BOOK_PREFIX = 'book/';
export const bookDatabase = (account: string, epoch: number) => `${BOOK_PREFIX}${bookName(account)}#${epoch}`;

/** What became of a proposal: with a `code` it was refused. */
const Answer = v.object({ intent: v.string(), code: v.optional(v.string()) });
type Answer = v.InferOutput<typeof Answer>;

/** What a book says, as it stands: whoever shows it checks it. */
export interface BookView {
  /** Value of a section; null where the book says nothing. */
  section: (name: string) => unknown;
  /** Money entries and refusals, oldest first. */
  recent: () => unknown[];
}

/** An open book: `close` ends it, `wipe` also deletes its database. */
export interface Book extends BookView {
  readonly name: string;
  readonly doc: Y.Doc;
  /** True when the book says something: a new replica is empty until its first sync. */
  hasContent(): boolean;
  /** True while it changes by itself: a grace window or a cluster is on. */
  isEventful(): boolean;
  /** What became of the last proposals, by their ids. */
  answers(): Map<string, Answer>;
  onChange(listener: () => void): void;
  close(): Promise<void>;
  wipe(): Promise<void>;
}

/** @param onLost called when the database went away beneath the book */
export async function openBook(account: string, epoch: number, onLost: () => void): Promise<Book> {
  const doc = new Y.Doc();
  const store = await openStore(bookDatabase(account, epoch), doc, onLost);
  const section = (name: string): unknown => doc.getMap(name).get('value') ?? null;
  return {
    name: bookName(account),
    doc,
    section,
    recent: () => doc.getArray<unknown>('recent').toArray(),
    hasContent: () => section('head') !== null || section('credits') !== null,
    isEventful: () =>
      fieldOf(section('credits'), 'state') === 'grace' ||
      listOf(section('clusters')).some((cluster) => (fieldOf(cluster, 'ended_at') ?? null) === null),
    answers() {
      const answers = listOf(section('answers')).filter((answer) => v.is(Answer, answer));
      return new Map(answers.map((answer) => [answer.intent, answer]));
    },
    onChange: (listener) => doc.on('update', listener),
    close: store.close,
    wipe: store.wipe,
  };
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
