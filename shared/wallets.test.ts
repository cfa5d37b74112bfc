import { expect, test } from 'vitest';
import { canonicalAddress, chainOf, isAddress } from './wallets.ts';

test.each([
  // The wrapped SOL mint, the system program (32 zero bytes), and a program's address.
  'So11111111111111111111111111111111111111112',
  '11111111111111111111111111111111',
  'TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA',
])('%s is a Solana address', (text) => {
  expect(isAddress('solana', text)).toBe(true);
  expect(chainOf(text)).toBe('solana');
});

test.each([
  '',
  '1111111111111111111111111111111',
  '111111111111111111111111111111111',
  'So1111111111111111111111111111111111111111O',
  'So11111111111111111111111111111111111111112 ',
  // 44 signs that stand for 33 bytes.
  'zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz',
  '0x1',
])('%j is no Solana address', (text) => {
  expect(isAddress('solana', text)).toBe(false);
});

test('an Aptos address is up to 64 hex digits, however it is written', () => {
  const whole = `0x${'0'.repeat(63)}1`;
  expect([whole, '0x1', '0xABC'].map((text) => isAddress('aptos', text))).toEqual([true, true, true]);
  expect(['0x', '0x0', `${whole}0`, '1', '0xg', 'x'].map((text) => chainOf(text))).toEqual(
    Array.from({ length: 6 }, () => null),
  );
  expect(canonicalAddress('aptos', whole)).toBe('0x1');
  expect(canonicalAddress('aptos', '0x00AbC')).toBe('0xabc');
  expect(canonicalAddress('solana', '11111111111111111111111111111111')).toBe(
    '11111111111111111111111111111111',
  );
});
