// A device on the real protocol: Hocuspocus' own provider over a real WebSocket, and a raw socket for what no honest
// provider would send.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import { createEncoder, toUint8Array, writeVarString, writeVarUint, writeVarUint8Array } from 'lib0/encoding';
import { createDecoder, hasContent, readVarInt, readVarString, readVarUint } from 'lib0/decoding';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import type { Credits, Entry, Head } from '../../../shared/account.ts';
import { until } from '../../tools/harness/until.ts';

const SYNC_STATUS = 8;

export interface Device {
  readonly doc: Y.Doc;
  readonly provider: HocuspocusProvider;
  readonly socket: HocuspocusProviderWebsocket;
  /** Reasons for which the server refused to open the document. */
  readonly denials: string[];
  /** Close codes and reasons, of the socket and of the document on it. */
  readonly closes: { code: number; reason: string }[];
  /** What the server answered to this device's updates: true for merged. */
  readonly acks: boolean[];
  [Symbol.dispose](): void;
}

/** Opens one document over a socket of its own, or over another device's. */
export function open(
  address: string,
  name: string,
  token: string | (() => string),
  { doc = new Y.Doc(), over }: { doc?: Y.Doc; over?: Device } = {},
): Device {
  const socket =
    over?.socket ??
    new HocuspocusProviderWebsocket({
      url: address,
      WebSocketPolyfill: WebSocket,
      delay: 30,
      minDelay: 30,
      maxDelay: 100,
    });
  const denials: string[] = [];
  const closes: Device['closes'] = [];
  const acks: boolean[] = [];
  const provider = new HocuspocusProvider({
    websocketProvider: socket,
    name,
    document: doc,
    token,
    onAuthenticationFailed: ({ reason }) => denials.push(reason),
    onClose: ({ event }) => closes.push({ code: event.code, reason: event.reason }),
    onMessage: ({ event }) => {
      const decoder = createDecoder(new Uint8Array(event.data));
      readVarString(decoder);
      if (readVarUint(decoder) === SYNC_STATUS) acks.push(readVarInt(decoder) === 1);
    },
  });
  provider.attach();
  return {
    doc,
    provider,
    socket,
    denials,
    closes,
    acks,
    [Symbol.dispose]() {
      provider.destroy();
      // One that is just connecting fails when it is closed, after the provider has stopped to listen.
      socket.webSocket?.addEventListener('error', () => {});
      if (!over) socket.destroy();
    },
  };
}

const STEP_MS = 5;

/** `until` in steps short enough for a local socket. */
export function soon<T>(what: string, ask: () => Promise<T> | T, ms = 10_000): Promise<NonNullable<T>> {
  return until(what, ask, ms, STEP_MS);
}

export const headOf = (doc: Y.Doc) => doc.getMap<Head>('head').get('value');
export const creditsOf = (doc: Y.Doc) => doc.getMap<Credits>('credits').get('value');
export const entriesOf = (doc: Y.Doc) => doc.getArray<Entry>('recent').toArray();
/** One text for all bytes of a document. */
export const sha = (doc: Y.Doc) => createHash('sha256').update(Y.encodeStateAsUpdate(doc)).digest('hex');

/** A raw socket that speaks only what a test makes it say. */
export class RawDevice {
  readonly ws: WebSocket;
  /** Messages by the document they came for: type, then the rest. */
  readonly received: { name: string; type: number; text: string | null }[] = [];
  closed: { code: number; reason: string } | null = null;

  /** @param from the network it comes from, as a proxy would tell */
  constructor(address: string, from?: string) {
    this.ws = new WebSocket(address, from === undefined ? {} : { headers: { 'x-forwarded-for': from } });
    this.ws.on('error', () => {});
    this.ws.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
    });
    this.ws.on('message', (data: Buffer) => this.#read(data));
  }

  #read(data: Buffer): void {
    const decoder = createDecoder(data);
    const name = readVarString(decoder);
    const type = readVarUint(decoder);
    let text: string | null = null;
    // Denials and closings carry a reason at their end.
    if (type === 2) readVarUint(decoder);
    if ((type === 2 || type === 7) && hasContent(decoder)) text = readVarString(decoder);
    this.received.push({ name, type, text });
  }

  async opened(): Promise<this> {
    if (this.ws.readyState !== WebSocket.OPEN) await once(this.ws, 'open');
    return this;
  }

  /** A message of the protocol: the document's name, its type, and whatever numbers and bytes follow. */
  say(name: string, type: number, ...rest: (number | string | Uint8Array)[]): void {
    const encoder = createEncoder();
    writeVarString(encoder, name);
    writeVarUint(encoder, type);
    for (const part of rest) {
      if (typeof part === 'number') writeVarUint(encoder, part);
      else if (typeof part === 'string') writeVarString(encoder, part);
      else writeVarUint8Array(encoder, part);
    }
    this.ws.send(toUint8Array(encoder));
  }

  authenticate(name: string, token: string): void {
    this.say(name, 2, 0, token, '4.8.0');
  }

  [Symbol.dispose](): void {
    this.ws.terminate();
  }
}
