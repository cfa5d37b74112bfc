// Builds the replica from the browser's parts, and turns what it says into a snapshot and a toolbar face.
import { type Browser, browser } from 'wxt/browser';
import { type Clock, SECOND } from '../../../shared/time.ts';
import { toolbarFace } from '../../features/toolbar/toolbar-face.ts';
import { inWords } from '../../checkout/words.ts';
import { browserLocale } from '../../locales/browser.ts';
import { languageOf } from '../../locales/text.ts';
import { createAuthHttp } from '../../replica/auth-http.ts';
import { openBook } from '../../replica/book.ts';
import { wipeOtherDocuments } from '../../replica/databases.ts';
import { DEVICE_DATABASE, openDeviceStore } from '../../replica/device-store.ts';
import { openKeyedStore } from '../../replica/keyed-store.ts';
import { createLookup } from '../../replica/lookup.ts';
import { openProposalStore } from '../../replica/proposal-store.ts';
import { CONNECT_IONET, createRemote } from '../../replica/remote.ts';
import { Replica } from '../../replica/replica.ts';
import { parseServerAddress } from '../../replica/server-address.ts';
import { Session } from '../../replica/session.ts';
import { openTray } from '../../replica/tray.ts';
import { readAppearance, tagOf } from '../../view/appearance.ts';
import { watchAppearance } from '../../view/appearance-choice.ts';
import { closeAreasToContentScripts } from '../../view/areas.ts';
import { MAX_INTENT_BODY } from '../../../shared/tray.ts';
import type { Handlers } from '../../view/answer.ts';
import { openPanel } from '../../view/open-panel.ts';
import { DEFAULTS, type Preferences, readPreferences } from '../../view/preferences.ts';
import { readStored, type Snapshot } from '../../view/snapshot.ts';
import { salvageSnapshot } from '../../view/snapshot-schema.ts';
import { SnapshotWriter } from '../../view/snapshot-writer.ts';
import { readDress } from './checkout-dress.ts';
import { CheckoutPorts, type CheckoutPort } from './checkout-ports.ts';
import { composeSnapshot, isReadable } from './compose-snapshot.ts';
import { createNotification, createNotifier } from './notifier.ts';
import { SectionPorts } from './section-ports.ts';
import { createSyncAlarm } from './sync-alarm.ts';

/** What the listeners of the background use. */
export interface Worker {
  handlers: Handlers;
  hold(): () => void;
  /** Somebody follows sections on this port. */
  follow(port: Browser.runtime.Port): void;
  /** A checkout page asks on this port whether the credits are enough. */
  judge(port: CheckoutPort): void;
  sync(): Promise<void>;
  nudge(): void;
  /** A person chose otherwise. */
  prefer(chosen: Preferences): void;
}

export function createWorker(): Worker {
  const areas = browser.storage;
  const clock: Clock = { now: () => Date.now() };
  const call: typeof fetch = (...request) => fetch(...request);
  const keyed = openKeyedStore(DEVICE_DATABASE);
  const session = new Session({
    auth: createAuthHttp({ fetch: call, clock }),
    store: openDeviceStore(keyed),
    clock,
  });
  const remote = createRemote({ fetch: call, session, id: () => crypto.randomUUID() });
  const sections = new SectionPorts();
  const checkouts = new CheckoutPorts({
    remote,
    openPanel,
    now: clock.now,
    // As the extension's own pages do, whose language a page on the web stands beside.
    dress: async () => readDress(languageOf(tagOf(await readAppearance(areas)))),
  });
  watchAppearance(areas, () => checkouts.redress(), new AbortController().signal);
  const setAlarm = createSyncAlarm(browser.alarms);
  const writer = new SnapshotWriter(areas);
  const locale = browserLocale();
  const notifier = createNotifier(
    areas,
    (id, words) =>
      createNotification(browser.notifications, browser.runtime.getURL('/icon/128.png'), id, words),
    locale,
  );
  let shown: Snapshot | null = null;
  let preferences: Preferences = DEFAULTS;

  const paint = async () => {
    const face = toolbarFace(shown, clock.now(), locale, preferences.badge);
    await Promise.all([
      browser.action.setBadgeText({ text: face.text }),
      browser.action.setBadgeBackgroundColor({ color: face.color }),
      browser.action.setBadgeTextColor({ color: '#ffffff' }),
      browser.action.setTitle({ title: face.title }),
    ]);
  };
  const notify = () => {
    const notices = replica.view?.book?.section('notices');
    if (shown && Array.isArray(notices))
      void notifier.publish(notices, shown, preferences.notify, clock.now());
  };
  const replica: Replica = new Replica({
    session,
    proposals: openProposalStore(keyed),
    openBook,
    isReadable,
    openTray,
    wipeOthers: (record) => wipeOtherDocuments(indexedDB, record),
    lookup: createLookup({ fetch: call }),
    WebSocket,
    clock,
    random: Math.random,
    restAfter: 3 * SECOND,
    publish(view) {
      shown = view && composeSnapshot(view, shown, preferences.sync_minutes, clock.now());
      void writer.write(shown);
      void paint();
      sections.publish(view);
      checkouts.publish(view, shown);
      void setAlarm(view && preferences.sync_minutes);
      notify();
    },
  });

  const started = (async () => {
    await closeAreasToContentScripts(areas);
    preferences = await readPreferences(areas);
    shown = salvageSnapshot(await readStored(areas));
    await replica.start(shown);
  })();

  return {
    hold: () => replica.hold(),
    follow: (port) => sections.add(port),
    judge: (port) => checkouts.add(inWords(port, clock.now)),
    nudge: () => replica.nudge(),
    prefer(chosen) {
      preferences = chosen;
      if (replica.view) void setAlarm(chosen.sync_minutes);
      // What is switched on counts from now, not from the next change of the book.
      notify();
      void paint();
    },
    async sync() {
      await started;
      await replica.syncOnce();
      await paint();
    },
    handlers: {
      async connect(request) {
        await started;
        const server = parseServerAddress(request.server);
        if (server === null) return { error: 'invalid_server' };
        const { api_key, device_name, force } = request;
        return { error: await replica.signIn(server, api_key, device_name, force) };
      },
      async sign_out(force = false) {
        await started;
        return { waiting: await replica.signOut(force) };
      },
      async wipe(force = false) {
        await started;
        const waiting = await replica.signOut(force);
        if (waiting > 0) return { waiting };
        session.forget();
        await writer.write(null);
        await Promise.all([areas.local.clear(), areas.session.clear(), setAlarm(null), keyed.remove()]);
        return { waiting };
      },
      async propose({ id, kind, body }) {
        await started;
        if (JSON.stringify(body).length > MAX_INTENT_BODY) return { ok: false, error: 'invalid_request' };
        try {
          const taken = await replica.propose({ id, kind, at: clock.now(), body });
          return typeof taken === 'string'
            ? { ok: false, error: taken }
            : { ok: true, id, state: taken.state };
        } catch {
          return { ok: false, error: 'storage' };
        }
      },
      async cancel(id) {
        await started;
        return replica.cancel(id);
      },
      async dismiss(id) {
        await started;
        await replica.dismiss(id);
      },
      async page(k) {
        await started;
        const result = await replica.page(k);
        return result === 'signed_out' ? { ok: false, error: result } : result;
      },
      async remote(request) {
        await started;
        return remote(request);
      },
      async ionet(api_key) {
        await started;
        return remote(CONNECT_IONET, { api_key });
      },
      async refresh() {
        await started;
        return replica.syncOnce();
      },
      async status() {
        await started;
        const record = session.record;
        return {
          server: record?.server ?? null,
          device_name: record?.device_name ?? null,
          signed_in: Boolean(record?.tokens),
        };
      },
    },
  };
}
