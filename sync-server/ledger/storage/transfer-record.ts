// A posted transfer as the rules see it when a reversal names it: a record that only a storage makes.
import type { RecordOf } from '../records.ts';

/**
 * @param meta the transfer's meta as stored
 * @param postings rows of `name` and `micros`, in line order
 */
export function transferRecord(
  id: string,
  kind: string,
  meta: string,
  postings: readonly Record<string, unknown>[],
): RecordOf<'transfer'> {
  const of = ownerOf(meta);
  return {
    kind: 'transfer',
    id,
    open: false,
    links: of === null ? [] : [of],
    body: {
      kind,
      postings: postings.map(({ name, micros }) => ({ name: String(name), micros: BigInt(String(micros)) })),
      of,
    },
  };
}

function ownerOf(meta: string): string | null {
  // A transfer's meta as the rules wrote it: `metadata.of` is the record it belongs to.
  const { metadata } = JSON.parse(meta) as { metadata?: { of?: unknown } };
  return typeof metadata?.of === 'string' ? metadata.of : null;
}
