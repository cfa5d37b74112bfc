import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  importJWK,
  SignJWT,
  UnsecuredJWT,
} from 'jose';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DAY, MINUTE, SECOND } from '../../shared/time.ts';
import { DEFAULT_RULES } from '../ledger/decide.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { openLedger } from '../ledger/open.ts';
import { createIdentity, type Identity } from './identity.ts';
import { open, SealError } from './seal.ts';

const SECRETS_KEY = Buffer.from('0123456789abcdef0123456789abcdef');
const UNAUTHENTICATED = { problem: { code: 'unauthenticated' } };

let dataDir: string;
let ledger: Ledger;
let identity: Identity;
let now: number;
const clock = { now: () => now };

beforeEach(async () => {
  now = Date.UTC(2026, 5, 1);
  dataDir = await mkdtemp(join(tmpdir(), 'glance-identity-'));
  ledger = await openLedger({ dataDir, clock, rules: DEFAULT_RULES });
  identity = await another();
});
afterEach(async () => {
  await ledger.close();
  await rm(dataDir, { recursive: true, force: true });
});

/** Another process on the same database. */
function another(secretsKey = SECRETS_KEY): Promise<Identity> {
  return createIdentity({ database: ledger.database, events: ledger.events, clock, secretsKey });
}

async function device(name = 'Laptop') {
  const { principal, apiKey } = await identity.principals.create({ name: 'Ann', scope: 'account' });
  return { principal, apiKey, tokens: await identity.signIn(apiKey, { name }) };
}

test('an API key is shown once, stored as a hash, and says who calls', async () => {
  const { principal, apiKey } = await identity.principals.create({
    name: 'Ray',
    scope: 'service',
    services: ['ray'],
  });
  expect(apiKey).toMatch(/^iog_[A-Za-z0-9_-]{43}$/);
  const stored = await ledger.database.read('select * from principal');
  expect(stored).toHaveLength(1);
  expect(stored.flatMap((row) => Object.values(row)).join()).not.toContain(apiKey.slice(4));
  expect(await identity.verify(apiKey)).toEqual({
    principal: principal.id,
    account: null,
    scope: 'service',
    device: null,
    session: null,
    services: ['ray'],
    expiresAt: null,
  });
});

test('what is no key, or not ours, is nobody', async () => {
  for (const bearer of [
    '',
    'x',
    'iog_',
    `iog_${'A'.repeat(43)}`,
    `iog_${'A'.repeat(4000)}`,
    'a.b.c',
    '\u0000',
  ]) {
    await expect(identity.verify(bearer)).rejects.toMatchObject(UNAUTHENTICATED);
  }
});

test('an access token names account, device and scope, by EdDSA, for ten minutes', async () => {
  const { principal, tokens } = await device();
  expect(decodeProtectedHeader(tokens.accessToken)).toMatchObject({ alg: 'EdDSA' });
  const claims = decodeJwt(tokens.accessToken);
  expect(claims).toMatchObject({ sub: principal.account, did: tokens.device, scope: 'account' });
  expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(600);
  expect(await identity.verify(tokens.accessToken)).toMatchObject({
    principal: principal.id,
    account: principal.account,
    device: tokens.device,
    expiresAt: now + 10 * MINUTE,
  });
  now += 10 * MINUTE - SECOND;
  await identity.verify(tokens.accessToken);
  now += SECOND;
  await expect(identity.verify(tokens.accessToken)).rejects.toMatchObject(UNAUTHENTICATED);
});

test('forged tokens are refused: none, another key, another audience, another issuer, no end', async () => {
  const { tokens } = await device();
  const claims = decodeJwt(tokens.accessToken);
  const kid = decodeProtectedHeader(tokens.accessToken).kid ?? '';
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true });
  const header = { alg: 'EdDSA', kid };
  const forgeries = [
    new UnsecuredJWT(claims).encode(),
    await new SignJWT(claims).setProtectedHeader(header).sign(privateKey),
    await new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA', kid: 'unknown' }).sign(privateKey),
    await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', kid })
      .sign(Buffer.from(JSON.stringify(await exportJWK(publicKey)))),
    tokens.accessToken.slice(0, -4) + 'AAAA',
  ];
  const [stored] = await ledger.database.read('select sealed from signing_key');
  const ours = await importJWK(JSON.parse(open(SECRETS_KEY, String(stored?.sealed), kid)), 'EdDSA');
  const { exp: _, ...endless } = claims;
  for (const wrong of [
    { ...claims, aud: 'other' },
    { ...claims, iss: 'other' },
    endless,
    { ...claims, scope: 'root' },
  ]) {
    forgeries.push(await new SignJWT(wrong).setProtectedHeader(header).sign(ours));
  }
  for (const forgery of forgeries) {
    await expect(identity.verify(forgery)).rejects.toMatchObject(UNAUTHENTICATED);
  }
  await identity.verify(await new SignJWT(claims).setProtectedHeader(header).sign(ours));
});

test('refresh rotates, and a lost answer is asked for again with the parent', async () => {
  const { tokens } = await device();
  await identity.refresh(tokens.refreshToken); // its answer is lost
  const second = await identity.refresh(tokens.refreshToken);
  const third = await identity.refresh(second.refreshToken);
  expect(new Set([tokens, second, third].map((each) => each.refreshToken)).size).toBe(3);
  expect(third).toMatchObject({ device: tokens.device, account: tokens.account });
  await identity.verify(third.accessToken);
});

test('a parent shown after its child was used revokes the family and says so', async () => {
  const { principal, tokens } = await device();
  const child = await identity.refresh(tokens.refreshToken);
  const grandchild = await identity.refresh(child.refreshToken);
  const revoked: object[] = [];
  ledger.events.on('revoked', (event) => revoked.push(event));
  await expect(identity.refresh(tokens.refreshToken)).rejects.toMatchObject(UNAUTHENTICATED);
  const session = decodeJwt(tokens.accessToken).sid;
  expect(revoked).toEqual([{ account: principal.account, session }]);
  await expect(identity.verify(grandchild.accessToken)).rejects.toMatchObject(UNAUTHENTICATED);
  await expect(identity.refresh(grandchild.refreshToken)).rejects.toMatchObject(UNAUTHENTICATED);
});

test('of two children of one parent only one may be used: the other is in wrong hands', async () => {
  const { tokens } = await device();
  const one = await identity.refresh(tokens.refreshToken);
  const two = await identity.refresh(tokens.refreshToken);
  const next = await identity.refresh(one.refreshToken);
  await expect(identity.refresh(two.refreshToken)).rejects.toMatchObject(UNAUTHENTICATED);
  await expect(identity.refresh(next.refreshToken)).rejects.toMatchObject(UNAUTHENTICATED);
});

test('a refresh token that rests for two months is over', async () => {
  const { tokens } = await device();
  now += 60 * DAY;
  await expect(identity.refresh(tokens.refreshToken)).rejects.toMatchObject(UNAUTHENTICATED);
});

test('a family stays small however long its device is signed in', async () => {
  const { tokens } = await device();
  let { refreshToken } = tokens;
  for (let day = 0; day < 30; day += 1) {
    now += DAY;
    ({ refreshToken } = await identity.refresh(refreshToken));
  }
  const [row] = await ledger.database.read('select count(*) as n from refresh_token');
  expect(Number(row?.n)).toBeLessThan(12);
});

test('a revoked session fails at once here, and within a second in another process', async () => {
  const { principal, tokens } = await device();
  const elsewhere = await another();
  await elsewhere.verify(tokens.accessToken);
  await identity.verify(tokens.accessToken);
  const [session] = await identity.listSessions(principal.account ?? '');
  // Another process has its own events; a copy of ours would tell it at once.
  ledger.events.removeAllListeners('revoked');
  ledger.events.on('revoked', () => undefined);
  await elsewhere.revokeSession(session?.id ?? '');
  now += SECOND;
  await expect(identity.verify(tokens.accessToken)).rejects.toMatchObject(UNAUTHENTICATED);
  expect(await identity.listSessions(principal.account ?? '')).toEqual([]);

  const other = await identity.signIn((await device()).apiKey, { name: 'Phone' });
  const sid = String(decodeJwt(other.accessToken).sid);
  const again = await another();
  await again.verify(other.accessToken);
  await again.revokeSession(sid);
  await expect(again.verify(other.accessToken)).rejects.toMatchObject(UNAUTHENTICATED);
});

test('a session belongs to its account: another cannot end it', async () => {
  const { tokens } = await device();
  const sid = String(decodeJwt(tokens.accessToken).sid);
  await expect(identity.revokeSession(sid, 'mallory')).rejects.toMatchObject({
    problem: { code: 'not_found' },
  });
  await identity.verify(tokens.accessToken);
});

test('a rotated or revoked key ends, with all that was signed in by it', async () => {
  const { principal, apiKey, tokens } = await device();
  const renewed = await identity.rotate(principal.id);
  await expect(identity.verify(apiKey)).rejects.toMatchObject(UNAUTHENTICATED);
  await expect(identity.verify(tokens.accessToken)).rejects.toMatchObject(UNAUTHENTICATED);
  const again = await identity.signIn(renewed.apiKey, { name: 'Laptop' });
  await identity.revoke(principal.id);
  await expect(identity.verify(renewed.apiKey)).rejects.toMatchObject(UNAUTHENTICATED);
  await expect(identity.refresh(again.refreshToken)).rejects.toMatchObject(UNAUTHENTICATED);
  await expect(identity.rotate(principal.id)).rejects.toMatchObject({ problem: { code: 'not_found' } });
});

test('signing in again on a device replaces its session', async () => {
  const { principal, apiKey, tokens } = await device();
  const again = await identity.signIn(apiKey, { id: tokens.device, name: 'Laptop' });
  await expect(identity.verify(tokens.accessToken)).rejects.toMatchObject(UNAUTHENTICATED);
  await identity.verify(again.accessToken);
  expect(await identity.listSessions(principal.account ?? '')).toHaveLength(1);
});

test('a new signing key takes over while old tokens stay good, also across processes and restarts', async () => {
  const { tokens } = await device();
  const elsewhere = await another();
  await identity.rollover();
  const { apiKey } = await identity.principals.create({ name: 'Bea', scope: 'account' });
  const fresh = await identity.signIn(apiKey, { name: 'Phone' });
  expect(decodeProtectedHeader(fresh.accessToken).kid).not.toBe(
    decodeProtectedHeader(tokens.accessToken).kid,
  );
  now += SECOND;
  for (const process of [identity, elsewhere, await another()]) {
    await process.verify(tokens.accessToken);
    await process.verify(fresh.accessToken);
  }
});

test('after ninety days a running server signs with a new key by itself, and makes one only', async () => {
  const { apiKey } = await device();
  now += 91 * DAY;
  const tokens = await Promise.all(
    Array.from({ length: 5 }, () => identity.signIn(apiKey, { name: 'Phone' })),
  );
  expect(new Set(tokens.map(({ accessToken }) => decodeProtectedHeader(accessToken).kid)).size).toBe(1);
  await Promise.all(tokens.map(({ accessToken }) => identity.verify(accessToken)));
  const rows = await ledger.database.read('select kid, retired_at from signing_key order by created_at');
  expect(rows.map(({ retired_at }) => retired_at === null)).toEqual([false, true]);
});

test('the private signing key is sealed, and another SECRETS_KEY does not open it', async () => {
  const [row] = await ledger.database.read('select sealed, public_jwk from signing_key');
  expect(String(row?.sealed)).not.toContain('"d"');
  expect(JSON.parse(String(row?.public_jwk))).not.toHaveProperty('d');
  await expect(another(Buffer.from('another-secrets-key-of-32-bytes!'))).rejects.toThrow(SealError);
});
