// Rows that say who may do what, changed as a disk might change them: nobody gets a right by it.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { decodeJwt } from 'jose';
import { expect, onTestFinished, test } from 'vitest';
import { Refusal } from '../ledger/command.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { openLedger } from '../ledger/open.ts';
import { DEFAULT_RULES } from '../ledger/rules.ts';
import { give, openAccount } from '../ledger/storage/test-orders.ts';
import { addRowSum, brokenRows } from '../ledger/storage/row-sum.ts';
import { createIdentity, type Identity } from './identity.ts';

const clock = { now: () => Date.UTC(2026, 5, 1) };

async function open(dataDir: string): Promise<{ ledger: Ledger; identity: Identity }> {
  const ledger = await openLedger({ dataDir, clock, rules: DEFAULT_RULES });
  onTestFinished(() => ledger.close());
  const { database, events } = ledger;
  return {
    ledger,
    identity: await createIdentity({ database, events, clock, secretsKey: Buffer.alloc(32) }),
  };
}

/** A service with a cap, a key that was revoked, and a signed-in device; then one value is changed. */
async function changed(sql: string) {
  const dataDir = mkdtempSync(join(tmpdir(), 'glance-identity-rows-'));
  const file = join(dataDir, 'glance.sqlite');
  const before = await open(dataDir);
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const { principals } = before.identity;
  const vm = await principals.create({ name: 'Vm', scope: 'service', services: ['vm'], cap: '10' });
  const gone = await principals.create({ name: 'Gone', scope: 'finance' });
  await before.identity.revoke(gone.principal.id);
  const ann = await principals.create({ name: 'Ann', scope: 'account' });
  const tokens = await before.identity.signIn(ann.apiKey, { name: 'Laptop' });
  // Both kinds of row are written on, too.
  const { accessToken, refreshToken } = await before.identity.refresh(tokens.refreshToken);
  const renewed = await before.identity.rotate(vm.principal.id);
  await before.ledger.close();
  const db = new DatabaseSync(file);
  expect(brokenRows(db, 5)).toEqual([]);
  const triggers = db
    .prepare("SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name IN ('principal', 'session')")
    .all();
  db.exec(
    ['made', 'intact', 'changed']
      .map((t) => `DROP TRIGGER principal_${t}; DROP TRIGGER session_${t}`)
      .join(';'),
  );
  expect(Number(db.prepare(sql).run().changes)).toBe(1);
  expect(brokenRows(db, 5)).toHaveLength(1);
  for (const trigger of triggers) db.exec(String(trigger['sql']));
  db.close();
  const after = await open(dataDir);
  const told: string[] = [];
  after.ledger.events.on('damaged', ({ message }) => told.push(message));
  return { ...after, file, dataDir, told, vm: renewed, gone, ann, accessToken, refreshToken };
}
/** The session that an access token is of. */
const sessionOf = (accessToken: string) => String(decodeJwt(accessToken)['sid']);

type Life = Awaited<ReturnType<typeof changed>>;

const CASES: [what: string, sql: string, ask: (life: Life) => Promise<unknown>][] = [
  [
    'the most a service may move',
    "UPDATE principal SET cap = cap + 16777216 WHERE scope = 'service'",
    ({ identity, vm }) => identity.verify(vm.apiKey),
  ],
  [
    'what a service is for',
    `UPDATE principal SET services = '["ray"]' WHERE scope = 'service'`,
    ({ identity, vm }) => identity.verify(vm.apiKey),
  ],
  [
    'that a key was revoked',
    "UPDATE principal SET revoked_at = NULL WHERE scope = 'finance'",
    ({ identity, gone }) => identity.verify(gone.apiKey),
  ],
  [
    'whose account a key opens',
    "UPDATE principal SET account = 'someone-else' WHERE scope = 'account'",
    ({ identity, ann }) => identity.signIn(ann.apiKey, { name: 'Phone' }),
  ],
  [
    'whose account a device reads',
    "UPDATE session SET account = 'someone-else'",
    ({ identity, accessToken }) => identity.verify(accessToken),
  ],
  [
    'whose a session is, when it goes on',
    "UPDATE session SET device = 'another'",
    ({ identity, refreshToken }) => identity.refresh(refreshToken),
  ],
  [
    'what is known of a principal, when its key is changed',
    "UPDATE principal SET scope = 'admin' WHERE scope = 'service'",
    ({ identity, vm }) => identity.rotate(vm.principal.id),
  ],
];

test.each(CASES)('%s, changed on the disk, gives no right', async (_what, sql, ask) => {
  const life = await changed(sql);
  await expect(ask(life)).rejects.toThrow(/damaged: a row of (principal|session)/);
  // It is that sign-in's damage: the orders of all others go on.
  expect(life.told).toEqual([]);
  expect(await life.ledger.settle(openAccount('eve'))).toMatchObject({ ok: true });
  expect(await life.ledger.settle(give('eve', 1_000_000n, 'k'.repeat(30)))).toMatchObject({ ok: true });
});

test('signing out everywhere ends every device, the damaged one too', async () => {
  const life = await changed("UPDATE session SET device_name = 'Maptop'");
  const { identity, ann } = life;
  const phone = await identity.signIn(ann.apiKey, { name: 'Phone' });
  const laptop = sessionOf(life.accessToken);
  await identity.rotate(ann.principal.id);
  const again = async ({ identity: now, ledger }: Pick<Life, 'identity' | 'ledger'>) => {
    await expect(now.verify(ann.apiKey)).rejects.toBeInstanceOf(Refusal);
    for (const token of [phone, life]) {
      await expect(now.verify(token.accessToken)).rejects.toThrow('signed out');
      await expect(now.refresh(token.refreshToken)).rejects.toThrow('signed out');
    }
    expect(await now.endedAmong([laptop])).toEqual([laptop]);
    expect(await ledger.settle(openAccount(randomUUID()))).toMatchObject({ ok: true });
  };
  await again(life);
  await life.ledger.close();
  const db = new DatabaseSync(life.file);
  // The damage is still told to who verifies the file.
  expect(brokenRows(db, 5)).toHaveLength(1);
  db.close();
  await again(await open(life.dataDir));
});

test('a damaged session that was ended serves nobody when its end is taken back on the disk', async () => {
  const life = await changed("UPDATE session SET account = 'someone-else'");
  await life.identity.revokeSession(sessionOf(life.accessToken));
  await life.ledger.close();
  const db = new DatabaseSync(life.file);
  addRowSum(db);
  db.exec('UPDATE session SET revoked_at = NULL');
  db.close();
  const { identity } = await open(life.dataDir);
  await expect(identity.verify(life.accessToken)).rejects.toThrow(/damaged: a row of session/);
  await expect(identity.refresh(life.refreshToken)).rejects.toThrow(/damaged: a row of session/);
});

test('a damaged principal can be revoked', async () => {
  const life = await changed("UPDATE principal SET account = 'someone-else' WHERE scope = 'account'");
  await life.identity.revoke(life.ann.principal.id);
  await expect(life.identity.verify(life.accessToken)).rejects.toThrow('signed out');
  await expect(life.identity.verify(life.ann.apiKey)).rejects.toThrow(/damaged: a row of principal/);
});
