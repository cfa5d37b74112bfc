// Hints between the servers that share a PostgreSQL: after a commit, each says which accounts grew and how far. A hint
// may be lost or come twice; readers also catch up by themselves.
import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import * as z from 'zod/mini';
import { connect } from './postgres-connect.ts';
import type { OnCommit } from './writer-thread.ts';

const CHANNEL = 'glance_committed';
/** A payload is at most 8000 bytes: 60 accounts of 64 characters with their seq stay below. */
const ACCOUNTS_PER_HINT = 60;
/** Wait before a lost connection is made again, ms. */
const RECONNECT_MS = 1_000;

const Hint = z.object({ from: z.string(), grown: z.array(z.tuple([z.string(), z.number()])) });

export class PostgresHints {
  #url: string;
  #onCommit: OnCommit;
  /** Who is speaking: a server does not need its own hints. */
  #from = randomUUID();
  #client: Client | null = null;
  #grown = new Map<string, number>();
  #sending = false;
  #closed = false;
  #retry: NodeJS.Timeout | undefined;

  constructor(url: string, onCommit: OnCommit) {
    this.#url = url;
    this.#onCommit = onCommit;
  }

  /** Listens to the other servers. @throws the driver's error when the database cannot be reached. */
  async open(): Promise<void> {
    const client = await connect(this.#url);
    client.on('notification', ({ payload }) => this.#hear(payload ?? ''));
    client.on('end', () => this.#lost(client));
    await client.query(`LISTEN ${CHANNEL}`);
    if (this.#closed) await client.end();
    else this.#client = client;
  }

  /** Tells the other servers, once for all that grew while the last hint was on its way. */
  tell(account: string, seq: number): void {
    this.#grown.set(account, seq);
    if (!this.#sending) void this.#send();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    await this.#client?.end();
  }

  async #send(): Promise<void> {
    this.#sending = true;
    try {
      while (this.#grown.size > 0 && this.#client) {
        const grown = [...this.#grown].slice(0, ACCOUNTS_PER_HINT);
        for (const [account] of grown) this.#grown.delete(account);
        const payload = JSON.stringify({ from: this.#from, grown });
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
    for (const [account, seq] of hint.data.grown) this.#onCommit(account, seq);
  }

  #lost(client: Client): void {
    if (this.#client === client) this.#client = null;
    this.#grown.clear();
    if (this.#closed) return;
    this.#retry = setTimeout(() => {
      this.open().catch(() => this.#lost(client));
    }, RECONNECT_MS);
  }
}
