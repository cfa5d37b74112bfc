// The two storage areas of a snapshot: `session` is fast and in memory, `local` survives a restart of the browser.
import type { Browser } from 'wxt/browser';

export interface Areas {
  session: Browser.storage.StorageArea;
  local: Browser.storage.StorageArea;
}

/** Content scripts must not read either area; said again at every boot, since the default of `local` is open. */
export async function closeAreasToContentScripts(areas: Areas): Promise<void> {
  const closing = [areas.session, areas.local].map((area) =>
    // Firefox has no access levels: there content scripts share `local`, which holds no secret.
    area.setAccessLevel?.({ accessLevel: 'TRUSTED_CONTEXTS' }),
  );
  await Promise.all(closing);
}
