// The entries of an account, newest first, as far as this panel has read them: the last fifty come with the book, older
// ones page by page when someone scrolls, searches or exports.
import { useEffect, useReducer } from 'preact/hooks';
import type { Entry } from '../../../shared/account.ts';
import { readHistoryPage } from '../../view/history.ts';
import type { PageAnswer } from '../../view/messages.ts';
import { usePanel } from '../panel/panel-context.ts';

/** Entries of a page; page k holds n from 500k+1 to 500k+500. */
const PAGE = 500;

export type HistoryError = Extract<PageAnswer, { ok: false }>['error'] | 'worker';

export class History {
  readonly #known = new Map<number, Entry>();
  readonly #listeners = new Set<() => void>();
  readonly #read: (k: number) => Promise<PageAnswer>;
  #list: Entry[] = [];
  #loading: Promise<void> | null = null;
  total = 0;
  error: HistoryError | null = null;

  constructor(read: (k: number) => Promise<PageAnswer>) {
    this.#read = read;
  }

  /** Without a gap from the newest down. */
  get entries(): readonly Entry[] {
    return this.#list;
  }

  get complete(): boolean {
    return this.#list.length >= this.total;
  }

  get loading(): boolean {
    return this.#loading !== null;
  }

  /** What the book says: how many there are, and the last of them. */
  tell(total: number, recent: readonly Entry[]): void {
    if (total === this.total && recent.every(({ n }) => this.#known.has(n))) return;
    this.total = total;
    for (const entry of recent) this.#known.set(entry.n, entry);
    this.#relist();
  }

  /** Reads the next older page; one at a time. After an error the next call tries again. */
  more(): Promise<void> {
    if (this.complete) return Promise.resolve();
    this.#loading ??= this.#next().finally(() => {
      this.#loading = null;
      this.#notify();
    });
    return this.#loading;
  }

  /** The server can be reached again: what failed is no reason to stop any more. */
  forgive(): void {
    if (this.error === null) return;
    this.error = null;
    this.#notify();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async #next(): Promise<void> {
    const missing = this.total - this.#list.length;
    const answer = await this.#read(Math.floor((missing - 1) / PAGE)).catch(() => null);
    if (answer === null || !answer.ok) {
      this.error = answer === null ? 'worker' : answer.error;
      return;
    }
    const before = this.#list.length;
    for (const entry of answer.page.entries) if (!this.#known.has(entry.n)) this.#known.set(entry.n, entry);
    this.#relist();
    // A page that does not hold what was missing would be asked for again and again.
    this.error = this.#list.length === before ? 'offline' : null;
  }

  #relist(): void {
    // Older entries follow those that stand; with a new one in front all of them are told anew.
    const list = this.#list[0]?.n === this.total ? [...this.#list] : [];
    for (let n = this.total - list.length; n > 0; n -= 1) {
      const entry = this.#known.get(n);
      if (!entry) break;
      list.push(entry);
    }
    this.#list = list;
    this.#notify();
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}

let open: { account: string; history: History } | null = null;

/** The history of the account that is shown; it outlives a tab, so that coming back costs nothing. */
export function useHistory(): History {
  const { snapshot, sections } = usePanel();
  const { id } = snapshot.account;
  if (open?.account !== id) open = { account: id, history: new History(readHistoryPage) };
  const { history } = open;
  const [, draw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => history.subscribe(() => draw(undefined)), [history]);
  const isLive = snapshot.connection === 'live';
  useEffect(() => {
    if (isLive) history.forgive();
  }, [history, isLive]);
  const { head, recent } = sections;
  // At once and not after the first frame: an empty list must not flash where there is one.
  if (head !== undefined) history.tell(head?.n ?? 0, recent ?? []);
  return history;
}
