// The documents of the account that is signed in: its book, its outbox on its way out, its history. One whose database
// is lost is opened anew in the next.
import type { Book } from './book.ts';
import { Courier } from './courier.ts';
import type { Link } from './link.ts';
import type { Lookup } from './lookup.ts';
import { Outbox } from './outbox.ts';
import { Pages } from './pages.ts';
import type { ProposalStore } from './proposal-store.ts';
import type { Session } from './session.ts';
import type { Tray } from './tray.ts';

export interface DocumentsDeps {
  session: Session;
  proposals: ProposalStore;
  openBook: (account: string, epoch: number, onLost: () => void) => Promise<Book>;
  openTray: (account: string, device: string, epoch: number, onLost: () => void) => Promise<Tray>;
  lookup: Lookup;
  /** The link while it is in step with the server. */
  live: () => Link | null;
  /** Runs one change of state after the other. */
  serially: <T>(task: () => Promise<T>) => Promise<T>;
  onBookChange: () => void;
  onCourierChange: () => void;
  /** A database went away beneath its document; `renew` puts the next one in its place. */
  onLost: (renew: () => Promise<void>) => void;
}

/** All null while nobody is signed in. Calls must not overlap: the replica makes them one after the other. */
export class Documents {
  readonly #deps: DocumentsDeps;
  #book: Book | null = null;
  #courier: Courier | null = null;
  #pages: Pages | null = null;

  constructor(deps: DocumentsDeps) {
    this.#deps = deps;
  }

  get book(): Book | null {
    return this.#book;
  }
  get courier(): Courier | null {
    return this.#courier;
  }
  get pages(): Pages | null {
    return this.#pages;
  }

  /** Opens what belongs to the sign-in; what was open before is left as it is. */
  async open(): Promise<void> {
    this.forget();
    const account = this.#deps.session.record?.account_id;
    if (!account) return;
    this.#pages = new Pages(account);
    // A database that cannot be opened any more holds nothing that the server does not have.
    await this.#openBook().catch(() => this.nextBook());
    await this.#openCourier();
  }

  /** Drops the book and clones it again; screens keep the last good numbers meanwhile. */
  async nextBook(): Promise<void> {
    const old = this.#book;
    await this.#deps.session.nextEpoch();
    await this.#openBook();
    await old?.wipe();
  }

  /** Answers how to wipe what was open. */
  forget(): () => Promise<void> {
    const open = [this.#book, this.#courier?.outbox.tray].filter((document) => document != null);
    this.#book = null;
    this.#courier = null;
    this.#pages = null;
    return async () => {
      await Promise.all(open.map((document) => document.wipe()));
    };
  }

  async #openBook(): Promise<void> {
    const { session, openBook, onLost, onBookChange } = this.#deps;
    const { account_id, epoch } = session.record ?? {};
    if (!account_id || epoch === undefined) return;
    const book = await openBook(account_id, epoch, () => onLost(() => this.nextBook()));
    this.#book = book;
    book.onChange(onBookChange);
  }

  async #openCourier(): Promise<void> {
    const { session, openTray, proposals, lookup, onLost } = this.#deps;
    const account = session.record?.account_id;
    const device = session.record?.device_id;
    if (!account || !device) return;
    const outbox = await Outbox.open(
      {
        store: proposals,
        openTray: async (fresh) => {
          if (fresh) await session.nextTrayEpoch();
          return openTray(account, device, session.record?.tray_epoch ?? 0, () =>
            onLost(async () => this.#courier?.outbox.renewTray()),
          );
        },
        onTrayChange: () => this.#courier?.trayChanged(),
      },
      account,
    );
    this.#courier = new Courier({
      outbox,
      live: this.#deps.live,
      answers: () => this.#book?.answers() ?? new Map(),
      async lookUp(id) {
        const token = await session.accessToken().catch(() => null);
        return token && session.record ? lookup(session.record.server, token, id) : null;
      },
      serially: this.#deps.serially,
      onChange: this.#deps.onCourierChange,
    });
  }
}
