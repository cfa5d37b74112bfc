// Hints between the servers that share a PostgreSQL: after a commit, each says which accounts grew and how far, and
// which sessions it revoked. A hint may be lost or come twice; readers also catch up by themselves.
import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import * as z from 'zod/mini';
import type { LedgerEventMap, LedgerEvents } from '../events.ts';
import { connect } from './postgres-connect.ts';
import { PRESENT } from './postgres-presence.ts';

const CHANNEL = 'glance_committed';
/** A payload is at most 8000 bytes: so many accounts and sessions, with ids of 64 characters, stay below. */
const ITEMS_PER_HINT = 20;
/** Wait before a lost connection is made again, ms. */
const RECONNECT_MS = 1_000;

const Hint = z.object({
  from: z.string(),
  grown: z.array(z.object({ account: z.string(), seq: z.number() })),
  revoked: z.array(z.object({ account: z.string(), session: z.string() })),
});

type Revoked = LedgerEventMap['revoked'][0];

export class PostgresHints {
  #url: string;
  #events: LedgerEvents;
  /** Who is speaking: a server does not need its own hints. */
  #from = randomUUID();
  #client: Client | null = null;
  #grown = new Map<string, number>();
  #revoked: Revoked[] = [];
  /** While another server's hint is passed on here: it must not be told again. */
  #hearing = false;
  #sending = false;
  #closed = false;
  #retry: NodeJS.Timeout | undefined;

  constructor(url: string, events: LedgerEvents) {
    this.#url = url;
    this.#events = events;
    events.on('revoked', (revoked) => {
      if (this.#hearing) return;
      this.#revoked.push(revoked);
      this.#wake();
    });
  }

  /** Listens to the other servers, and is seen by them. @throws the driver's error when the database cannot be reached. */
  async open(): Promise<void> {
    const client = await connect(this.#url);
    client.on('notification', ({ payload }) => this.#hear(payload ?? ''));
    client.on('end', () => this.#lost(client));
    // A notice takes a transaction of its own: one that may be lost waits for no disk, and keeps no settlement waiting.
    await client.query(`SET synchronous_commit = off; LISTEN ${CHANNEL}; ${PRESENT}`);
    if (this.#closed) await client.end();
    else this.#client = client;
  }

  /** Tells the other servers, once for all that grew while the last hint was on its way. */
  tell(account: string, seq: number): void {
    this.#grown.set(account, seq);
    this.#wake();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    await this.#client?.end();
  }

  #wake(): void {
    if (!this.#sending) void this.#send();
  }

  async #send(): Promise<void> {
    this.#sending = true;
    try {
      while (this.#grown.size + this.#revoked.length > 0 && this.#client) {
        const grown = [...this.#grown].slice(0, ITEMS_PER_HINT).map(([account, seq]) => ({ account, seq }));
        for (const { account } of grown) this.#grown.delete(account);
        const revoked = this.#revoked.splice(0, ITEMS_PER_HINT);
        const payload = JSON.stringify({ from: this.#from, grown, revoked });
        await this.#client.query('SELECT pg_notify($1, $2)', [CHANNEL, payload]);
      }
    } catch {
      // The hint is lost with its connection; the others catch up by themselves.
    } finally {
      this.#sending = false;
    }
  }

  #hear(payload: string): void {
    let message: unknown;
    try {
      message = JSON.parse(payload);
    } catch {
      return;
    }
    const hint = Hint.safeParse(message);
    if (!hint.success || hint.data.from === this.#from) return;
    this.#hearing = true;
    try {
      for (const grown of hint.data.grown) this.#events.emit('committed', grown);
      for (const revoked of hint.data.revoked) this.#events.emit('revoked', revoked);
    } finally {
      this.#hearing = false;
    }
  }

  #lost(client: Client): void {
    if (this.#client === client) this.#client = null;
    this.#grown.clear();
    this.#revoked = [];
    if (this.#closed) return;
    this.#retry = setTimeout(() => {
      this.open().catch(() => this.#lost(client));
    }, RECONNECT_MS);
  }
}
