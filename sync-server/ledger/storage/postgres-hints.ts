// Hints between the servers that share a PostgreSQL: after a commit, each says which accounts grew and how far, and
// which sessions it revoked. A hint may be lost or come twice; readers also catch up by themselves.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import * as z from 'zod/mini';
import type { LedgerEventMap, LedgerEvents } from '../events.ts';
import { connect } from './postgres-connect.ts';
import { PRESENT } from './postgres-presence.ts';

const CHANNEL = 'glance_committed';
/** A payload is below 8000 bytes: its accounts and sessions have so many of them. */
const BYTES_PER_HINT = 7_800;
/** Between two hints, ms: each is a transaction at every server, so those of a busy one tell more at once. */
const PAUSE_MS = 5;
const NOTIFY = { name: 'hint', text: 'SELECT pg_notify($1, $2)' };
/** Wait before a lost connection is made again, ms. */
const RECONNECT_MS = 1_000;
/** Longest that leaving may take, ms. */
const LEAVE_MS = 2_000;

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

  /** Tells what still waits for its turn, then leaves; a connection that hangs is cut off. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    const client = this.#client;
    if (!client) return;
    const cut = setTimeout(() => client.connection.stream.destroy(), LEAVE_MS);
    try {
      while (this.#isWaiting() && this.#client) await this.#tell(this.#client);
    } catch {
      // Lost, as every hint may be.
    }
    await client.end();
    clearTimeout(cut);
  }

  #wake(): void {
    if (!this.#sending) void this.#send();
  }

  async #send(): Promise<void> {
    this.#sending = true;
    try {
      while (this.#isWaiting() && this.#client) {
        await this.#tell(this.#client);
        await sleep(PAUSE_MS);
      }
    } catch {
      // The hint is lost with its connection; the others catch up by themselves.
    } finally {
      this.#sending = false;
    }
  }

  #isWaiting(): boolean {
    return this.#grown.size + this.#revoked.length > 0;
  }

  /** Tells as much as one hint holds. */
  async #tell(client: Client): Promise<void> {
    let left = BYTES_PER_HINT;
    const fits = (item: object) => (left -= Buffer.byteLength(JSON.stringify(item)) + 1) >= 0;
    const hint: z.infer<typeof Hint> = { from: this.#from, grown: [], revoked: [] };
    for (const revoked of this.#revoked) {
      if (!fits(revoked)) break;
      hint.revoked.push(revoked);
    }
    this.#revoked.splice(0, hint.revoked.length);
    for (const [account, seq] of this.#grown) {
      if (!fits({ account, seq })) break;
      hint.grown.push({ account, seq });
      this.#grown.delete(account);
    }
    await client.query({ ...NOTIFY, values: [CHANNEL, JSON.stringify(hint)] });
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
