// The sign-in of this device: exchanges an API key, keeps the tokens fresh, notices when the server signed it out.
import type { Clock, Ms } from '../../shared/time.ts';
import { SECOND } from '../../shared/time.ts';
import type { AuthFailure, AuthHttp, Grant } from './auth-http.ts';
import type { DeviceRecord, DeviceStore } from './device-store.ts';

/** A token this close to its end is renewed before use. */
export const RENEW_BEFORE: Ms = 30 * SECOND;

/** No token to be had: `signed_out` for good (a person must sign in again), `offline` for now. */
export class NoTokenError extends Error {
  readonly reason: 'signed_out' | 'offline';
  constructor(reason: 'signed_out' | 'offline') {
    super(reason === 'signed_out' ? 'This device is signed out.' : 'The server does not answer.');
    this.name = 'NoTokenError';
    this.reason = reason;
  }
}

/** `other_account`: the key is good, but its account was not admitted. */
export type SignInFailure = AuthFailure | 'other_account';

export class Session {
  #record: DeviceRecord | null = null;
  #refreshing: Promise<string> | null = null;
  #writes: Promise<unknown> = Promise.resolve();
  readonly #auth: AuthHttp;
  readonly #store: DeviceStore;
  readonly #clock: Clock;

  constructor(deps: { auth: AuthHttp; store: DeviceStore; clock: Clock }) {
    this.#auth = deps.auth;
    this.#store = deps.store;
    this.#clock = deps.clock;
  }

  /** What this device remembers; null before the first sign-in. */
  get record(): DeviceRecord | null {
    return this.#record;
  }

  async load(): Promise<void> {
    this.#record = await this.#store.load();
  }

  /** What this device remembers is being deleted. */
  forget(): void {
    this.#record = null;
  }

  /**
   * Exchanges an API key for tokens; the key is not kept. A new sign-in starts a new epoch of the book, so that
   * nothing of another server or account can show through.
   * @param admit whether this account may be signed in; asked once it is known, before anything changes
   */
  async signIn(
    server: string,
    apiKey: string,
    deviceName: string,
    admit: (account: string) => Promise<boolean> = async () => true,
  ): Promise<SignInFailure | null> {
    const id = this.#record?.server === server ? this.#record.device_id : null;
    const result = await this.#auth.exchange(
      server,
      apiKey,
      id ? { id, name: deviceName } : { name: deviceName },
    );
    if (!result.ok) return result.failure;
    const { grant } = result;
    if (!(await admit(grant.account_id))) {
      await this.#auth.revoke(server, grant.refresh);
      return 'other_account';
    }
    await this.#update((known) => ({
      version: 1,
      server,
      device_name: deviceName,
      device_id: grant.device_id,
      account_id: grant.account_id,
      tokens: tokensOf(grant),
      epoch: (known?.epoch ?? 0) + 1,
      tray_epoch: known?.tray_epoch ?? 0,
      clock_offset: grant.clock_offset ?? 0,
    }));
    return null;
  }

  /**
   * A token that is good now.
   * @throws NoTokenError
   */
  async accessToken(): Promise<string> {
    await this.#writes;
    const tokens = this.#record?.tokens;
    if (!tokens) throw new NoTokenError('signed_out');
    if (this.#clock.now() < tokens.access_until - RENEW_BEFORE) return tokens.access;
    // One refresh at a time: two with the same parent would look like a stolen token.
    this.#refreshing ??= this.#refresh(tokens.refresh).finally(() => (this.#refreshing = null));
    return this.#refreshing;
  }

  /** The server refused the token in hand: the next one is fetched new. */
  async distrustAccess(): Promise<void> {
    await this.#update(
      (known) => known?.tokens && { ...known, tokens: { ...known.tokens, access_until: 0 } },
    );
  }

  /** The book starts anew in the next database. */
  async nextEpoch(): Promise<void> {
    await this.#update((known) => known && { ...known, epoch: known.epoch + 1 });
  }

  /** The tray starts anew in the next database. */
  async nextTrayEpoch(): Promise<void> {
    await this.#update((known) => known && { ...known, tray_epoch: (known.tray_epoch ?? 0) + 1 });
  }

  /**
   * A person signs out: tokens and account are forgotten here. Answers how to revoke them at the server, which does
   * nothing when that cannot be reached.
   */
  async signOut(): Promise<() => Promise<void>> {
    await this.#writes;
    const known = this.#record;
    await this.#update((record) => record && { ...record, account_id: null, tokens: null });
    return async () => {
      if (known?.tokens) await this.#auth.revoke(known.server, known.tokens.refresh);
    };
  }

  async #refresh(parent: string): Promise<string> {
    const server = this.#record?.server;
    if (server === undefined) throw new NoTokenError('signed_out');
    const result = await this.#auth.refresh(server, parent);
    if (!result.ok && result.failure !== 'refused') throw new NoTokenError('offline');
    // Durable before its first use: the parent stays valid until then, so a lost answer is simply asked for again.
    const saved = await this.#update((known) => {
      // Signed out or in again meanwhile: this answer belongs to a sign-in that is over.
      if (known?.tokens?.refresh !== parent) return null;
      if (!result.ok) return { ...known, tokens: null };
      const clock_offset = result.grant.clock_offset ?? known.clock_offset;
      return { ...known, tokens: tokensOf(result.grant), clock_offset };
    });
    if (!saved?.tokens) throw new NoTokenError('signed_out');
    return saved.tokens.access;
  }

  /** One change after the other, each durable before it is seen; a change that answers null does nothing. */
  #update(
    change: (known: DeviceRecord | null) => DeviceRecord | null | undefined,
  ): Promise<DeviceRecord | null> {
    const done = this.#writes.then(async () => {
      const next = change(this.#record) ?? null;
      if (next === null) return null;
      await this.#store.save(next);
      this.#record = next;
      return next;
    });
    this.#writes = done.catch(() => null);
    return done;
  }
}

function tokensOf(grant: Grant): NonNullable<DeviceRecord['tokens']> {
  return { access: grant.access, access_until: grant.access_until, refresh: grant.refresh };
}
