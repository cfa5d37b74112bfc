import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { networkOf, networkOfUpgrade } from './caller-address.ts';

test.each([
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002:ffff::9', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::ffff:192.0.2.7', '::ffff:192.0.2.7'],
  ['192.0.2.7', '192.0.2.7'],
  ['unknown', 'unknown'],
  ['none', 'none'],
])('%s counts as %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

function upgradeFrom(peer: string, forwarded?: string): IncomingMessage {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: peer });
  const request = new IncomingMessage(socket);
  if (forwarded !== undefined) request.headers['x-forwarded-for'] = forwarded;
  return request;
}

test.each([
  ['127.0.0.1', undefined, true, null],
  ['::ffff:127.0.0.1', undefined, false, null],
  ['::1', '192.0.2.7', false, null],
  ['::1', '192.0.2.7', true, '192.0.2.7'],
  // Only the last one was seen by the proxy itself.
  ['10.0.0.1', '127.0.0.1, 2001:db8::5', true, '2001:db8:0:0::/64'],
  ['10.0.0.1', '192.0.2.7', false, '10.0.0.1'],
  ['2001:db8::1', '', true, '2001:db8:0:0::/64'],
])('a socket from %s, forwarded for %s, proxy believed: %s, is of %s', (peer, forwarded, trust, network) => {
  expect(networkOfUpgrade(upgradeFrom(peer, forwarded), trust)).toBe(network);
});
