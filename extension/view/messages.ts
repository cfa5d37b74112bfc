// What pages ask of the background worker, and what it answers. The worker's side, which checks it, is answer.ts.
import { browser } from 'wxt/browser';
import type { ChainedEntry } from '../../shared/proof.ts';

/** What a person types to connect; the address is read by the worker. */
export interface ConnectRequest {
  server: string;
  api_key: string;
  device_name: string;
  /** Also when changes of the account before are lost with it. */
  force?: boolean | undefined;
}

/**
 * Why a connect did not work; `refused` is the key, `invalid_server` the address, `other_account`: the key is good, but
 * changes of the account before wait to be sent and would be lost; the rest is the server behind the address.
 */
export type ConnectError =
  | 'invalid_request'
  | 'invalid_server'
  | 'refused'
  | 'unreachable'
  | 'unavailable'
  | 'not_a_server'
  | 'no_account'
  | 'other_account';

/** What the options form is filled with: the last address and device name, also after a sign-out. */
export interface DeviceStatus {
  server: string | null;
  device_name: string | null;
  signed_in: boolean;
}

/**
 * What became of a `propose`. `waiting` and `sent`: it is kept on this device until the server answers, whatever happens
 * to browser and network; `answered`: this id was proposed before and has its answer.
 * `full`: too many wait; `storage`: this device could not keep it, so nothing was proposed; `signed_out`: no account.
 */
export type ProposeAnswer =
  | { ok: true; id: string; state: 'waiting' | 'sent' | 'answered' }
  | { ok: false; error: 'invalid_request' | 'signed_out' | 'full' | 'storage' };

/** `waiting` proposals that would be lost: 0 when it was done, else nothing was done until asked with `force`. */
export interface ForgetAnswer {
  waiting: number;
}

/** `offline`: not on this device and no server; `broken_chain`: its entries do not prove each other. */
export type PageAnswer =
  | { ok: true; page: HistoryPage }
  | { ok: false; error: 'signed_out' | 'offline' | 'broken_chain' };

/** Entries n from 500k+1 to 500k+500, oldest first; a `sealed` page is full and never changes. */
export interface HistoryPage {
  k: number;
  sealed: boolean;
  /** Hash before the first entry. */
  prev: string;
  entries: ChainedEntry[];
}

/** `refused`: the server understood and said no; `offline`: it cannot be reached now. */
export type RemoteAnswer =
  | { ok: true; body: unknown }
  | { ok: false; error: 'signed_out' | 'offline' | 'refused' };

/** A change that a person asks for; `id` is made once per click, so that the same click never counts twice. */
export interface Proposal {
  id: string;
  kind: string;
  /** The JSON of the HTTP call that it stands for: `INTENT_BODIES` of shared/intents.ts. */
  body: Record<string, unknown>;
}

/** Name, request and answer of each message. */
export interface Protocol {
  connect(request: ConnectRequest): { error: ConnectError | null };
  /** Forgets account and tokens; address and device name stay. With `force` also what waits to be sent. */
  sign_out(force?: boolean): ForgetAnswer;
  /** Signs out and deletes all that this device keeps: databases, storage, alarms, badge. */
  wipe(force?: boolean): ForgetAnswer;
  /** Sync now; false when the server could not be reached. */
  refresh(): boolean;
  status(): DeviceStatus;
  /** Pages use `propose` of propose.ts, which makes the id and repeats a message that got lost. */
  propose(proposal: Proposal): ProposeAnswer;
  /** Takes back a proposal that never left this device; false when it did. */
  cancel(id: string): boolean;
  /** A person has read an answer: it leaves the pending list. */
  dismiss(id: string): void;
  /** Page k of the history, from this device or the server. Pages use `readHistoryPage` of history.ts. */
  page(k: number): PageAnswer;
  /** What no book says, asked of the server now: `GET /plans`, `GET /sessions`, `DELETE /sessions/<id>`, `DELETE /sources/ionet`. */
  remote(call: string): RemoteAnswer;
  /** Connects an io.net account by its key: `PUT /sources/ionet`. The key goes to the server and is kept nowhere here. */
  ionet(api_key: string): RemoteAnswer;
}

export type MessageName = keyof Protocol;
export type Request<Name extends MessageName> = Parameters<Protocol[Name]>[0];
export type Answer<Name extends MessageName> = ReturnType<Protocol[Name]>;

/** What travels back: an error is told by its message. */
export type Reply<Name extends MessageName> = { value: Answer<Name> } | { error: string };

/** Asks the worker, and wakes it if it sleeps. @throws Error when it does not answer, or answers with an error */
export async function send<Name extends MessageName>(
  name: Name,
  ...[data]: Parameters<Protocol[Name]>
): Promise<Answer<Name>> {
  const reply: Reply<Name> | undefined = await browser.runtime.sendMessage({ name, data });
  if (!reply) throw new Error('The background worker did not answer.');
  if ('error' in reply) throw new Error(reply.error);
  return reply.value;
}
