import { expect, test } from 'vitest';
import { memberOf, openable } from './seat.ts';

const caller = {
  principal: 'p1',
  account: 'ann',
  scope: 'account' as const,
  device: 'laptop',
  session: 's1',
  services: [],
  expiresAt: 2_000,
};
const ann = { principal: 'p1', account: 'ann', device: 'laptop', session: 's1', expiresAt: 2_000 };

test('only an access token of scope account makes a member', () => {
  expect(memberOf(caller)).toEqual(ann);
  expect(memberOf({ ...caller, scope: 'finance' })).toBeNull();
  expect(memberOf({ ...caller, scope: 'admin' })).toBeNull();
  expect(memberOf({ ...caller, account: null })).toBeNull();
  expect(memberOf({ ...caller, device: null, session: null, expiresAt: null })).toBeNull();
});

test('a member opens the own book and pages and the own device’s tray, nothing else', () => {
  expect(openable(ann, 'account:ann:v1')).toEqual({ kind: 'book', account: 'ann' });
  expect(openable(ann, 'page:ann:12:v1')).toEqual({ kind: 'page', account: 'ann', page: 12 });
  expect(openable(ann, 'tray:ann:laptop')).toEqual({ kind: 'tray', account: 'ann', device: 'laptop' });
  for (const name of [
    'account:bob:v1',
    'page:bob:0:v1',
    'page:ann:-1:v1',
    'page:ann:01:v1',
    'page:ann:0:v2',
    'account:ann:v2',
    'account:ann',
    'tray:ann:phone',
    'tray:bob:laptop',
    'desk:ann',
    '',
    '__proto__',
    'account:ann:v1\0session',
    ' account:ann:v1',
  ]) {
    expect(openable(ann, name)).toBeNull();
  }
});
