// Writes one batch on PostgreSQL: each table's rows as one array, so that a batch is one statement however many orders it
// holds.
import type { Client } from 'pg';
import { encodeBody } from '../codec.ts';
import type { AccountWrite, Settled } from '../engine.ts';
import type { AccountRecord } from '../state.ts';
import { encodeRows, type Value } from './postgres-rows.ts';
import { type Call, send } from './postgres-send.ts';
import { ROW } from './postgres-sql.ts';
import type { Base } from './postgres-store.ts';

/** How many transfers the batch posts. */
export function transferCount({ writes }: Settled): number {
  return writes.reduce((sum, { transfers }) => sum + transfers.length, 0);
}

/** Writes what was settled from loaded states, in the transaction that locked them, and commits. */
export async function writeAndCommit(
  client: Client,
  settled: Settled,
  base: Base,
  firstTransfer: number,
): Promise<void> {
  await send(client, [...writeCalls(settled, base, firstTransfer, false), ['commit']]);
}

/**
 * Writes what was settled from the cache, in one round trip and durably.
 * @throws the driver's error `STALE`, or that of a unique key, when something was not as the cache had it.
 */
export async function writeAtOnce(
  client: Client,
  settled: Settled,
  base: Base,
  firstTransfer: number,
): Promise<void> {
  const calls = writeCalls(settled, base, firstTransfer, true);
  // One statement is a transaction by itself.
  await send(client, calls.length === 1 ? calls : [['begin'], ...calls, ['commit']]);
}

function writeCalls(
  { writes, keys }: Settled,
  { states, versions }: Base,
  firstTransfer: number,
  unseen: boolean,
): Call[] {
  if (writes.length + keys.length === 0) return [];
  const isFresh = ({ account, record }: { account: string; record: AccountRecord }) =>
    unseen && states.get(account)?.records.has(`${record.kind}:${record.id}`) !== true;
  const balances = writes.flatMap(({ account, balances }) =>
    [...balances].map(([name, micros]) => ({ account, name, micros })),
  );
  const records = writes.flatMap(({ account, records }) =>
    [...records.values()].map((record) => ({ account, record })),
  );
  const transfers = writes
    .flatMap(({ account, transfers }) => transfers.map((transfer) => ({ account, transfer })))
    .map((each, index) => ({ ...each, pk: firstTransfer + index }));
  const created = writes.filter(({ isNew }) => isNew).map((write) => accountRow(write, null));
  // In the order of ids, as accounts are locked everywhere: two servers that write the same ones wait, and never for each
  // other.
  const changed = writes
    .filter(({ isNew }) => !isNew)
    .toSorted((a, b) => (a.account < b.account ? -1 : 1))
    .map((write) => accountRow(write, versions.get(write.account) ?? null));
  const emptied = balances.filter(({ micros }) => micros === 0n);
  const write = [
    encodeRows(ROW.account, changed),
    encodeRows(
      ROW.balance,
      balances
        .filter(({ micros }) => micros !== 0n)
        .map(({ account, name, micros }) => [account, name, micros]),
    ),
    encodeRows(ROW.record, records.filter((each) => !isFresh(each)).map(recordRow)),
    encodeRows(ROW.record, records.filter(isFresh).map(recordRow)),
    encodeRows(
      ROW.transfer,
      transfers.map(({ account, pk, transfer: { id, kind, at, meta } }) => {
        return [pk, id, account, kind, at, JSON.stringify(meta)];
      }),
    ),
    encodeRows(
      ROW.posting,
      transfers.flatMap(({ pk, transfer }) =>
        transfer.postings.map(({ name, micros }, line) => [pk, line, name, micros]),
      ),
    ),
    encodeRows(
      ROW.row,
      writes
        .flatMap((each) => each.rows)
        .map(({ account, seq, at, n, hash, private_digest, patch }) => {
          return [account, seq, at, n, hash, private_digest, JSON.stringify(patch)];
        }),
    ),
    encodeRows(
      ROW.key,
      keys.map(({ scope, key, fingerprint, account, outcome, seq }) => {
        return [scope, key, fingerprint, account, outcome, seq];
      }),
    ),
  ];
  const calls: Call[] = [['write', [...write, changed.length]]];
  if (created.length > 0) calls.unshift(['insertAccounts', [encodeRows(ROW.account, created)]]);
  if (emptied.length > 0) {
    calls.push(['dropBalances', [emptied.map(({ account }) => account), emptied.map(({ name }) => name)]]);
  }
  return calls;
}

function recordRow({ account, record }: { account: string; record: AccountRecord }): Value[] {
  const { kind, id, open, links, body } = record;
  return [account, kind, id, open ? 1 : 0, JSON.stringify(links), encodeBody(body)];
}

function accountRow(
  { account, head, facts, due_at, creditsSeq }: AccountWrite,
  version: number | null,
): Value[] {
  const { seq, n, hash, at } = head;
  return [account, seq, n, hash, at, encodeBody(facts), due_at, creditsSeq ?? 0, version];
}
