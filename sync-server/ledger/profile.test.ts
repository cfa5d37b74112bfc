import { expect, test } from 'vitest';
import { Profile } from '../../shared/profile.ts';
import { DAY, HOUR, toRfc3339 } from '../../shared/time.ts';
import { START, TestLedger, USER } from './test-ledger.ts';

const SOLANA = 'So11111111111111111111111111111111111111112';
const OTHER = 'TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA';

const shown = (ledger: TestLedger): Profile =>
  Profile.parse(ledger.rows.findLast(({ patch }) => patch.profile)?.patch.profile);
const add = (ledger: TestLedger, address: string, chain: 'solana' | 'aptos' = 'solana') =>
  ledger.made(USER, { kind: 'wallet.add', chain, address });
const addresses = (ledger: TestLedger) =>
  shown(ledger).wallets.map(({ address, primary }) => `${address.slice(0, 4)}${primary ? ' primary' : ''}`);

test('name and timezone change on their own, and only what changed is a row', () => {
  const ledger = new TestLedger();
  expect(ledger.ok(USER, { kind: 'profile.set', timezone: 'Europe/Berlin' })).toMatchObject({ name: 'u' });
  ledger.ok(USER, { kind: 'profile.set', name: '  Mara Lindqvist ' });
  expect(shown(ledger)).toEqual({ name: 'Mara Lindqvist', timezone: 'Europe/Berlin', wallets: [] });
  expect(ledger.rows.at(-1)?.patch).toEqual({ profile: shown(ledger) });
  const rows = ledger.rows.length;
  ledger.ok(USER, { kind: 'profile.set', name: 'Mara Lindqvist', timezone: 'Europe/Berlin' });
  expect(ledger.rows).toHaveLength(rows);
});

test.each([
  { timezone: 'Mars/Olympus' },
  { timezone: '+02:00' },
  { timezone: '' },
  { name: '   ' },
  { name: 'a\nb' },
  { name: 'x'.repeat(201) },
])('%j is refused', (part) => {
  expect(new TestLedger().code(USER, { kind: 'profile.set', ...part })).toBe('invalid_request');
});

test('the first wallet of a chain is primary, another by wish, the oldest left when it goes', () => {
  const ledger = new TestLedger();
  const first = add(ledger, SOLANA);
  const second = add(ledger, OTHER);
  add(ledger, '0x00AB', 'aptos');
  expect(addresses(ledger)).toEqual(['So11 primary', 'Toke', '0xab primary']);
  ledger.ok(USER, { kind: 'wallet.primary', id: second });
  expect(addresses(ledger)).toEqual(['So11', 'Toke primary', '0xab primary']);
  ledger.ok(USER, { kind: 'wallet.remove', id: second });
  expect(addresses(ledger)).toEqual(['So11 primary', '0xab primary']);
  expect(ledger.code(USER, { kind: 'wallet.remove', id: second })).toBe('not_found');
  expect(ledger.code(USER, { kind: 'wallet.primary', id: second })).toBe('not_found');
  expect(add(ledger, SOLANA)).toBe(first);
});

test('ten of Solana and one of Aptos, and only real addresses', () => {
  const ledger = new TestLedger();
  // The system program's address with another last sign: 32 bytes each.
  const ten = Array.from('23456789AB', (sign) => `${'1'.repeat(31)}${sign}`);
  for (const address of ten) add(ledger, address);
  expect(shown(ledger).wallets).toHaveLength(10);
  expect(ledger.code(USER, { kind: 'wallet.add', chain: 'solana', address: SOLANA })).toBe('invalid_request');
  add(ledger, '0x1', 'aptos');
  expect(add(ledger, '0x0001', 'aptos')).toBe(shown(ledger).wallets.at(-1)?.id);
  expect(ledger.code(USER, { kind: 'wallet.add', chain: 'aptos', address: '0x2' })).toBe('invalid_request');
  const fresh = new TestLedger();
  expect(fresh.code(USER, { kind: 'wallet.add', chain: 'solana', address: '0x1' })).toBe('invalid_request');
  expect(fresh.code(USER, { kind: 'wallet.add', chain: 'aptos', address: SOLANA })).toBe('invalid_request');
});

test('a wallet completes its task once', () => {
  const ledger = new TestLedger();
  ledger.now = START + HOUR;
  const id = add(ledger, SOLANA);
  ledger.ok(USER, { kind: 'wallet.remove', id });
  ledger.now = START + 2 * HOUR;
  add(ledger, OTHER);
  const tasks = ledger.rows.flatMap(({ patch }) => (patch.tasks ? [patch.tasks] : []));
  expect(tasks).toHaveLength(2);
  expect(tasks[1]).toContainEqual({ id: 'wallet_added', done_at: toRfc3339(START + HOUR) });
});

test('no personal value stands in an entry or in what is hashed', () => {
  const ledger = new TestLedger();
  ledger.fund('50');
  ledger.ok(USER, { kind: 'profile.set', name: 'Mara Lindqvist' });
  add(ledger, SOLANA);
  ledger.ok(USER, { kind: 'withdrawal.request', amount: 5_000_000n, wallet_address: SOLANA });
  const hashed = [ledger.rows.map(({ patch }) => patch.recent), ledger.transfers.map(({ meta }) => meta)];
  expect(JSON.stringify(hashed)).not.toMatch(/Mara|So1111/);
});

test('a withdrawal goes to a real address, and wallets changed within a day flag it', () => {
  const ledger = new TestLedger();
  ledger.fund('50');
  const ask = (wallet_address: string) =>
    ({ kind: 'withdrawal.request', amount: 5_000_000n, wallet_address }) as const;
  expect(ledger.code(USER, ask('my wallet'))).toBe('invalid_request');
  const flags = (id: string) => {
    const record = ledger.state.records.get(`withdrawal:${id}`);
    return record?.kind === 'withdrawal' ? record.body.flags : null;
  };
  expect(flags(ledger.made(USER, ask(SOLANA)))).toEqual([]);
  add(ledger, OTHER);
  ledger.now = START + DAY - 1;
  expect(flags(ledger.made(USER, ask(OTHER)))).toEqual(['address_changed']);
  ledger.now = START + DAY;
  expect(flags(ledger.made(USER, ask(OTHER)))).toEqual([]);
});
