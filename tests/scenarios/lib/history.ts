// Long histories, made quickly: orders that are refused and journalled, which is an entry each.
import type { Person, TestServer } from './server.ts';

let entries = 0;

/** Adds entries to an account's journal, many in one transaction. */
export async function addEntries(
  { running: { ledger } }: Pick<TestServer, 'running'>,
  { account, principal }: Person,
  count: number,
): Promise<void> {
  const STEP = 500;
  for (let left = count; left > 0; left -= STEP) {
    const orders = Array.from({ length: Math.min(STEP, left) }, () => {
      const intent = `history-${String((entries += 1)).padStart(16, '0')}`;
      const actor = { principal, scope: 'account' } as const;
      return ledger.settle({
        account,
        actor,
        command: { kind: 'withdrawal.cancel', id: 'none' },
        key: intent,
        intent,
      });
    });
    await Promise.all(orders);
  }
}
