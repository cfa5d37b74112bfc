// What must hold in every reachable state, whatever the model says: the core's own checker, and a fold of the
// postings that knows nothing of the core (I1, I2, I9, I10), the house accounts included.
import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { NO_HASH } from '../../../shared/chain.ts';
import { checkAccount } from '../../../sync-server/ledger/invariants.ts';
import type { Core } from './core.ts';
import type { Store, Stored } from './store.ts';
import { START } from './terms.ts';
import type { Model } from './model.ts';
import type { Who } from './step.ts';

// The model names its house accounts more coarsely, so sums by prefix are compared.
const HOUSES = [
  'asset:psp',
  'asset:treasury',
  'payable:psp_fee',
  'suspense:payments',
  'revenue:',
  'income:',
  'expense:',
];

/** The first thing wrong with an account or with the house, by the model's lights too; null when all is well. */
export function audit(model: Model, core: Core, who: Who): string | null {
  const stored = core.accounts.get(who);
  if (!stored) return `no account ${who}`;
  return unsound(core.store, who) ?? due(model, stored, who) ?? houses(model, core);
}

/** The first thing wrong with an account by itself; null when all is well. */
export function unsound(store: Store, who: string): string | null {
  const stored = store.accounts.get(who);
  if (!stored) return `no account ${who}`;
  const [broken] = checkAccount(store.whole(who), stored.transfers, store.rules);
  return broken ?? ownFold(stored) ?? journal(stored);
}

/** What is looked at once, when a script has ended: the hash chain (I9), and what became of purchases and payouts. */
export function auditEnd(model: Model, core: Core, who: Who): string | null {
  const stored = core.accounts.get(who);
  if (!stored) return `no account ${who}`;
  return brokenChain(stored) ?? lanes(model, core, stored, who);
}

function sha256(value: unknown): string {
  return hash('sha256', canonicalize(value) ?? '');
}

/** Recomputes the chain with the library for RFC 8785, not with the product's own writer. */
function brokenChain({ rows, transfers, head }: Stored): string | null {
  const digests = new Map(transfers.map(({ id, meta }) => [id, sha256(meta)]));
  let prev = NO_HASH;
  for (const { seq, patch, private_digest, hash: stated } of rows) {
    const entry = patch.recent;
    if (entry) prev = hash('sha256', `${prev}${canonicalize({ entry, private_digest })}`);
    if (stated !== prev) return `the chain breaks at row ${seq}`;
    const digest = entry && digests.get(entry.id);
    if (digest !== undefined && digest !== private_digest)
      return `row ${seq} does not vouch for its transfer`;
  }
  return head.hash === prev ? null : 'the head is not the end of the chain';
}

function lanes(model: Model, core: Core, { rows }: Stored, who: Who): string | null {
  const account = model.accounts[who];
  const shown = new Map(
    rows.flatMap(({ patch }) =>
      [patch.purchases, patch.withdrawals].flatMap((item) => (item ? [[item.id, item.status] as const] : [])),
    ),
  );
  for (const { id, status } of [...account.purchases.values(), ...account.withdrawals.values()]) {
    const told = shown.get(core.names.known(id));
    if (told !== status) return `${id} is shown as ${told}, the model says ${status}`;
  }
  return null;
}

function ownFold({ transfers, balances }: Stored): string | null {
  const folded = new Map<string, bigint>();
  for (const { id, postings } of transfers) {
    let sum = 0n;
    for (const { name, micros } of postings) {
      sum += micros;
      folded.set(name, (folded.get(name) ?? 0n) + micros);
    }
    if (sum !== 0n) return `transfer ${id} sums to ${sum}`;
  }
  for (const [name, micros] of balances) {
    if ((folded.get(name) ?? 0n) !== micros)
      return `${name} is ${micros}, its postings say ${folded.get(name)}`;
    if (name === 'recv' ? micros > 0n : micros < 0n) return `${name} is ${micros}`;
  }
  for (const [name, micros] of folded) {
    if (isOwn(name) && (balances.get(name) ?? 0n) !== micros) return `${name} has no balance for ${micros}`;
  }
  return null;
}

function isOwn(name: string): boolean {
  return name.startsWith('lot:') || name === 'held' || name === 'reserved' || name === 'recv';
}

function journal({ rows, head }: Stored): string | null {
  let entries = 0;
  for (const [index, { seq, n, patch, at }] of rows.entries()) {
    if (patch.recent) entries += 1;
    if (seq !== index + 1) return `row ${index} has seq ${seq}`;
    if (n !== entries) return `row ${seq} has n ${n} after ${entries} entries`;
    if (patch.recent && patch.recent.n !== n) return `the entry of row ${seq} has n ${patch.recent.n}`;
    if (at < (rows[index - 1]?.at ?? 0)) return `row ${seq} is older than the one before`;
  }
  return head.seq === rows.length && head.n === entries ? null : `head ${head.seq}/${head.n}`;
}

/** A timer that is set too late would leave a promise open; a needless one is harmless. */
function due(model: Model, { dueAt }: Stored, who: Who): string | null {
  const next = Math.min(...model.accounts[who].dueInstants());
  if (next === Infinity) return null;
  return dueAt !== null && dueAt - START <= next ? null : `due at ${next}, the timer says ${dueAt}`;
}

function houses(model: Model, core: Core): string | null {
  const postings = [...core.accounts.values()].flatMap(({ transfers }) =>
    transfers.flatMap(({ postings }) => postings),
  );
  if (postings.reduce((sum, { micros }) => sum + micros, 0n) !== 0n)
    return 'the whole ledger does not sum to zero';
  for (const prefix of HOUSES) {
    const sum = postings.reduce(
      (sum, { name, micros }) => (name.startsWith(prefix) ? sum + micros : sum),
      0n,
    );
    if (sum !== model.house(prefix)) return `${prefix} is ${sum}, the model says ${model.house(prefix)}`;
  }
  return null;
}
