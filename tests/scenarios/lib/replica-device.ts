// A whole device in this process: the extension's own replica on an IndexedDB of its own, without a browser around it.
import { AsyncLocalStorage } from 'node:async_hooks';
import 'fake-indexeddb/auto';
import { createAuthHttp } from '../../../extension/replica/auth-http.ts';
import { openBook } from '../../../extension/replica/book.ts';
import { wipeOtherDocuments } from '../../../extension/replica/databases.ts';
import { DEVICE_DATABASE, openDeviceStore } from '../../../extension/replica/device-store.ts';
import { openKeyedStore } from '../../../extension/replica/keyed-store.ts';
import { createLookup } from '../../../extension/replica/lookup.ts';
import { openProposalStore } from '../../../extension/replica/proposal-store.ts';
import { Replica, type ReplicaDeps } from '../../../extension/replica/replica.ts';
import type { ReplicaView } from '../../../extension/replica/replica-view.ts';
import { Session } from '../../../extension/replica/session.ts';
import { openTray } from '../../../extension/replica/tray.ts';
import { uuidv7 } from '../../../shared/ids.ts';
import { checkedFetch } from '../../../sync-server/api/contract.ts';

// The libraries open databases on the global factory: each device's calls find its own there.
const factories = new AsyncLocalStorage<IDBFactory>();
const shared = indexedDB;
Object.defineProperty(globalThis, 'indexedDB', { get: () => factories.getStore() ?? shared });

/** What goes wrong at the `at`-th call of a storage: the worker dies before or after it took effect, or it fails. */
export interface Fault {
  at: number;
  how: 'killed_before' | 'killed_after' | 'fails';
}

/** All storage calls of one worker pass here. To a dead worker nothing answers any more: its code stops where it waits. */
class Fuse {
  fault: Fault | null = null;
  calls = 0;
  readonly #death = Promise.withResolvers<'killed'>();
  #dead = false;

  get dead(): boolean {
    return this.#dead;
  }

  get death(): Promise<'killed'> {
    return this.#death.promise;
  }

  die(): void {
    this.#dead = true;
    this.#death.resolve('killed');
  }

  async step<T>(call: () => Promise<T>): Promise<T> {
    this.calls += 1;
    const struck = this.fault?.at === this.calls ? this.fault.how : null;
    if (struck === 'fails') throw new Error('The disk is full.');
    if (struck === 'killed_before') this.die();
    if (!this.#dead) {
      const result = await call();
      if (struck === 'killed_after') this.die();
      if (!this.#dead) return result;
    }
    return new Promise(() => {});
  }

  /** The same object, some of whose calls pass here. */
  through<T extends object>(target: T, ...names: (keyof T)[]): T {
    const step = (call: () => Promise<unknown>) => this.step(call);
    return new Proxy(target, {
      get(object, name) {
        const member: unknown = Reflect.get(object, name, object);
        if (typeof member !== 'function' || !names.some((each) => each === name)) return member;
        return (...args: unknown[]) => step(() => member.apply(object, args));
      },
    });
  }
}

export interface ReplicaDevice {
  /** What this device keeps; another device may be booted on a copy or on the same. */
  readonly factory: IDBFactory;
  /** The running worker; null between `kill` and `boot`. */
  replica: Replica;
  session: Session;
  view(): ReplicaView | null;
  /** Proposes under a new id, or the given one; answers the id. */
  propose(kind: string, body: Record<string, unknown>, id?: string): Promise<string>;
  /** Someone looks from now on, until the worker ends. */
  look(): void;
  /** Cuts the network, or gives it back. */
  online: boolean;
  /** Storage calls of this worker from now on, and what happens to one of them. */
  strike(fault: Fault | null): void;
  readonly calls: number;
  /** What a call answers, or `killed` when its worker does not live to see it. */
  outcome<T>(call: () => Promise<T>): Promise<T | 'killed'>;
  /** Ends this worker as a browser does, and starts the next one on what is stored. */
  reboot(): Promise<void>;
}

/** Runs something as this device, so that it finds its databases. */
export function as<T>(factory: IDBFactory, task: () => T): T {
  return factories.run(factory, task);
}

let made = 0;
export function newIntentId(): string {
  made += 1;
  return uuidv7(
    Date.now(),
    Uint8Array.from({ length: 10 }, (_, at) => (made >> (at * 4)) & 255),
  );
}

export async function bootDevice(
  factory: IDBFactory = new IDBFactory(),
  more: Partial<ReplicaDeps> = {},
): Promise<ReplicaDevice> {
  let fuse = new Fuse();
  let online = true;
  let releases: (() => void)[] = [];
  const clock = { now: () => Date.now() };

  async function boot() {
    const mine = new Fuse();
    fuse = mine;
    /** A dead worker reaches no network, nor does one that is cut off. */
    class Socket extends WebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(mine.dead || !online ? 'ws://127.0.0.1:9' : url, protocols);
        sockets.push(this);
      }
    }
    const sockets: WebSocket[] = [];
    const keyed = openKeyedStore(DEVICE_DATABASE);
    const session = new Session({
      auth: createAuthHttp({ fetch: checkedFetch, clock }),
      store: mine.through(openDeviceStore(keyed), 'load', 'save'),
      clock,
    });
    const replica = new Replica({
      session,
      proposals: mine.through(openProposalStore(keyed), 'load', 'save'),
      // Nor does it notice what happens to databases.
      openBook: (account, epoch, onLost) =>
        mine.step(async () => {
          const book = await openBook(account, epoch, () => mine.dead || onLost());
          return mine.through(book, 'close', 'wipe');
        }),
      isReadable: () => true,
      openTray: (account, device, epoch, onLost) =>
        mine.step(async () => {
          const tray = await openTray(account, device, epoch, () => mine.dead || onLost());
          return mine.through(tray, 'append', 'close', 'wipe');
        }),
      wipeOthers: (record) => mine.step(() => wipeOtherDocuments(factory, record)),
      lookup: createLookup({ fetch: checkedFetch }),
      WebSocket: Socket,
      clock,
      random: () => 0,
      restAfter: 50,
      publish: () => {},
      ...more,
    });
    await replica.start(null);
    return { replica, session, sockets };
  }

  let worker = await as(factory, boot);
  return {
    factory,
    get replica() {
      return worker.replica;
    },
    get session() {
      return worker.session;
    },
    view: () => worker.replica.view,
    async propose(kind, body, id = newIntentId()) {
      const taken = await as(factory, () => worker.replica.propose({ id, kind, at: Date.now(), body }));
      if (typeof taken === 'string') throw new Error(taken);
      return id;
    },
    get online() {
      return online;
    },
    set online(now) {
      online = now;
      if (!now) for (const socket of worker.sockets) socket.close();
    },
    look() {
      releases.push(as(factory, () => worker.replica.hold()));
    },
    strike(fault) {
      fuse.fault = fault;
      fuse.calls = 0;
    },
    get calls() {
      return fuse.calls;
    },
    outcome: (call) => Promise.race([as(factory, call), fuse.death]),
    async reboot() {
      fuse.die();
      for (const socket of worker.sockets) socket.close();
      releases = [];
      worker = await as(factory, boot);
    },
  };
}
