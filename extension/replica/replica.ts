// The local-first engine of the background worker: owns book and outbox, holds the connection while it matters, heals.
import type { Intent } from '../../shared/intents.ts';
import type { Clock, Ms } from '../../shared/time.ts';
import { MINUTE } from '../../shared/time.ts';
import type { AuthFailure } from './auth-http.ts';
import type { Book, BookView } from './book.ts';
import { Courier } from './courier.ts';
import type { DeviceRecord } from './device-store.ts';
import { Line } from './line.ts';
import { type LinkEnd, openLink } from './link.ts';
import type { Lookup } from './lookup.ts';
import { Outbox } from './outbox.ts';
import { Pages, type PageResult } from './pages.ts';
import type { Pending, ProposalStore } from './proposal-store.ts';
import { syncUrl } from './server-address.ts';
import { RENEW_BEFORE, type Session } from './session.ts';
import type { Tray } from './tray.ts';

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
  /** Proposals without an answer, and refusals that nobody has read; oldest first. No number in `book` contains them. */
  pending: readonly Pending[];
}

export interface ReplicaDeps {
  session: Session;
  proposals: ProposalStore;
  openBook: (account: string, epoch: number, onLost: () => void) => Promise<Book>;
  /** Whether this release can read a book: if not, better the last good numbers than wrong ones. */
  isReadable: (book: BookView) => boolean;
  openTray: (account: string, device: string, epoch: number, onLost: () => void) => Promise<Tray>;
  /** Deletes the documents that this sign-in does not need. */
  wipeOthers: (record: DeviceRecord | null) => Promise<void>;
  lookup: Lookup;
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
  readonly #line: Line;
  #book: Book | null = null;
  #courier: Courier | null = null;
  #pages: Pages | null = null;
  #connection: Connection = 'resting';
  #confirmedAt: Ms | null = null;
  #work: Promise<unknown> = Promise.resolve();

  constructor(deps: ReplicaDeps) {
    this.#deps = deps;
    const { session, clock, random, restAfter } = deps;
    this.#line = new Line({
      clock,
      random,
      restAfter,
      dial: (events) => {
        const record = session.record;
        if (!this.#book || !record?.tokens) return null;
        const url = syncUrl(record.server);
        const token = () => session.accessToken();
        return openLink({ url, book: this.#book, token, WebSocket: deps.WebSocket, ...events });
      },
      isBusy: () => this.#isBusy(),
      renewAt: () => (session.record?.tokens?.access_until ?? 0) - RENEW_BEFORE,
      serially: (task) => this.#serially(task),
      onSynced: () => {
        this.#confirm();
        this.#changed();
        void this.#serially(async () => this.#courier?.handOver());
      },
      onContact: () => this.#contact(),
      onEnd: (why) => this.#ended(why),
      onRest: () => {
        if (this.#connection === 'live') this.#connection = 'resting';
        this.#changed();
      },
    });
  }

  /** Opens what this device has. `last` is what its screens show: known failures stay shown until a sync succeeds. */
  start(last: { connection: Connection; confirmed_at: Ms | null } | null): Promise<void> {
    return this.#serially(async () => {
      await this.#deps.session.load();
      if (last?.connection === 'offline') this.#connection = 'offline';
      this.#confirmedAt = last?.confirmed_at ?? null;
      await this.#open();
      await this.#deps.wipeOthers(this.#deps.session.record);
      this.#changed();
      this.#line.connect();
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
      // The record of what waits stays: of this account it is carried over, of another it is kept for its return.
      await this.#courier?.outbox.close();
      if (before !== this.#deps.session.record?.account_id) this.#confirmedAt = null;
      this.#connection = 'resting';
      await this.#open();
      await old?.wipe();
      this.#changed();
      void this.syncOnce();
      return null;
    });
  }

  /**
   * Forgets account, tokens, book and proposals; the server learns of it when it can be reached. Answers how many
   * proposals wait: unless that is 0 or it is forced, nothing was done.
   */
  signOut(force: boolean): Promise<number> {
    return this.#serially(async () => {
      const waiting = this.#courier?.outbox.unanswered.length ?? 0;
      if (waiting > 0 && !force) return waiting;
      this.#disconnect();
      // What is killed between here and the end is finished at the next boot.
      await this.#courier?.outbox.forget();
      const revoke = await this.#deps.session.signOut();
      const open = [this.#book, this.#courier?.outbox.tray].filter((document) => document != null);
      this.#book = null;
      this.#courier = null;
      this.#pages = null;
      this.#confirmedAt = null;
      await Promise.all(open.map((document) => document.wipe()));
      await this.#deps.wipeOthers(this.#deps.session.record);
      await revoke();
      this.#changed();
      return 0;
    });
  }

  /**
   * Proposes a change; `id` is its idempotency key. Once it answers an item, that item is kept until it has its answer.
   * @throws when this device could not keep it: then nothing was proposed
   */
  propose(intent: Intent): Promise<Pending | 'full' | 'signed_out'> {
    return this.#serially(async () => {
      if (!this.#courier) return 'signed_out';
      const taken = await this.#courier.outbox.propose(intent, this.#courier.isHanded);
      this.#changed();
      if (taken !== 'full') void this.#serially(async () => this.#courier?.handOver());
      this.#line.nudge();
      return taken;
    });
  }

  /** Takes back a proposal that never left this device; false when it did, or is none. */
  cancel(id: string): Promise<boolean> {
    return this.#serially(async () => {
      const done = (await this.#courier?.outbox.cancel(id)) ?? false;
      this.#changed();
      this.#line.restSoon();
      return done;
    });
  }

  /** A person has read a refusal. */
  dismiss(id: string): Promise<void> {
    return this.#serially(async () => {
      await this.#courier?.outbox.dismiss(id);
      this.#changed();
    });
  }

  /** Page k of the history; a sealed one that was read before needs no server. */
  async page(k: number): Promise<PageResult | 'signed_out'> {
    const pages = this.#pages;
    if (!pages) return 'signed_out';
    const page = await pages.kept(k);
    if (page) return { ok: true, page };
    const release = this.hold();
    try {
      await this.#line.outcome();
      const link = this.#line.live;
      return link ? await pages.fetch(link, k) : { ok: false, error: 'offline' };
    } finally {
      release();
    }
  }

  /** Someone looks: stay connected until the returned function is called. */
  hold(): () => void {
    return this.#line.hold();
  }

  /** Connects if needed and says whether this device is in step with the server. */
  async syncOnce(): Promise<boolean> {
    const release = this.hold();
    try {
      return (await this.#line.outcome()) && this.#connection === 'live';
    } finally {
      release();
    }
  }

  /** The network may be back: try at once instead of waiting out the pause. */
  nudge(): void {
    this.#line.nudge();
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
      book:
        this.#book && (this.#connection === 'live' || this.#book.hasContent()) && this.#isReadable()
          ? this.#book
          : null,
      pending: this.#courier?.outbox.list ?? [],
    };
  }

  #changed(): void {
    this.#deps.publish(this.view);
  }

  async #open(): Promise<void> {
    this.#book = null;
    this.#courier = null;
    const account = this.#deps.session.record?.account_id;
    this.#pages = account ? new Pages(account) : null;
    if (!account) return;
    // A database that cannot be opened any more holds nothing that the server does not have.
    await this.#openBook().catch(() => this.#nextBook());
    await this.#openCourier();
  }

  async #openBook(): Promise<void> {
    const { session } = this.#deps;
    const { account_id, epoch } = session.record ?? {};
    if (!account_id || epoch === undefined) return;
    const book = await this.#deps.openBook(account_id, epoch, () => this.#lost(() => this.#nextBook()));
    this.#book = book;
    book.onChange(() => {
      if (this.#line.live) this.#confirm();
      this.#changed();
      this.#line.restSoon();
      void this.#serially(async () => this.#courier?.settle());
    });
  }

  async #openCourier(): Promise<void> {
    const { session, openTray, proposals, lookup } = this.#deps;
    const account = session.record?.account_id;
    const device = session.record?.device_id;
    if (!account || !device) return;
    const outbox = await Outbox.open(
      {
        store: proposals,
        openTray: async (fresh) => {
          if (fresh) await session.nextTrayEpoch();
          return openTray(account, device, session.record?.tray_epoch ?? 0, () =>
            this.#lost(async () => this.#courier?.outbox.renewTray()),
          );
        },
        onTrayChange: () => this.#courier?.trayChanged(),
      },
      account,
    );
    this.#courier = new Courier({
      outbox,
      live: () => this.#line.live,
      answers: () => this.#book?.answers() ?? new Map(),
      async lookUp(id) {
        const token = await session.accessToken().catch(() => null);
        return token && session.record ? lookup(session.record.server, token, id) : null;
      },
      serially: (task) => this.#serially(task),
      onChange: () => {
        this.#changed();
        this.#line.restSoon();
      },
    });
  }

  /** A database went away beneath its document: the next one takes its place. */
  #lost(renew: () => Promise<void>): void {
    void this.#serially(async () => {
      this.#disconnect();
      await renew();
      this.#line.connect();
    });
  }

  /** Drops the book and clones it again; screens keep the last good numbers meanwhile. */
  async #nextBook(): Promise<void> {
    const old = this.#book;
    await this.#deps.session.nextEpoch();
    await this.#openBook();
    await old?.wipe();
  }

  /** In step with the server, and the book can be read: then the numbers are right as of now. */
  #confirm(): void {
    const readable = this.#isReadable();
    this.#connection = readable ? 'live' : 'offline';
    if (readable) this.#confirmedAt = this.#deps.clock.now();
  }

  #isReadable(): boolean {
    return this.#book !== null && this.#deps.isReadable(this.#book);
  }

  /** The server spoke: the numbers are right as of now. Screens show minutes, so within one nothing is published. */
  #contact(): void {
    const minute = (at: Ms | null) => at && Math.floor(at / MINUTE);
    const shown = minute(this.#confirmedAt);
    this.#confirm();
    if (minute(this.#confirmedAt) !== shown) this.#changed();
    // What could not be written when it came is tried again.
    if (this.#courier?.outbox.unanswered.length) void this.#serially(async () => this.#courier?.handOver());
  }

  /** Answers whether there is a sign-in to try again with. */
  async #ended(why: LinkEnd): Promise<boolean> {
    const { session } = this.#deps;
    this.#courier?.drop();
    if (why === 'denied') await session.distrustAccess();
    if (why === 'foreign_bytes') await this.#nextBook();
    if (why === 'refused') await this.#courier?.outbox.renewTray();
    this.#connection = why === 'foreign_bytes' || why === 'refused' ? 'resting' : 'offline';
    this.#changed();
    return Boolean(session.record?.tokens);
  }

  #disconnect(): void {
    this.#courier?.drop();
    this.#line.disconnect();
  }

  /** Something waits for the server, or changes while nobody looks. */
  #isBusy(): boolean {
    if (!this.#deps.session.record?.tokens) return false;
    return (this.#courier?.outbox.unanswered.length ?? 0) > 0 || (this.#book?.isEventful() ?? false);
  }

  /** One change of state after the other; a failure of one does not stop the next. */
  #serially<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#work.then(task);
    this.#work = done.catch(() => null);
    return done;
  }
}
