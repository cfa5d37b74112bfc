import { expect, test } from 'vitest';
import { bookName, pageName, parseDocumentName, trayName } from './documents.ts';

test('names round-trip', () => {
  expect(parseDocumentName(bookName('a1'))).toEqual({ kind: 'book', account: 'a1' });
  expect(parseDocumentName(pageName('a1', 12))).toEqual({ kind: 'page', account: 'a1', page: 12 });
  expect(parseDocumentName(trayName('a1', 'd-1'))).toEqual({ kind: 'tray', account: 'a1', device: 'd-1' });
});

test.each([
  '',
  'account:a1',
  'account:a1:v2',
  'account:a1:v1:v1',
  'account::v1',
  'page:a1:01:v1',
  'page:a1:-1:v1',
  'tray:a1',
  'tray:a1:d1:x',
  'other:a1:v1',
  'account:a1:v1\n',
  `account:${'a'.repeat(65)}:v1`,
])('%j is no document of ours', (name) => {
  expect(parseDocumentName(name)).toBeNull();
});
