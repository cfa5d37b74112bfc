import { expect, test } from 'vitest';
import { loadSettings } from '../../locales/settings.ts';
import { suggestDeviceName } from './device-name.ts';

const chrome =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';

test.each([
  [chrome, 'Chrome on Linux'],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:153.0) Gecko/20100101 Firefox/153.0',
    'Firefox on macOS',
  ],
  [`${chrome.replace('X11; Linux x86_64', 'Windows NT 10.0')} Edg/156.0`, 'Edge on Windows'],
  ['something new', 'IO Glance'],
])('%s is suggested as %s', async (userAgent, name) => {
  expect(suggestDeviceName(userAgent, await loadSettings('en'))).toBe(name);
});

test('in German too', async () => {
  expect(suggestDeviceName(chrome, await loadSettings('de'))).toBe('Chrome auf Linux');
});
