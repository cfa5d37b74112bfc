// The keys that sign access tokens: Ed25519, named by kid, stored sealed. Several are valid while one takes over.
import { randomUUIDv7 } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, importJWK } from 'jose';
import { type Clock, DAY, MINUTE, type Ms, SECOND } from '../../shared/time.ts';
import type { Database } from '../ledger/storage/database.ts';
import { open, seal } from './seal.ts';
import type { Random } from './secrets.ts';

const ALGORITHM = 'EdDSA';
/** After this a new key takes over; the old one goes on verifying what it signed. */
const KEY_AGE = 90 * DAY;
/** How long a process may go on signing with a key that another one has retired. */
const LOOK_AGAIN = 5 * MINUTE;
/** A retired key verifies until the last token it can have signed is over: LOOK_AGAIN and a token's 10 minutes. */
const VERIFY_AFTER_RETIRED = 15 * MINUTE;
/** After a kid that nobody made, the database is asked again at most this often: a stranger may not make it busy. */
const RELOAD_EVERY = SECOND;

export interface SigningKey {
  kid: string;
  privateKey: CryptoKey;
}

export interface SigningKeys {
  /** The key that signs now. */
  current(): Promise<SigningKey>;
  /** The public key of a kid, also one that another process made; null when there is none that is still valid. */
  find(kid: string): Promise<CryptoKey | null>;
  /** Makes a new key and retires the others: tokens they signed stay good until they end. */
  rollover(): Promise<void>;
}

async function importKey(jwk: string): Promise<CryptoKey> {
  const key = await importJWK(JSON.parse(jwk), ALGORITHM);
  if (key instanceof Uint8Array) throw new Error('A stored signing key is not an Ed25519 key.');
  return key;
}

/** Loads the keys, making the first or a fresh one when needed. @throws SealError when SECRETS_KEY is not theirs */
export async function loadSigningKeys({
  database,
  clock,
  random,
  secretsKey,
}: {
  database: Database;
  clock: Clock;
  random: Random;
  secretsKey: Uint8Array;
}): Promise<SigningKeys> {
  let publicKeys = new Map<string, CryptoKey>();
  let signing: SigningKey | null = null;
  let signingSince: Ms = 0;
  let loadedAt: Ms = clock.now();
  let creating: Promise<SigningKey> | null = null;
  let missedAt: Ms = Number.NEGATIVE_INFINITY;
  let reloading: Promise<void> | null = null;

  async function load(): Promise<void> {
    loadedAt = clock.now();
    const rows = await database.read(
      'select kid, sealed, public_jwk, created_at, retired_at from signing_key where retired_at is null or retired_at > $1 order by created_at desc, kid',
      [loadedAt - VERIFY_AFTER_RETIRED],
    );
    const found = new Map<string, CryptoKey>();
    for (const row of rows) found.set(String(row.kid), await importKey(String(row.public_jwk)));
    publicKeys = found;
    const newest = rows.find((row) => row.retired_at === null);
    if (!newest || signing?.kid === String(newest.kid)) return;
    const kid = String(newest.kid);
    signing = { kid, privateKey: await importKey(open(secretsKey, String(newest.sealed), kid)) };
    signingSince = Number(newest.created_at);
  }

  async function create(): Promise<SigningKey> {
    const pair = await generateKeyPair(ALGORITHM, { crv: 'Ed25519', extractable: true });
    const kid = randomUUIDv7();
    const sealed = seal(secretsKey, JSON.stringify(await exportJWK(pair.privateKey)), kid, random);
    const publicJwk = JSON.stringify(await exportJWK(pair.publicKey));
    await database.write([
      { sql: 'update signing_key set retired_at = $1 where retired_at is null', params: [clock.now()] },
      {
        sql: 'insert into signing_key (kid, sealed, public_jwk, created_at, retired_at) values ($1, $2, $3, $4, null)',
        params: [kid, sealed, publicJwk, clock.now()],
      },
    ]);
    await load();
    // Another process may have made its own in the same instant: ours stays good for what we sign.
    publicKeys.set(kid, pair.publicKey);
    signingSince = clock.now();
    return (signing = { kid, privateKey: pair.privateKey });
  }

  await load();
  if (!signing || clock.now() - signingSince > KEY_AGE) await create();

  return {
    async current() {
      if (clock.now() - loadedAt > LOOK_AGAIN) await load();
      if (signing && clock.now() - signingSince <= KEY_AGE) return signing;
      // Many may ask at once: one new key is enough for all of them.
      creating ??= create().finally(() => (creating = null));
      return creating;
    },
    async find(kid) {
      const known = publicKeys.get(kid);
      if (known) return known;
      if (!reloading) {
        if (clock.now() - missedAt < RELOAD_EVERY) return null;
        reloading = load().finally(() => (reloading = null));
      }
      await reloading;
      const found = publicKeys.get(kid) ?? null;
      // Only a kid that nobody made slows the next look-up down: another server's new key is found at once.
      if (!found) missedAt = clock.now();
      return found;
    },
    async rollover() {
      await create();
    },
  };
}
