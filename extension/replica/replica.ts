// The local-first engine of the background worker: owns book and outbox, holds the connection while it matters, heals.
import type { Intent } from '../../shared/intents.ts';
import { type Clock, MINUTE, type Ms } from '../../shared/time.ts';
import type { BookView } from './book.ts';
import type { DeviceRecord } from './device-store.ts';
import { Documents, type DocumentsDeps } from './documents.ts';
import { Line } from './line.ts';
import { type LinkEnd, openLink } from './link.ts';
import type { PageResult } from './pages.ts';
import type { Pending } from './proposal-store.ts';
import type { Connection, ReplicaView } from './replica-view.ts';
import { syncUrl } from './server-address.ts';
import { createSeries } from './series.ts';
import { RENEW_BEFORE, type SignInFailure } from './session.ts';

export interface ReplicaDeps extends Pick<
  DocumentsDeps,
  'session' | 'proposals' | 'openBook' | 'openTray' | 'lookup'
> {
  /** Whether this release can read a book: if not, better the last good numbers than wrong ones. */
  isReadable: (book: BookView) => boolean;
  /** Deletes the documents that this sign-in does not need. */
  wipeOthers: (record: DeviceRecord | null) => Promise<void>;
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
  readonly #documents: Documents;
  #connection: Connection = 'resting';
  #confirmedAt: Ms | null = null;
  readonly #serially = createSeries();

  constructor(deps: ReplicaDeps) {
    this.#deps = deps;
    const { session, clock, random, restAfter } = deps;
    this.#line = new Line({
      clock,
      random,
      restAfter,
      dial: (events) => {
        const record = session.record;
        const { book } = this.#documents;
        if (!book || !record?.tokens) return null;
        const url = syncUrl(record.server);
        const token = () => session.accessToken();
        return openLink({ url, book, token, WebSocket: deps.WebSocket, ...events });
      },
      isBusy: () => this.#isBusy(),
      renewAt: () => (session.record?.tokens?.access_until ?? 0) - RENEW_BEFORE,
      serially: this.#serially,
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
    this.#documents = new Documents({
      ...deps,
      live: () => this.#line.live,
      serially: this.#serially,
      onBookChange: () => {
        if (this.#line.live) this.#confirm();
        this.#changedAndDone();
        void this.#serially(async () => this.#courier?.settle());
      },
      onCourierChange: () => this.#changedAndDone(),
      onLost: (renew) =>
        void this.#serially(async () => {
          this.#disconnect();
          await renew();
          this.#line.connect();
        }),
    });
  }

  /** Opens what this device has. `last` is what its screens show: known failures stay shown until a sync succeeds. */
  start(last: { connection: Connection; confirmed_at: Ms | null } | null): Promise<void> {
    return this.#serially(async () => {
      await this.#deps.session.load();
      if (last?.connection === 'offline') this.#connection = 'offline';
      this.#confirmedAt = last?.confirmed_at ?? null;
      await this.#documents.open();
      await this.#deps.wipeOthers(this.#deps.session.record);
      this.#changed();
      this.#line.connect();
    });
  }

  /**
   * Exchanges the key and starts a fresh replica; resolves before its first sync. Null is success. What waits to be sent
   * is carried over to the next sign-in of its account; a key of another one answers `other_account`, and does nothing
   * until it is forced: then it is lost, since nobody would expect it to be sent later.
   */
  signIn(server: string, apiKey: string, deviceName: string, force = false): Promise<SignInFailure | null> {
    return this.#serially(async () => {
      const before = this.#deps.session.record?.account_id;
      const admit = async (account: string) => {
        if (account === before || this.#waiting === 0) return true;
        if (force) await this.#courier?.outbox.forget();
        return force;
      };
      const failure = await this.#deps.session.signIn(server, apiKey, deviceName, admit);
      if (failure) return failure;
      this.#disconnect();
      const old = this.#documents.book;
      await this.#courier?.outbox.close();
      if (before !== this.#deps.session.record?.account_id) this.#confirmedAt = null;
      this.#connection = 'resting';
      await this.#documents.open();
      await old?.wipe();
      await this.#deps.wipeOthers(this.#deps.session.record);
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
      if (this.#waiting > 0 && !force) return this.#waiting;
      this.#disconnect();
      // What is killed between here and the end is finished at the next boot.
      await this.#courier?.outbox.forget();
      const revoke = await this.#deps.session.signOut();
      const wipe = this.#documents.forget();
      this.#confirmedAt = null;
      await wipe();
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
      this.#changedAndDone();
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
    const { pages } = this.#documents;
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
    const { book } = this.#documents;
    return {
      server: record.server,
      account_id: record.account_id,
      device_name: record.device_name,
      connection: record.tokens ? this.#connection : 'signed_out',
      confirmed_at: this.#confirmedAt,
      clock_offset: record.clock_offset,
      book: book && (this.#connection === 'live' || book.hasContent()) && this.#isReadable() ? book : null,
      pending: this.#courier?.outbox.list ?? [],
    };
  }

  get #courier() {
    return this.#documents.courier;
  }

  /** How many proposals have no answer. */
  get #waiting(): number {
    return this.#courier?.outbox.unanswered.length ?? 0;
  }

  #changed(): void {
    this.#deps.publish(this.view);
  }

  /** Nothing may be left that keeps it connected. */
  #changedAndDone(): void {
    this.#changed();
    this.#line.restSoon();
  }

  /** In step with the server, and the book can be read: then the numbers are right as of now. */
  #confirm(): void {
    const readable = this.#isReadable();
    this.#connection = readable ? 'live' : 'offline';
    if (readable) this.#confirmedAt = this.#deps.clock.now();
  }

  #isReadable(): boolean {
    const { book } = this.#documents;
    return book !== null && this.#deps.isReadable(book);
  }

  /** The server spoke: the numbers are right as of now. Screens show minutes, so within one nothing is published. */
  #contact(): void {
    const minute = (at: Ms | null) => at && Math.floor(at / MINUTE);
    const shown = minute(this.#confirmedAt);
    this.#confirm();
    if (minute(this.#confirmedAt) !== shown) this.#changed();
    // What could not be written when it came is tried again.
    if (this.#waiting > 0) void this.#serially(async () => this.#courier?.handOver());
  }

  /** Answers whether there is a sign-in to try again with. */
  async #ended(why: LinkEnd): Promise<boolean> {
    const { session } = this.#deps;
    this.#courier?.drop();
    if (why === 'denied') await session.distrustAccess();
    if (why === 'foreign_bytes') await this.#documents.nextBook();
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
    return this.#waiting > 0 || (this.#documents.book?.isEventful() ?? false);
  }
}
