// What this device remembers about its sign-in, in the extension's own IndexedDB: no content script can read it.
import { get, set } from 'idb-keyval';
import * as v from 'valibot';
import { type KeyedStore, openKeyedStore } from './keyed-store.ts';

const Tokens = v.object({
  access: v.string(),
  /** Instant of this device's clock until which `access` is good, ms. */
  access_until: v.number(),
  refresh: v.string(),
});
export type Tokens = v.InferOutput<typeof Tokens>;

/** One signed-in (or once signed-in) device. The API key is exchanged for tokens and never stands here. */
export const DeviceRecord = v.object({
  version: v.literal(1),
  server: v.string(),
  device_name: v.string(),
  device_id: v.nullable(v.string()),
  /** Null after a sign-out: address and device name stay for the next sign-in. */
  account_id: v.nullable(v.string()),
  /** Null when signed out, also by the server. */
  tokens: v.nullable(Tokens),
  /** Which database holds the book: healing opens the next one. */
  epoch: v.number(),
  /** The same for the tray. */
  tray_epoch: v.optional(v.number()),
  /** Server clock minus this device's clock, ms. */
  clock_offset: v.number(),
});
export type DeviceRecord = v.InferOutput<typeof DeviceRecord>;

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
      const parsed = v.safeParse(DeviceRecord, await get<unknown>(KEY, use));
      return parsed.success ? parsed.output : null;
    },
    save: (record) => set(KEY, record, use),
  };
}
