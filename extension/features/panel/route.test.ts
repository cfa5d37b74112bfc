import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatRoute, HOME, parseRoute, TABS, to } from './route.ts';

test('every tab and every view has an address that leads back to it', () => {
  const places = [
    ...TABS.map((tab) => to(tab)),
    to('cloud', 'cluster', 'c:1/ä'),
    to('billing', 'entry', '412'),
    to('billing', 'purchase', null, { amount: '8.2', method: 'card' }),
    to('settings', 'wallets'),
  ];
  for (const place of places) expect(parseRoute(formatRoute(place))).toEqual(place);
});

test('names of other surfaces lead to the same places', () => {
  expect(parseRoute('#io.cloud')).toEqual(to('cloud'));
  expect(parseRoute('#purchase?amount=5')).toEqual(to('billing', 'purchase', null, { amount: '5' }));
  expect(parseRoute('#clusters/cluster/x')).toEqual(to('cloud', 'cluster', 'x'));
});

test('the Notification Center opens over the place before', () => {
  const before = to('billing', 'entry', '7');
  expect(parseRoute('#notifications', before)).toEqual({ ...before, drawer: 'notifications' });
});

test('whatever stands in the address, there is a place', () => {
  expect(parseRoute('')).toEqual(HOME);
  expect(parseRoute('#%E0%A4%A', to('cloud'))).toEqual(to('cloud'));
  expect(parseRoute('#constructor/x')).toEqual(HOME);
  fc.assert(
    fc.property(fc.string(), (hash) => {
      expect(TABS).toContain(parseRoute(hash).tab);
    }),
  );
});
