import { expect, test } from 'vitest';
import { createLog } from './log.ts';

function written(use: (log: ReturnType<typeof createLog>) => void): string {
  let text = '';
  use(createLog('info', { write: (line) => void (text += line) }));
  return text;
}

test('secrets are cut by name at three levels', () => {
  const text = written((log) =>
    log.info(
      { api_key: 'plain-1', body: { wallet_address: 'plain-2', deep: { refresh_token: 'plain-3' } } },
      'x',
    ),
  );
  expect(text).not.toMatch(/plain-\d/);
  expect(text).toContain('[hidden]');
});

test('secrets are cut by shape wherever they stand', () => {
  const secrets = [
    'iog_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ',
    'ior_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ',
    'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=',
    'io-v2-aVeryShortKeyOfIoNet',
    'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl',
    '0x52908400098527886E0F7030069857D2E4169EE7',
    '7EcDhSYGxXyscszYEp35KHN8vvw3svAuLKTzXwCFLtV',
  ];
  for (const secret of secrets) {
    const text = written((log) => log.error(new Error(`cannot use ${secret} here`)));
    expect(text).not.toContain(secret);
    expect(text).toContain('cannot use [hidden]');
  }
  expect(written((log) => log.info('postgres://glance:pass-word@db/x'))).toContain(
    'postgres://glance:[hidden]@db/x',
  );
});

test('ordinary facts stay readable', () => {
  const text = written((log) =>
    log.info({ account: '019aa8f5-7a3c-7c11-9d6e-2f8d54b1a001', status: 200 }, 'request'),
  );
  expect(text).toContain('019aa8f5-7a3c-7c11-9d6e-2f8d54b1a001');
});
