// What this device remembers about its sign-in, in the extension's own IndexedDB: no content script can read it.
import { get, set } from 'idb-keyval';
import * as z from 'zod/mini';
import { type KeyedStore, openKeyedStore } from './keyed-store.ts';

const Tokens = z.object({
  access: z.string(),
  /** Instant of this device's clock until which `access` is good, ms. */
  access_until: z.number(),
  refresh: z.string(),
});
export type Tokens = z.infer<typeof Tokens>;

/** One signed-in (or once signed-in) device. The API key is exchanged for tokens and never stands here. */
export const DeviceRecord = z.object({
  version: z.literal(1),
  server: z.string(),
  device_name: z.string(),
  device_id: z.nullable(z.string()),
  /** Null after a sign-out: address and device name stay for the next sign-in. */
  account_id: z.nullable(z.string()),
  /** Null when signed out, also by the server. */
  tokens: z.nullable(Tokens),
  /** Which database holds the book: healing opens the next one. */
  epoch: z.number().check(z.int(), z.nonnegative()),
  /** The same for the tray. */
  tray_epoch: z._default(z.number().check(z.int(), z.nonnegative()), 0),
  /** Server clock minus this device's clock, ms. */
  clock_offset: z.number(),
});
export type DeviceRecord = z.infer<typeof DeviceRecord>;

/** Keeps one device record; a write is durable when its promise resolves. */
export interface DeviceStore {
  load(): Promise<DeviceRecord | null>;
  save(record: DeviceRecord): Promise<void>;
}

/** What a device keeps beside its documents: the sign-in and the record of its proposals. */
export const DEVICE_DATABASE = 'io-glance';
const KEY = 'device';

/** A record that no longer parses counts as none: the device signs in again. */
export function openDeviceStore({ use }: KeyedStore = openKeyedStore(DEVICE_DATABASE)): DeviceStore {
  return {
    async load() {
      const parsed = z.safeParse(DeviceRecord, await get<unknown>(KEY, use));
      return parsed.success ? parsed.data : null;
    },
    save: (record) => set(KEY, record, use),
  };
}
