// What must be true when all is over: each proposal answered once, the ledger whole, every replica the same bytes.
import { join } from 'node:path';
import * as Y from 'yjs';
import { bookDatabase } from '../../extension/replica/book.ts';
import { openStore } from '../../extension/replica/store.ts';
import { trayDatabase } from '../../extension/replica/tray.ts';
import { TRAY_ROOT } from '../../shared/tray.ts';
import type { JournalRow } from '../../sync-server/ledger/journal.ts';
import { openLedger } from '../../sync-server/ledger/open.ts';
import { DEFAULT_RULES } from '../../sync-server/ledger/rules.ts';
import { project } from '../../sync-server/sync/project.ts';
import { lineOf } from '../../sync-server/verify/findings.ts';
import { verify } from '../../sync-server/verify/verify.ts';
import { creditsOf, sha } from '../scenarios/lib/device.ts';
import { as, type ReplicaDevice } from '../scenarios/lib/replica-device.ts';

/** An account's whole journal; no server may have the file open. */
export async function journalOf(dataDir: string, account: string): Promise<JournalRow[]> {
  const clock = { now: () => Date.now() };
  const ledger = await openLedger({ dataDir, clock, rules: DEFAULT_RULES });
  const rows = await ledger.journal(account, 0, 1_000_000);
  await ledger.close();
  return rows;
}

/** Each promise that was broken, in words. */
export async function judge(
  dataDir: string,
  account: string,
  devices: ReplicaDevice[],
  proposed: string[],
): Promise<string[]> {
  const broken: string[] = [];
  await verify({
    place: { file: join(dataDir, 'glance.sqlite') },
    rules: DEFAULT_RULES,
    threads: 1,
    onFinding: (finding) => broken.push(lineOf(finding)),
  });
  const rows = await journalOf(dataDir, account);
  const answers = new Map<string, number>();
  for (const { patch } of rows) {
    if (patch.answers) answers.set(patch.answers.intent, (answers.get(patch.answers.intent) ?? 0) + 1);
  }
  for (const id of proposed) {
    const times = answers.get(id) ?? 0;
    if (times !== 1) broken.push(`${id} was answered ${times} times`);
  }
  if (answers.size !== proposed.length)
    broken.push(`${answers.size} answers to ${proposed.length} proposals`);

  const fold = new Y.Doc();
  project(fold, rows);
  for (const [index, device] of devices.entries()) {
    const { account_id, epoch } = device.session.record ?? {};
    const who = `device ${index}`;
    if (epoch !== 1) broken.push(`${who} healed its book ${String(epoch)} times`);
    const book = await stored(device, bookDatabase(account_id ?? '', epoch ?? 0));
    if (sha(book) !== sha(fold)) broken.push(`${who} has other bytes than the journal`);
    if (creditsOf(book)?.balance !== creditsOf(fold)?.balance) broken.push(`${who} has another balance`);
    const left = await inTray(device);
    if (left > 0) broken.push(`${who} has ${left} proposals in its tray`);
  }
  return broken;
}

/** How many proposals lie in a device's tray, as its database has it. */
export async function inTray(device: ReplicaDevice): Promise<number> {
  const { account_id, device_id, tray_epoch } = device.session.record ?? {};
  const name = trayDatabase(account_id ?? '', device_id ?? '', tray_epoch ?? 0);
  return (await stored(device, name)).getArray(TRAY_ROOT).length;
}

/** A document as a device has it in its database. */
async function stored(device: ReplicaDevice, database: string): Promise<Y.Doc> {
  return as(device.factory, async () => {
    const doc = new Y.Doc();
    const copy = new Y.Doc();
    const store = await openStore(database, doc, () => {});
    Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
    await store.close();
    return copy;
  });
}
