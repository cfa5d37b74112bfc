// The peer of the ledger's bench: the bare SQL of one posting, on the same engine with the same group commit and the
// same messages, and no rules at all. Key lookup, two balances read and updated, one transfer, two legs, one journal row.
import { DatabaseSync } from 'node:sqlite';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';

/** One posting of one micro between two accounts. */
export interface BareJob {
  id: number;
  key: string;
  account: string;
}

const MAX_BATCH = 256;
const ROW = JSON.stringify({ recent: { amount: '-0.000001', type: 'usage', status: 'done', service: 'vm' } });

const SCHEMA = `
  PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000;
  CREATE TABLE idempotency (key TEXT PRIMARY KEY, outcome TEXT NOT NULL) STRICT;
  CREATE TABLE balance (account TEXT PRIMARY KEY, seq INTEGER NOT NULL, micros INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE transfer (pk INTEGER PRIMARY KEY, key TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
  CREATE TABLE posting (transfer INTEGER NOT NULL, line INTEGER NOT NULL, account TEXT NOT NULL,
    micros INTEGER NOT NULL, PRIMARY KEY (transfer, line)) STRICT, WITHOUT ROWID;
  CREATE TABLE journal (account TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, patch TEXT NOT NULL,
    UNIQUE (account, seq)) STRICT;`;

const db = new DatabaseSync(String(workerData));
db.exec(SCHEMA);
const findKey = db.prepare('SELECT outcome FROM idempotency WHERE key = ?');
const putKey = db.prepare('INSERT INTO idempotency VALUES (?, ?)');
const read = db.prepare('SELECT seq, micros FROM balance WHERE account = ?', { readBigInts: true });
const move = db.prepare(`INSERT INTO balance VALUES (?, 1, ?)
  ON CONFLICT (account) DO UPDATE SET seq = seq + 1, micros = micros + excluded.micros`);
const putTransfer = db.prepare('INSERT INTO transfer (key, at) VALUES (?, ?)');
const putPosting = db.prepare('INSERT INTO posting VALUES (?, ?, ?, ?)');
const putRow = db.prepare('INSERT INTO journal VALUES (?, ?, ?, ?)');

function post({ key, account }: BareJob, at: number): void {
  if (findKey.get(key)) return;
  const house = `house:${account}`;
  const seq = Number(read.get(account)?.['seq'] ?? 0) + 1;
  read.get(house);
  const { lastInsertRowid } = putTransfer.run(key, at);
  putPosting.run(lastInsertRowid, 0, account, -1n);
  putPosting.run(lastInsertRowid, 1, house, 1n);
  move.run(account, -1n);
  move.run(house, 1n);
  putRow.run(account, seq, at, ROW);
  putKey.run(key, ROW);
}

parentPort?.on('message', (first: BareJob[] | 'close') => {
  const jobs: BareJob[] = [];
  for (let message: BareJob[] | 'close' | undefined = first; message; message = next()) {
    if (message === 'close') {
      db.close();
      parentPort?.close();
      return;
    }
    jobs.push(...message);
    if (jobs.length >= MAX_BATCH) break;
  }
  db.exec('BEGIN IMMEDIATE');
  const at = Date.now();
  for (const job of jobs) post(job, at);
  db.exec('COMMIT');
  parentPort?.postMessage(jobs.map(({ id }) => ({ id, outcome: ROW })));
});

function next(): BareJob[] | 'close' | undefined {
  if (!parentPort) return undefined;
  // The other end is the bench beside this file.
  return receiveMessageOnPort(parentPort)?.message as BareJob[] | 'close' | undefined;
}
