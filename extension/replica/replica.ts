// The local-first engine of the background worker: owns book and outbox, holds the connection while it matters, heals.
import type { Intent } from '../../shared/intents.ts';
import type { Clock, Ms } from '../../shared/time.ts';
import { MINUTE, SECOND } from '../../shared/time.ts';
import type { AuthFailure } from './auth-http.ts';
import type { Book, BookView } from './book.ts';
import type { DeviceRecord } from './device-store.ts';
import { Line } from './line.ts';
import { type Link, type LinkEnd, openLink } from './link.ts';
import type { Lookup } from './lookup.ts';
import { Outbox, type Outcome } from './outbox.ts';
import { Pages, type PageResult } from './pages.ts';
import type { Pending, ProposalStore } from './proposal-store.ts';
import { syncUrl } from './server-address.ts';
import { RENEW_BEFORE, type Session } from './session.ts';
import type { Tray } from './tray.ts';

/** After this long without an answer in the book the server is asked for one. */
const LOOK_UP_AFTER: Ms = SECOND;

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
  #outbox: Outbox | null = null;
  #pages: Pages | null = null;
  #connection: Connection = 'resting';
  #confirmedAt: Ms | null = null;
  /** The tray as it hangs on a link. */
  #handed: { link: Link; tray: Tray; close: () => void } | null = null;
  #looking: ReturnType<typeof setTimeout> | undefined;
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
        void this.#serially(() => this.#handOver());
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
      await this.#outbox?.close();
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
      const waiting = this.#outbox?.unanswered.length ?? 0;
      if (waiting > 0 && !force) return waiting;
      this.#disconnect();
      // What is killed between here and the end is finished at the next boot.
      await this.#outbox?.forget();
      const revoke = await this.#deps.session.signOut();
      const open = [this.#book, this.#outbox?.tray].filter((document) => document != null);
      this.#book = null;
      this.#outbox = null;
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
      if (!this.#outbox) return 'signed_out';
      const taken = await this.#outbox.propose(intent, this.#isHanded());
      this.#changed();
      if (taken !== 'full') void this.#serially(() => this.#handOver());
      this.#line.nudge();
      return taken;
    });
  }

  /** Takes back a proposal that never left this device; false when it did, or is none. */
  cancel(id: string): Promise<boolean> {
    return this.#serially(async () => {
      const done = (await this.#outbox?.cancel(id)) ?? false;
      this.#changed();
      this.#line.restSoon();
      return done;
    });
  }

  /** A person has read a refusal. */
  dismiss(id: string): Promise<void> {
    return this.#serially(async () => {
      await this.#outbox?.dismiss(id);
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
      pending: this.#outbox?.list ?? [],
    };
  }

  #changed(): void {
    this.#deps.publish(this.view);
  }

  async #open(): Promise<void> {
    this.#book = null;
    this.#outbox = null;
    const account = this.#deps.session.record?.account_id;
    this.#pages = account ? new Pages(account) : null;
    if (!account) return;
    // A database that cannot be opened any more holds nothing that the server does not have.
    await this.#openBook().catch(() => this.#nextBook());
    await this.#openOutbox();
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
      void this.#serially(() => this.#settle());
    });
  }

  async #openOutbox(): Promise<void> {
    const { session, openTray } = this.#deps;
    const account = session.record?.account_id;
    const device = session.record?.device_id;
    if (!account || !device) return;
    this.#outbox = await Outbox.open(
      {
        store: this.#deps.proposals,
        openTray: async (fresh) => {
          if (fresh) await session.nextTrayEpoch();
          return openTray(account, device, session.record?.tray_epoch ?? 0, () =>
            this.#lost(async () => this.#outbox?.renewTray()),
          );
        },
        onTrayChange: () => {
          void this.#serially(() => this.#settle());
          clearTimeout(this.#looking);
          this.#looking = setTimeout(() => void this.#lookUp(), LOOK_UP_AFTER);
        },
      },
      account,
    );
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

  /** Book first, tray second: whatever is answered already is not sent again, and what is sent is marked before it goes. */
  async #handOver(): Promise<void> {
    await this.#settle();
    const [link, outbox] = [this.#line.live, this.#outbox];
    if (!link || !outbox || outbox.unanswered.length === 0) return;
    await outbox.refill();
    const { tray } = outbox;
    if (this.#handed?.link === link && this.#handed.tray === tray) return;
    await outbox.markSent();
    this.#handed?.close();
    this.#handed = null;
    if (this.#line.live !== link) return;
    this.#handed = { link, tray, close: link.open(tray, () => {}) };
    this.#changed();
  }

  #isHanded(): boolean {
    return this.#handed !== null && this.#handed.link === this.#line.live;
  }

  /** Takes the answers that the book has. */
  async #settle(more?: ReadonlyMap<string, Outcome>): Promise<void> {
    const outbox = this.#outbox;
    if (!outbox || outbox.unanswered.length === 0) return;
    if (!(await outbox.settle(more ?? this.#book?.answers() ?? new Map()))) return;
    this.#changed();
    this.#line.restSoon();
  }

  /** Asks for answers that the book no longer tells, of proposals that the server took. */
  async #lookUp(): Promise<void> {
    const { session, lookup } = this.#deps;
    const outcomes = new Map<string, Outcome>();
    for (const { intent } of this.#outbox?.taken ?? []) {
      const record = session.record;
      if (!this.#isHanded() || !record) break;
      const token = await session.accessToken().catch(() => null);
      const outcome = token === null ? null : await lookup(record.server, token, intent.id);
      if (outcome) outcomes.set(intent.id, outcome);
    }
    if (outcomes.size > 0) await this.#serially(() => this.#settle(outcomes));
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
    if (this.#outbox?.unanswered.length) void this.#serially(() => this.#handOver());
  }

  /** Answers whether there is a sign-in to try again with. */
  async #ended(why: LinkEnd): Promise<boolean> {
    const { session } = this.#deps;
    this.#handed = null;
    if (why === 'denied') await session.distrustAccess();
    if (why === 'foreign_bytes') await this.#nextBook();
    if (why === 'refused') await this.#outbox?.renewTray();
    this.#connection = why === 'foreign_bytes' || why === 'refused' ? 'resting' : 'offline';
    this.#changed();
    return Boolean(session.record?.tokens);
  }

  #disconnect(): void {
    this.#handed = null;
    this.#line.disconnect();
  }

  /** Something waits for the server, or changes while nobody looks. */
  #isBusy(): boolean {
    if (!this.#deps.session.record?.tokens) return false;
    return (this.#outbox?.unanswered.length ?? 0) > 0 || isEventful(this.#book);
  }

  /** One change of state after the other; a failure of one does not stop the next. */
  #serially<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#work.then(task);
    this.#work = done.catch(() => null);
    return done;
  }
}

/** A grace window or a cluster is on. */
function isEventful(book: Book | null): boolean {
  const credits = book?.section('credits');
  const clusters = book?.section('clusters');
  return (
    (isObject(credits) && credits['state'] === 'grace') ||
    (Array.isArray(clusters) && clusters.some((cluster) => isObject(cluster) && cluster['ended_at'] === null))
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
