// Carries the outbox over the living link: the tray is handed over after the book is in step, and answers are taken from
// the book, or asked for when it no longer tells them.
import { type Ms, SECOND } from '../../shared/time.ts';
import type { Link } from './link.ts';
import type { Outbox, Outcome } from './outbox.ts';
import type { Tray } from './tray.ts';

/** After this long without an answer in the book the server is asked for one. */
const LOOK_UP_AFTER: Ms = SECOND;

export interface CourierDeps {
  outbox: Outbox;
  /** The link while it is in step with the server. */
  live: () => Link | null;
  /** What the book tells of proposals, by their ids. */
  answers: () => ReadonlyMap<string, Outcome>;
  /** Asks the server; null while nobody can tell. */
  lookUp: (id: string) => Promise<Outcome | null>;
  /** Runs one change of state after the other. */
  serially: (task: () => Promise<void>) => Promise<void>;
  onChange: () => void;
}

/** One account's way out. Calls other than `trayChanged` must not overlap: the replica makes them one after the other. */
export class Courier {
  readonly outbox: Outbox;
  readonly #deps: CourierDeps;
  /** The tray as it hangs on a link. */
  #handed: { link: Link; tray: Tray; close: () => void } | null = null;
  #looking: ReturnType<typeof setTimeout> | undefined;

  constructor(deps: CourierDeps) {
    this.#deps = deps;
    this.outbox = deps.outbox;
  }

  /** Whether what is proposed now leaves at once. */
  get isHanded(): boolean {
    return this.#handed !== null && this.#handed.link === this.#deps.live();
  }

  /** Book first, tray second: whatever is answered already is not sent again, and what is sent is marked before it goes. */
  async handOver(): Promise<void> {
    await this.settle();
    const { outbox } = this;
    const link = this.#deps.live();
    if (!link) return;
    if (outbox.unanswered.length === 0) {
      // On this link the server may be about to take it; on the next one nothing would.
      if (this.#handed?.link !== link) await outbox.tidy();
      return;
    }
    await outbox.refill();
    const { tray } = outbox;
    if (this.#handed?.link === link && this.#handed.tray === tray) return;
    await outbox.markSent();
    this.drop();
    if (this.#deps.live() !== link) return;
    this.#handed = { link, tray, close: link.open(tray, () => {}) };
    this.#deps.onChange();
  }

  /** The link is over, or the tray on it is another one now. */
  drop(): void {
    this.#handed?.close();
    this.#handed = null;
  }

  /** Takes the answers that the book has, or these. */
  async settle(outcomes?: ReadonlyMap<string, Outcome>): Promise<void> {
    if (this.outbox.unanswered.length === 0) return;
    if (await this.outbox.settle(outcomes ?? this.#deps.answers())) this.#deps.onChange();
  }

  /** The server took something, or something was added. */
  trayChanged(): void {
    void this.#deps.serially(() => this.settle());
    clearTimeout(this.#looking);
    this.#looking = setTimeout(() => void this.#lookUp(), LOOK_UP_AFTER);
  }

  /** Asks for answers that the book no longer tells, of proposals that the server took. */
  async #lookUp(): Promise<void> {
    const outcomes = new Map<string, Outcome>();
    for (const { intent } of this.outbox.taken) {
      if (!this.isHanded) break;
      const outcome = await this.#deps.lookUp(intent.id);
      if (outcome) outcomes.set(intent.id, outcome);
    }
    if (outcomes.size > 0) await this.#deps.serially(() => this.settle(outcomes));
  }
}
