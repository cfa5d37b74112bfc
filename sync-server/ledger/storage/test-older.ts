// A file as an older release left it: for tests of what the next start, or a restore, makes of it.

const SUMMED = ['account', 'record', 'transfer', 'journal', 'idempotency', 'principal', 'session'];
const TRIGGERS = ['principal', 'session'].flatMap((table) =>
  ['made', 'intact', 'changed'].map((what) => `${table}_${what}`),
);

/** SQL that takes a file of this release back to the one before migration 008 or 009. */
export function backTo(migration: '008' | '009'): string {
  return [
    ...TRIGGERS.map((name) => `DROP TRIGGER ${name}`),
    ...SUMMED.map((table) => `ALTER TABLE ${table} DROP COLUMN crc`),
    ...['_scope', '_fingerprint', '', '_seq', '_crc'].map(
      (part) => `ALTER TABLE record DROP COLUMN answer${part}`,
    ),
    'ALTER TABLE account DROP COLUMN credits_crc',
    'DROP INDEX record_withdrawal_open',
    'DROP INDEX record_suspense_open',
    ...(migration === '008' ? ['DROP TABLE epoch'] : []),
    `DELETE FROM migration WHERE name >= '${migration}'`,
  ].join('; ');
}
