// An account as the rules see it, for reading: what is open, what a caller names, and whatever these lead to.
import type { Ms } from '../../shared/time.ts';
import { decodeFacts } from './codec.ts';
import { Draft } from './draft.ts';
import type { RuleConfig } from './rules.ts';
import type { AccountState } from './state.ts';
import type { Database } from './storage/database.ts';
import { recordFrom, textOf } from './storage/rows.ts';
import type { View } from './view.ts';

/** Records named in one question. */
const AT_ONCE = 200;

async function follow(database: Database, state: AccountState, wanted: string[]): Promise<void> {
  let names = wanted.filter((key) => !state.records.has(key));
  while (names.length > 0) {
    const some = names.splice(0, AT_ONCE);
    const params = [
      state.id,
      ...some.flatMap((key) => [key.slice(0, key.indexOf(':')), key.slice(key.indexOf(':') + 1)]),
    ];
    const pairs = some.map((_, index) => `(kind = $${2 * index + 2} AND id = $${2 * index + 3})`);
    const rows = await database.read(
      `SELECT kind, id, open, links, body FROM record WHERE account = $1 AND (${pairs.join(' OR ')})`,
      params,
    );
    const links: string[] = [];
    for (const record of rows.map(recordFrom)) {
      state.records.set(`${record.kind}:${record.id}`, record);
      links.push(...record.links);
    }
    names = [...new Set([...names, ...links])].filter(
      (key) => !state.records.has(key) && !some.includes(key),
    );
  }
}

/**
 * The account's present state as the rules look at it, with the named records (`kind:id`) beside the open ones. It is
 * one moment's as far as nothing commits between its questions; it decides nothing.
 * Null for an unknown account.
 */
export async function viewOf(
  database: Database,
  account: string,
  { now, rules, names = [] }: { now: Ms; rules: RuleConfig; names?: string[] },
): Promise<View | null> {
  const [row] = await database.read('SELECT seq, n, hash, at, facts FROM account WHERE id = $1', [account]);
  if (!row) return null;
  const state: AccountState = {
    id: account,
    head: { seq: Number(row['seq']), n: Number(row['n']), hash: textOf(row, 'hash'), at: Number(row['at']) },
    facts: decodeFacts(textOf(row, 'facts')),
    balances: new Map(),
    records: new Map(),
  };
  for (const { name, micros } of await database.read('SELECT name, micros FROM balance WHERE account = $1', [
    account,
  ])) {
    if (typeof micros === 'bigint') state.balances.set(String(name), micros);
  }
  const open = await database.read(
    'SELECT kind, id, open, links, body FROM record WHERE account = $1 AND open = 1',
    [account],
  );
  for (const record of open.map(recordFrom)) state.records.set(`${record.kind}:${record.id}`, record);
  await follow(database, state, [...names]);
  const draft = new Draft(state, { now, rules, id: () => '' });
  draft.now = draft.commit;
  return draft;
}
