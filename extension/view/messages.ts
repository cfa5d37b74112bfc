// What pages ask of the background worker, and what it answers. Checked on arrival: a message may come from anywhere.
import { defineExtensionMessaging } from '@webext-core/messaging';
import * as z from 'zod/mini';

/** What a person types to connect; the address is read by the worker. */
export const ConnectRequest = z.object({
  server: z.string().check(z.maxLength(2048)),
  api_key: z.string().check(z.minLength(1), z.maxLength(512)),
  device_name: z.string().check(z.minLength(1), z.maxLength(64)),
});
export type ConnectRequest = z.infer<typeof ConnectRequest>;

/** Why a connect did not work; `refused` is the key, `invalid_server` the address, the rest the server behind it. */
export const CONNECT_ERRORS = [
  'invalid_request',
  'invalid_server',
  'refused',
  'unreachable',
  'unavailable',
  'not_a_server',
  'no_account',
] as const;
export type ConnectError = (typeof CONNECT_ERRORS)[number];

/** What the options form is filled with: the last address and device name, also after a sign-out. */
export interface DeviceStatus {
  server: string | null;
  device_name: string | null;
  signed_in: boolean;
}

interface Protocol {
  connect(request: ConnectRequest): { error: ConnectError | null };
  sign_out(): void;
  /** Sync now; false when the server could not be reached. */
  refresh(): boolean;
  status(): DeviceStatus;
}

const messaging = defineExtensionMessaging<Protocol>();
export const send = messaging.sendMessage;

/** What the worker does for each message. */
export interface Handlers {
  connect(request: ConnectRequest): Promise<ConnectError | null>;
  sign_out(): Promise<void>;
  refresh(): Promise<boolean>;
  status(): Promise<DeviceStatus>;
}

/** Answers the extension's own pages (their addresses start with `origin`); a content script gets an error. */
export function answerMessages(origin: string, handlers: Handlers): void {
  const trusted = (sender: { url?: string | undefined }) => {
    if (!sender.url?.startsWith(origin)) throw new Error('Only a page of this extension may ask for that.');
  };
  messaging.onMessage('connect', async ({ data, sender }) => {
    trusted(sender);
    const request = z.safeParse(ConnectRequest, data);
    return { error: request.success ? await handlers.connect(request.data) : 'invalid_request' };
  });
  messaging.onMessage('sign_out', async ({ sender }) => {
    trusted(sender);
    await handlers.sign_out();
  });
  messaging.onMessage('refresh', async ({ sender }) => {
    trusted(sender);
    return handlers.refresh();
  });
  messaging.onMessage('status', async ({ sender }) => {
    trusted(sender);
    return handlers.status();
  });
}
