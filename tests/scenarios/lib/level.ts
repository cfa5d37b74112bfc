// Waiting until a device is level with the journal.
import { type Device, headOf, soon } from './device.ts';
import type { Person, TestServer } from './server.ts';

export const synced = (device: Device) => soon('the book is here', () => device.provider.isSynced);

/** Number of the last journal row of an account. */
export async function journalHead({ running }: TestServer, { account }: Person): Promise<number> {
  const rows = await running.ledger.journal(account, 0, 10_000);
  return rows.at(-1)?.seq ?? 0;
}

export const level = (server: TestServer, device: Device, person: Person) =>
  soon(
    'the book is level with the journal',
    async () => headOf(device.doc)?.seq === (await journalHead(server, person)),
  );
