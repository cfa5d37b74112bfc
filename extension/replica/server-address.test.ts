import { expect, test } from 'vitest';
import { parseServerAddress, syncUrl } from './server-address.ts';

test.each([
  ['https://glance.example.com', 'https://glance.example.com'],
  ['  https://glance.example.com/  ', 'https://glance.example.com'],
  ['glance.example.com', 'https://glance.example.com'],
  ['https://example.com:8443/glance/', 'https://example.com:8443/glance'],
  ['http://127.0.0.1:4700', 'http://127.0.0.1:4700'],
  ['localhost:4700', 'http://localhost:4700'],
  ['127.0.0.1:4700', 'http://127.0.0.1:4700'],
])('%s is a server at %s', (typed, server) => {
  expect(parseServerAddress(typed)).toBe(server);
});

test.each([
  '',
  'http://glance.example.com',
  'http://127.0.0.1.example.com',
  'http://localhost.example.com:4700',
  'ws://127.0.0.1:4700',
  'javascript:alert(1)',
  'file:///etc/passwd',
  'https://user:secret@example.com',
  'https://example.com/?next=1',
  'https://example.com/#here',
  'https://',
  `https://${'a'.repeat(3_000)}.com`,
])('%s is refused', (typed) => {
  expect(parseServerAddress(typed)).toBeNull();
});

test('the socket keeps host, port and path', () => {
  expect(syncUrl('https://example.com/glance')).toBe('wss://example.com/glance/sync');
  expect(syncUrl('http://127.0.0.1:4700')).toBe('ws://127.0.0.1:4700/sync');
});
