// When this device is connected: while someone looks or something waits; when it tries again, and when it rests.
import { type Clock, type Ms, SECOND } from '../../shared/time.ts';
import type { Link, LinkEnd, LinkOptions } from './link.ts';

const RETRY_FIRST: Ms = SECOND / 2;
const RETRY_MOST: Ms = 30 * SECOND;
/** With nobody looking it tries this often, then leaves it to the alarm. */
const UNSEEN_TRIES = 5;
/** A connection that was silent for longer is dead, as after a sleep of the machine: its own beat comes back in 18 s. */
const SILENT_FOR: Ms = 25 * SECOND;

export type LinkEvents = Pick<LinkOptions, 'onSynced' | 'onContact' | 'onEnd'>;

export interface LineDeps {
  /** Opens a link; null when there is nothing to connect, or no token to connect with. */
  dial: (events: LinkEvents) => Link | null;
  /** Whether something waits that needs the connection although nobody looks. */
  isBusy: () => boolean;
  /** Instant at which the token in use must be renewed. */
  renewAt: () => Ms;
  /** Runs one change of state after the other. */
  serially: (task: () => Promise<void>) => Promise<void>;
  onSynced: () => void;
  onContact: () => void;
  /** Answers whether to try again. */
  onEnd: (why: LinkEnd) => Promise<boolean>;
  /** Nobody looks any more, and nothing waits: disconnected on purpose. */
  onRest: () => void;
  clock: Clock;
  random: () => number;
  restAfter: Ms;
}

export class Line {
  readonly #deps: LineDeps;
  #link: Link | null = null;
  #synced = false;
  #heardAt: Ms = 0;
  #holds = 0;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #renewal: ReturnType<typeof setTimeout> | undefined;
  #outcomes: ((synced: boolean) => void)[] = [];

  constructor(deps: LineDeps) {
    this.#deps = deps;
  }

  /** The link while it is in step with the server. */
  get live(): Link | null {
    return this.#synced ? this.#link : null;
  }

  /** Someone looks: stay connected until the returned function is called. */
  hold(): () => void {
    this.#holds += 1;
    this.nudge();
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.#holds -= 1;
      this.restSoon();
    };
  }

  /** Something may have changed that kept it connected. */
  restSoon(): void {
    if (this.#holds > 0 || !this.#link) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#holds > 0 || this.#deps.isBusy()) return;
      this.disconnect();
      this.#deps.onRest();
    }, this.#deps.restAfter);
  }

  /** Something waits, or the network may be back: try at once instead of waiting out the pause. */
  nudge(): void {
    if (!this.#isWanted()) return;
    clearTimeout(this.#timer);
    this.#failures = 0;
    void this.#deps.serially(async () => this.connect());
  }

  /** Connects if that is wanted; a connection that died in silence is replaced. */
  connect(): void {
    if (this.live && this.#deps.clock.now() - this.#heardAt > SILENT_FOR) this.disconnect();
    if (this.#link || !this.#isWanted()) return;
    const link = this.#deps.dial({
      onSynced: () => {
        this.#failures = 0;
        this.#synced = true;
        this.#heardAt = this.#deps.clock.now();
        this.#renewLater();
        this.#deps.onSynced();
        this.#settle(true);
        this.restSoon();
      },
      onContact: () => {
        this.#heardAt = this.#deps.clock.now();
        this.#deps.onContact();
      },
      onEnd: (why) => {
        this.#forget();
        void this.#deps.serially(() => this.#ended(why));
      },
    });
    this.#link = link;
    if (!link) this.#settle(false);
  }

  disconnect(): void {
    clearTimeout(this.#timer);
    this.#link?.close();
    this.#forget();
    this.#settle(false);
  }

  /** Resolves when the connection that is being made is in step, or has failed. */
  async outcome(): Promise<boolean> {
    await this.#deps.serially(async () => this.connect());
    if (this.live) return true;
    if (!this.#link) return false;
    return new Promise((resolve) => this.#outcomes.push(resolve));
  }

  #isWanted(): boolean {
    return this.#holds > 0 || this.#deps.isBusy();
  }

  #forget(): void {
    clearTimeout(this.#renewal);
    this.#link = null;
    this.#synced = false;
  }

  async #ended(why: LinkEnd): Promise<void> {
    // A storage that fails now may work the next time.
    const again = await this.#deps.onEnd(why).catch(() => true);
    this.#settle(false);
    if (!again || !this.#isWanted()) return;
    this.#failures += 1;
    if (this.#holds === 0 && this.#failures > UNSEEN_TRIES) return;
    // What was healed is asked at once; if it is refused again, with patience.
    const isHealed = (why === 'foreign_bytes' || why === 'refused') && this.#failures === 1;
    const pause =
      Math.min(RETRY_MOST, RETRY_FIRST * 2 ** (this.#failures - 1)) * (0.5 + this.#deps.random() / 2);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => void this.#deps.serially(async () => this.connect()),
      isHealed ? 0 : pause,
    );
  }

  /** A token is shown anew over the living connection, before the server hangs up on the old one. */
  #renewLater(): void {
    clearTimeout(this.#renewal);
    const wait = Math.max(SECOND, this.#deps.renewAt() - this.#deps.clock.now());
    this.#renewal = setTimeout(() => {
      this.live?.renew();
      this.#renewLater();
    }, wait);
  }

  #settle(synced: boolean): void {
    for (const resolve of this.#outcomes.splice(0)) resolve(synced);
  }
}
