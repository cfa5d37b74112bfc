// The local-first engine of the background worker: owns the book, holds the connection while it matters, heals.
import type { Clock, Ms } from '../../shared/time.ts';
import { MINUTE, SECOND } from '../../shared/time.ts';
import type { AuthFailure } from './auth-http.ts';
import type { Book, BookView } from './book.ts';
import { type LinkEnd, openLink } from './link.ts';
import { syncUrl } from './server-address.ts';
import type { Session } from './session.ts';

const RETRY_FIRST: Ms = SECOND / 2;
const RETRY_MOST: Ms = 30 * SECOND;

/**
 * `live` connected and in step, `resting` disconnected on purpose after a good sync, `offline` the server does not
 * answer, `signed_out` the server ended this sign-in.
 */
export type Connection = 'live' | 'resting' | 'offline' | 'signed_out';

/** What the replica knows; `book` is null while a new replica waits for its first sync. */
export interface ReplicaView {
  server: string;
  account_id: string;
  device_name: string;
  connection: Connection;
  /** Last instant (this device's clock) at which the server confirmed the numbers. */
  confirmed_at: Ms | null;
  clock_offset: Ms;
  book: BookView | null;
}

export interface ReplicaDeps {
  session: Session;
  openBook: (account: string, epoch: number) => Promise<Book>;
  /** Deletes what earlier epochs left behind. */
  wipeOthers: (account: string, epoch: number) => Promise<void>;
  WebSocket: typeof WebSocket;
  clock: Clock;
  /** In [0, 1): spreads reconnects. */
  random: () => number;
  /** How long the connection outlives its last surface: a popup that reopens finds it still there. */
  restAfter: Ms;
  /** Called after each change; null when no account is signed in. */
  publish: (view: ReplicaView | null) => void;
}

export class Replica {
  readonly #deps: ReplicaDeps;
  #book: Book | null = null;
  #connection: Connection = 'resting';
  #confirmedAt: Ms | null = null;
  #link: { close(): void } | null = null;
  #synced = false;
  #holds = 0;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #outcomes: ((synced: boolean) => void)[] = [];
  #work: Promise<unknown> = Promise.resolve();

  constructor(deps: ReplicaDeps) {
    this.#deps = deps;
  }

  /** Opens what this device has. `last` is what its screens show: known failures stay shown until a sync succeeds. */
  start(last: { connection: Connection; confirmed_at: Ms | null } | null): Promise<void> {
    return this.#serially(async () => {
      await this.#deps.session.load();
      if (last?.connection === 'offline') this.#connection = 'offline';
      this.#confirmedAt = last?.confirmed_at ?? null;
      await this.#open();
      const record = this.#deps.session.record;
      if (record?.account_id) await this.#deps.wipeOthers(record.account_id, record.epoch);
      this.#changed();
      if (this.#holds > 0) this.#connect();
    });
  }

  /** Exchanges the key and starts a fresh replica; resolves before its first sync. Null is success. */
  signIn(server: string, apiKey: string, deviceName: string): Promise<AuthFailure | null> {
    return this.#serially(async () => {
      const before = this.#deps.session.record?.account_id;
      const failure = await this.#deps.session.signIn(server, apiKey, deviceName);
      if (failure) return failure;
      this.#disconnect();
      const old = this.#book;
      if (before !== this.#deps.session.record?.account_id) this.#confirmedAt = null;
      this.#connection = 'resting';
      await this.#open();
      await old?.wipe();
      this.#changed();
      void this.syncOnce();
      return null;
    });
  }

  /** Forgets tokens and book; the server learns of it when it can be reached. */
  signOut(): Promise<void> {
    return this.#serially(async () => {
      this.#disconnect();
      const old = this.#book;
      this.#book = null;
      this.#confirmedAt = null;
      const revoked = this.#deps.session.signOut();
      await old?.wipe();
      await revoked;
      this.#changed();
    });
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
      if (this.#holds > 0) return;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#rest(), this.#deps.restAfter);
    };
  }

  /** Connects if needed and says whether this device is in step with the server. */
  async syncOnce(): Promise<boolean> {
    const release = this.hold();
    try {
      await this.#serially(async () => this.#connect());
      if (this.#link === null) return false;
      if (this.#connection === 'live') return true;
      return await new Promise<boolean>((resolve) => this.#outcomes.push(resolve));
    } finally {
      release();
    }
  }

  /** The network may be back: try at once instead of waiting out the pause. */
  nudge(): void {
    if (this.#holds === 0) return;
    clearTimeout(this.#timer);
    this.#failures = 0;
    void this.#serially(async () => this.#connect());
  }

  get view(): ReplicaView | null {
    const record = this.#deps.session.record;
    if (!record?.account_id) return null;
    return {
      server: record.server,
      account_id: record.account_id,
      device_name: record.device_name,
      connection: record.tokens ? this.#connection : 'signed_out',
      confirmed_at: this.#confirmedAt,
      clock_offset: record.clock_offset,
      book: this.#book && (this.#connection === 'live' || this.#book.hasContent()) ? this.#book.read() : null,
    };
  }

  #changed(): void {
    this.#deps.publish(this.view);
  }

  async #open(): Promise<void> {
    const open = async () => {
      const record = this.#deps.session.record;
      return record?.account_id ? this.#deps.openBook(record.account_id, record.epoch) : null;
    };
    this.#book = await open().catch(async () => {
      // A database that cannot be opened any more holds nothing that the server does not have.
      await this.#deps.session.nextEpoch();
      return open();
    });
    this.#book?.onChange(() => {
      if (this.#synced) this.#confirm();
      this.#changed();
    });
  }

  #connect(): void {
    const record = this.#deps.session.record;
    if (this.#link || !this.#book || !record?.tokens) return;
    this.#link = openLink({
      url: syncUrl(record.server),
      name: this.#book.name,
      doc: this.#book.doc,
      token: () => this.#deps.session.accessToken(),
      WebSocket: this.#deps.WebSocket,
      onSynced: () => {
        this.#failures = 0;
        this.#synced = true;
        this.#confirm();
        this.#settle(this.#connection === 'live');
        this.#changed();
      },
      onContact: () => this.#contact(),
      onEnd: (why) => {
        this.#link = null;
        this.#synced = false;
        void this.#serially(() => this.#ended(why));
      },
    });
  }

  /** In step with the server, and the book can be read: then the numbers are right as of now. */
  #confirm(): void {
    const readable = this.#book?.read() != null;
    this.#connection = readable ? 'live' : 'offline';
    if (readable) this.#confirmedAt = this.#deps.clock.now();
  }

  /** The server spoke: the numbers are right as of now. Screens show minutes, so within one nothing is published. */
  #contact(): void {
    const minute = (at: Ms | null) => at && Math.floor(at / MINUTE);
    const shown = minute(this.#confirmedAt);
    this.#confirm();
    if (minute(this.#confirmedAt) !== shown) this.#changed();
  }

  async #ended(why: LinkEnd): Promise<void> {
    if (why === 'denied') await this.#deps.session.distrustAccess();
    if (why === 'foreign_bytes') await this.#heal();
    else this.#connection = 'offline';
    this.#settle(false);
    this.#changed();
    if (this.#holds === 0 || !this.#deps.session.record?.tokens) return;
    const pause = Math.min(RETRY_MOST, RETRY_FIRST * 2 ** this.#failures) * (0.5 + this.#deps.random() / 2);
    this.#failures += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => void this.#serially(async () => this.#connect()),
      why === 'foreign_bytes' ? 0 : pause,
    );
  }

  /** Drops what the server never wrote and clones again; screens keep the last good numbers meanwhile. */
  async #heal(): Promise<void> {
    const old = this.#book;
    this.#connection = 'resting';
    await this.#deps.session.nextEpoch();
    await this.#open();
    await old?.wipe();
  }

  #rest(): void {
    if (this.#holds > 0) return;
    this.#disconnect();
    if (this.#connection === 'live') this.#connection = 'resting';
    this.#changed();
  }

  #disconnect(): void {
    clearTimeout(this.#timer);
    this.#link?.close();
    this.#link = null;
    this.#synced = false;
    this.#settle(false);
  }

  #settle(synced: boolean): void {
    for (const resolve of this.#outcomes.splice(0)) resolve(synced);
  }

  /** One change of state after the other; a failure of one does not stop the next. */
  #serially<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#work.then(task);
    this.#work = done.catch(() => null);
    return done;
  }
}
