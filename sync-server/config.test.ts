import { expect, test } from 'vitest';
import { readConfig, readPlace } from './config.ts';

const KEY = Buffer.from('0123456789abcdef0123456789abcdef').toString('base64');
const SECRETS = { PAYMENT_WEBHOOK_SECRET: `whsec_${KEY}`, SECRETS_KEY: KEY };

function problem(env: Record<string, string>): string {
  try {
    readConfig({ ...SECRETS, ...env });
  } catch (error) {
    if (error instanceof Error) return error.message;
  }
  return '';
}

test('an environment with secrets only has the documented defaults', () => {
  const config = readConfig(SECRETS);
  expect(config).toMatchObject({
    HOST: '127.0.0.1',
    PORT: 4700,
    DATA_DIR: './data',
    FIAT_FEE_BPS: 300,
    ALLOWANCE: 10_000_000n,
    GRACE_SECONDS: 300,
    HOLD_SECONDS: 900,
    PURCHASE_TTL_DAYS: null,
    CARD_HOLD_DAYS: 0,
    RATE_LIMITS: true,
    METRICS_PUBLIC: false,
    TRUST_PROXY: false,
    CLOCK: 'system',
    IONET_API_URL: 'https://api.io.solutions',
  });
  expect(config.DATABASE_URL).toBeUndefined();
  expect(config.SECRETS_KEY).toHaveLength(32);
});

test('a bad value names its variable, what is wrong, and an example', () => {
  expect(problem({ PORT: '70000' })).toBe('PORT must be a whole number from 0 to 65535. Example: PORT=4700');
  expect(problem({ ALLOWANCE: '1e3' })).toBe(
    'ALLOWANCE must be an amount of credits such as 10 or 12.50. Example: ALLOWANCE=10',
  );
  expect(problem({ DATABASE_URL: 'mysql://x' })).toContain(
    'DATABASE_URL must be an address that starts with postgres://',
  );
  expect(problem({ PURCHASE_TTL_DAYS: '0' })).toContain('PURCHASE_TTL_DAYS must be off or a whole number');
  expect(problem({ EXTENSION_ORIGINS: 'https://example.com' })).toContain(
    'EXTENSION_ORIGINS must be extension origins',
  );
  expect(problem({ RATE_LIMITS: '{"a":"b"}' })).toContain('RATE_LIMITS must be on, off, or JSON');
  expect(problem({ RATE_LIMITS: '{"raeds":600}' })).toContain('there are reads, writes,');
  expect(problem({ CLOCK: 'test', HOST: '0.0.0.0' })).toContain('CLOCK test is for loopback only');
  expect(problem({ PORT: 'x', CLOCK: 'y' }).split('\n')).toHaveLength(2);
});

test('missing, short and placeholder secrets are refused, and no secret value is printed', () => {
  expect(() => readConfig({})).toThrow(/PAYMENT_WEBHOOK_SECRET is missing[\s\S]*SECRETS_KEY is missing/);
  const zeros = Buffer.alloc(32).toString('base64');
  expect(problem({ SECRETS_KEY: zeros })).toContain('SECRETS_KEY is a placeholder');
  expect(problem({ PAYMENT_WEBHOOK_SECRET: `whsec_${zeros}` })).toContain(
    'PAYMENT_WEBHOOK_SECRET is a placeholder',
  );
  for (const secret of ['hunter2hunter2', `whsec_${Buffer.from('short').toString('base64')}`]) {
    const message = problem({ PAYMENT_WEBHOOK_SECRET: secret, SECRETS_KEY: secret });
    expect(message).toContain('PAYMENT_WEBHOOK_SECRET must be');
    expect(message).toContain('SECRETS_KEY must be 32 bytes');
    expect(message).not.toContain(secret);
  }
});

test('several webhook secrets stand side by side while rotating', () => {
  const other = Buffer.from('fedcba9876543210fedcba9876543210').toString('base64');
  const config = readConfig({ ...SECRETS, PAYMENT_WEBHOOK_SECRET: `whsec_${KEY}, whsec_${other}` });
  expect(config.PAYMENT_WEBHOOK_SECRET).toEqual([`whsec_${KEY}`, `whsec_${other}`]);
});

test('a tool finds the data without any secret', () => {
  expect(readPlace({ DATA_DIR: '/somewhere', DATABASE_URL: '' })).toMatchObject({
    DATA_DIR: '/somewhere',
    PORT: 4700,
  });
  expect(() => readPlace({ PORT: '-1' })).toThrow('PORT must be a whole number');
});
