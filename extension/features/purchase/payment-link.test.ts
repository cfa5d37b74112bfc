import { expect, test } from 'vitest';
import { payable, safeUrl } from './payment-link.ts';

test('only https and this machine are opened', () => {
  expect(safeUrl('https://pay.example/p/1')).toBe('https://pay.example/p/1');
  expect(safeUrl('http://127.0.0.1:4700/pay/1')).toBe('http://127.0.0.1:4700/pay/1');
  for (const bad of ['http://pay.example/1', 'javascript:alert(1)', 'data:text/html,x', 'pay', '']) {
    expect(safeUrl(bad)).toBeNull();
  }
});

test('what is settled has nothing to pay', () => {
  expect(payable({ status: 'settled', payment_url: 'https://pay.example' })).toBeNull();
  expect(payable({ status: 'pending', payment_url: null })).toBeNull();
  expect(payable({ status: 'pending', payment_url: 'https://pay.example/' })).toBe('https://pay.example/');
});
