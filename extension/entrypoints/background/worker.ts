// Builds the replica from the browser's parts, and turns what it says into a snapshot and a toolbar face.
import { browser } from 'wxt/browser';
import { type Clock, SECOND } from '../../../shared/time.ts';
import { toolbarFace } from '../../features/toolbar/toolbar-face.ts';
import { toolbarLocale } from '../../locales/toolbar.ts';
import { createAuthHttp } from '../../replica/auth-http.ts';
import { openBook, wipeOtherBooks } from '../../replica/book.ts';
import { openDeviceStore } from '../../replica/device-store.ts';
import { Replica } from '../../replica/replica.ts';
import { parseServerAddress } from '../../replica/server-address.ts';
import { Session } from '../../replica/session.ts';
import { closeAreasToContentScripts } from '../../view/areas.ts';
import type { Handlers } from '../../view/answer.ts';
import { readPreferences } from '../../view/preferences.ts';
import type { Snapshot } from '../../view/snapshot.ts';
import { readStored } from '../../view/snapshot-reader.ts';
import { salvageSnapshot } from '../../view/snapshot-schema.ts';
import { SnapshotWriter } from '../../view/snapshot-writer.ts';
import { composeSnapshot } from './compose-snapshot.ts';

/** What the listeners of the background use. */
export interface Worker {
  handlers: Handlers;
  hold(): () => void;
  sync(): Promise<void>;
  nudge(): void;
}

export function createWorker(): Worker {
  const areas = browser.storage;
  const clock: Clock = { now: () => Date.now() };
  const session = new Session({
    auth: createAuthHttp({ fetch: (...request) => fetch(...request), clock }),
    store: openDeviceStore(),
    clock,
  });
  const writer = new SnapshotWriter(areas);
  const locale = toolbarLocale(navigator.language);
  let shown: Snapshot | null = null;
  let syncMinutes = 1;

  const paint = async () => {
    const face = toolbarFace(shown, clock.now(), locale);
    await Promise.all([
      browser.action.setBadgeText({ text: face.text }),
      browser.action.setBadgeBackgroundColor({ color: face.color }),
      browser.action.setBadgeTextColor({ color: '#ffffff' }),
      browser.action.setTitle({ title: face.title }),
    ]);
  };
  const replica = new Replica({
    session,
    openBook,
    wipeOthers: (account, epoch) => wipeOtherBooks(indexedDB, account, epoch),
    WebSocket,
    clock,
    random: Math.random,
    restAfter: 3 * SECOND,
    publish(view) {
      shown = view && composeSnapshot(view, shown, syncMinutes);
      void writer.write(shown);
      void paint();
    },
  });

  const started = (async () => {
    await closeAreasToContentScripts(areas);
    syncMinutes = (await readPreferences(areas)).sync_minutes;
    shown = salvageSnapshot(await readStored(areas));
    await replica.start(shown);
  })();

  return {
    hold: () => replica.hold(),
    nudge: () => replica.nudge(),
    async sync() {
      await started;
      syncMinutes = (await readPreferences(areas)).sync_minutes;
      await replica.syncOnce();
      await paint();
    },
    handlers: {
      async connect(request) {
        await started;
        const server = parseServerAddress(request.server);
        if (server === null) return { error: 'invalid_server' };
        return { error: await replica.signIn(server, request.api_key, request.device_name) };
      },
      async sign_out() {
        await started;
        await replica.signOut();
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
