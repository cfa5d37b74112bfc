import { statSync } from 'node:fs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { adminSocketPath } from './api/admin.ts';
import { checkedFetch } from './api/contract.ts';
import { openPlace, program, type TestPlace } from './test-place.ts';

// Whole processes start here, on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let place: TestPlace;
beforeEach(async () => {
  place = await openPlace();
});
afterEach(() => place.close());

test('accounts are managed beside a running server, by its owner only', async () => {
  const { identity, url } = await place.start();
  expect(statSync(adminSocketPath(place.dataDir)).mode & 0o777).toBe(0o600);
  const env = place.environment();
  const made = await program('sync-server/account.ts', ['create', '--name', 'Ann', '--json'], env);
  expect(made).toMatchObject({ code: 0, err: '' });
  const { account_id, api_key, ...rest } = JSON.parse(made.out);
  expect(rest).toEqual({});
  expect(made.out.trim().split('\n')).toHaveLength(1);
  const caller = await identity.verify(api_key);
  expect(caller).toMatchObject({ account: account_id, scope: 'account' });
  const credits = await checkedFetch(`${url}/credits`, { headers: { authorization: `Bearer ${api_key}` } });
  expect(await credits.json()).toMatchObject({ balance: '0', state: 'active' });

  const rotated = await program('sync-server/account.ts', ['rotate', caller.principal, '--json'], env);
  await expect(identity.verify(api_key)).rejects.toMatchObject({ problem: { code: 'unauthenticated' } });
  const renewed = JSON.parse(rotated.out).api_key;
  await identity.verify(renewed);
  expect((await program('sync-server/account.ts', ['revoke', caller.principal], env)).code).toBe(0);
  await expect(identity.verify(renewed)).rejects.toMatchObject({ problem: { code: 'unauthenticated' } });
  const unknown = await program('sync-server/account.ts', ['revoke', 'nobody'], env);
  expect(unknown).toMatchObject({ code: 1, err: 'There is no such principal.\n' });
  const audit = (await program('sync-server/account.ts', ['audit', '--limit', '3'], env)).out
    .trim()
    .split('\n');
  expect(audit.map((line) => line.replace(/^\S+ +/, ''))).toEqual([
    '404  admin    local  DELETE /principals/nobody',
    `204  admin    local  DELETE /principals/${caller.principal}`,
    `200  admin    local  POST /principals/${caller.principal}/rotate`,
  ]);
});

test('accounts are managed without a server, and it knows them when it starts', async () => {
  const env = place.environment();
  const args = ['create', '--name', 'Ray', '--scope', 'service', '--service', 'vm,ray', '--json'];
  const made = await program('sync-server/account.ts', args, env);
  expect(made).toMatchObject({ code: 0, err: '' });
  const listed = await program('sync-server/account.ts', ['list'], env);
  expect(listed.out).toContain('service  Ray [vm, ray]');
  const { account_id, api_key } = JSON.parse(made.out);
  expect(account_id).toBeNull();
  expect(await (await place.start()).identity.verify(api_key)).toMatchObject({
    scope: 'service',
    services: ['vm', 'ray'],
  });
});

test('the account tool says what it cannot do', async () => {
  const env = place.environment();
  const wrong = [
    [['create', '--name', ''], 'The name is missing.'],
    [['create', '--name', 'x', '--scope', 'root'], 'The scope is one of'],
    [['create', '--name', 'x', '--service', 'vm'], 'Services are for the scope service.'],
    [['create', '--name', 'x', '--scope', 'service', '--service', 'gpu'], 'A service is one of'],
    [['create', '--name', 'a\nb'], 'plain text on one line'],
  ] as const;
  for (const [args, message] of wrong) {
    const { code, err, out } = await program('sync-server/account.ts', [...args], env);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(message);
  }
});
