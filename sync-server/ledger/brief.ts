// Items as a book holds them: without what their schema fills in when it reads them. HTTP says every field.
import type { BookPurchase, BookWithdrawal, Purchase, Withdrawal } from '../../shared/account.ts';
import { type BookCluster, type Cluster, wholeCluster } from '../../shared/clusters.ts';
import { type BookNotice, kindOf, type Notice } from '../../shared/notices.ts';

/** Values that a schema gives to a field that is left out. */
const FILLED: Record<string, unknown> = {
  source: 'ledger',
  fee: '0',
  held: '0',
  paid: '0',
  refunded: '0',
  refundable: '0',
};

function isSaid([name, value]: [string, unknown]): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== null && value !== FILLED[name];
}

function lean<Item extends object>(item: Item): Item {
  // Only fields that the schemas let go are ever null, empty or as filled in.
  return Object.fromEntries(Object.entries(item).filter(isSaid)) as Item;
}

export function briefPurchase(purchase: Purchase): BookPurchase {
  return lean<BookPurchase>(purchase);
}

export function briefWithdrawal(withdrawal: Withdrawal): BookWithdrawal {
  return lean<BookWithdrawal>(withdrawal);
}

/** Also without what follows from its times and its price. */
export function briefCluster({ as_of, ends_at, served, served_ms, ...cluster }: Cluster): BookCluster {
  const dated = { ...cluster, ...(cluster.ended_at === null && { as_of }) };
  const ends = wholeCluster(dated).ends_at === ends_at ? {} : { ends_at };
  const read = wholeCluster({ ...dated, ...ends });
  return {
    ...lean<BookCluster>(dated),
    ...ends,
    ...(read.served !== served && { served }),
    ...(read.served_ms !== served_ms && { served_ms }),
  };
}

/** Also without what its code stands for. */
export function briefNotice({ topic, priority, ...notice }: Notice): BookNotice {
  const kind = kindOf(notice.code);
  return lean<BookNotice>({
    ...notice,
    ...(kind.topic !== topic && { topic }),
    ...(kind.priority !== priority && { priority }),
  });
}
