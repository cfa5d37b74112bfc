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
import { Replica, type ReplicaDeps, type ReplicaView } from '../../../extension/replica/replica.ts';
import { Session } from '../../../extension/replica/session.ts';
import { openTray } from '../../../extension/replica/tray.ts';
import { uuidv7 } from '../../../shared/ids.ts';

// The libraries open databases on the global factory: each device's calls find its own there.
const factories = new AsyncLocalStorage<IDBFactory>();
const shared = indexedDB;
Object.defineProperty(globalThis, 'indexedDB', { get: () => factories.getStore() ?? shared });

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
  let dead: { now: boolean } = { now: true };
  let online = true;
  let releases: (() => void)[] = [];
  const clock = { now: () => Date.now() };

  async function boot() {
    const mine = { now: false };
    dead = mine;
    /** A dead worker reaches no network, nor does one that is cut off. */
    class Socket extends WebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(mine.now || !online ? 'ws://127.0.0.1:9' : url, protocols);
        sockets.push(this);
      }
    }
    const sockets: WebSocket[] = [];
    const keyed = openKeyedStore(DEVICE_DATABASE);
    const session = new Session({
      auth: createAuthHttp({ fetch, clock }),
      store: openDeviceStore(keyed),
      clock,
    });
    const replica = new Replica({
      session,
      proposals: openProposalStore(keyed),
      // Nor does it notice what happens to databases.
      openBook: (account, epoch, onLost) => openBook(account, epoch, () => mine.now || onLost()),
      isReadable: () => true,
      openTray: (account, device, epoch, onLost) =>
        openTray(account, device, epoch, () => mine.now || onLost()),
      wipeOthers: (record) => wipeOtherDocuments(factory, record),
      lookup: createLookup({ fetch }),
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
    async reboot() {
      dead.now = true;
      for (const socket of worker.sockets) socket.close();
      releases = [];
      worker = await as(factory, boot);
    },
  };
}
