import { copyFileSync, cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openLedger } from '../ledger/open.ts';
import { DEFAULT_RULES } from '../ledger/rules.ts';
import { addRowSum } from '../ledger/storage/row-sum.ts';
import { type Finding, lineOf } from './findings.ts';
import { damage, Life, livedLedger, tempPlace } from './rig.ts';
import { SourceError } from './source.ts';
import { openSqliteSource } from './sqlite-source.ts';
import { verify } from './verify.ts';

// Each verification starts threads of its own: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000 });

const place = tempPlace();
const worked = { dataDir: join(place.dataDir, 'worked') };
let copies = 0;

beforeAll(async () => {
  await livedLedger(place);
  const ledger = await openLedger({
    dataDir: join(place.dataDir, 'at-work'),
    clock: { now: () => Date.now() },
    rules: DEFAULT_RULES,
  });
  const life = new Life(ledger, 'kim');
  await life.open('kim');
  await life.fund('kim', 100_000_000n);
  for (let count = 0; count < 10; count += 1) await life.charge('kim', `c${count}`, 1n);
  cpSync(join(place.dataDir, 'at-work'), worked.dataDir, { recursive: true });
  await ledger.close();
});
afterAll(() => place.remove());

function copy(): string {
  const file = join(place.dataDir, `copy-${(copies += 1)}.sqlite`);
  copyFileSync(place.file, file);
  return file;
}

/** The folder of a ledger as it lies while a server is at work, without the server. */
function killedLedger(): { dataDir: string; file: string } {
  const dataDir = join(place.dataDir, `killed-${(copies += 1)}`);
  cpSync(worked.dataDir, dataDir, { recursive: true });
  return { dataDir, file: join(dataDir, 'glance.sqlite') };
}

async function findingsOf(file: string, threads = 1): Promise<Finding[]> {
  const findings: Finding[] = [];
  await verify({
    place: { file },
    rules: DEFAULT_RULES,
    threads,
    onFinding: (finding) => findings.push(finding),
  });
  return findings;
}

async function verifiedTransfers(file: string): Promise<number> {
  const { transfers } = await verify({
    place: { file },
    rules: DEFAULT_RULES,
    threads: 1,
    onFinding: () => {},
  });
  return transfers;
}

/** What is found first, in words, after some damage to a copy. */
async function first(sql: string): Promise<string> {
  const file = copy();
  damage(file, sql);
  const [finding] = await findingsOf(file);
  return finding ? lineOf(finding) : 'nothing';
}

test('nothing is wrong with a ledger that lived, whatever the number of threads', async () => {
  expect((await findingsOf(place.file)).map(lineOf)).toEqual([]);
  expect((await findingsOf(place.file, 3)).map(lineOf)).toEqual([]);
});

test('beside a ledger that settles, nothing half done is seen', async () => {
  const busy = tempPlace();
  const ledger = await openLedger({
    dataDir: busy.dataDir,
    clock: { now: () => Date.now() },
    rules: DEFAULT_RULES,
  });
  const names = ['a', 'b', 'c', 'd'];
  const lives = names.map((name) => new Life(ledger, name));
  let going = true;
  for (const [index, life] of lives.entries()) {
    await life.open(String(names[index]));
    await life.fund(String(names[index]), 100_000_000n);
  }
  const writing = lives.map(async (life, index) => {
    const account = String(names[index]);
    for (let count = 0; going; count += 1) {
      await life.charge(account, `c${count}`, 1n);
      await life.hold(account, `h${count}`, 1_000n);
      await life.capture(account, `h${count}`, 400n);
    }
  });
  let seen = 0;
  for (let round = 0; round < 4; round += 1) {
    expect((await findingsOf(busy.file, 2)).map(lineOf)).toEqual([]);
    const now = await verifiedTransfers(busy.file);
    expect(now).toBeGreaterThan(seen);
    seen = now;
  }
  going = false;
  await Promise.all(writing);
  await ledger.close();
  busy.remove();
});

test('it counts what it saw, and tells how far it is', async () => {
  const seen: number[] = [];
  const done = await verify({
    place: { file: place.file },
    rules: DEFAULT_RULES,
    threads: 1,
    onFinding: () => {},
    onProgress: ({ transfers }) => seen.push(transfers),
  });
  const db = new DatabaseSync(place.file, { readOnly: true });
  const count = (table: string) =>
    Number(db.prepare(`SELECT count(*) AS count FROM ${table}`).get()?.['count']);
  expect(done).toEqual({ accounts: 3, transfers: count('transfer'), rows: count('journal'), findings: 0 });
  db.close();
  expect(seen.at(-1)).toBe(done.transfers);
});

test('not a byte is written, and no file made beside a copy', async () => {
  const file = copy();
  const before = { files: readdirSync(place.dataDir), at: statSync(file).mtimeMs };
  await findingsOf(file);
  expect({ files: readdirSync(place.dataDir), at: statSync(file).mtimeMs }).toEqual(before);
});

test.each([
  [
    'an amount in an entry',
    `UPDATE journal SET patch = replace(patch, '"amount":"-1.234567"', '"amount":"-1.234568"') WHERE account = 'ann' AND seq = 9`,
    /^ann seq 9: I9: the hash chain breaks$/,
  ],
  [
    'a field smuggled into an entry',
    `UPDATE journal SET patch = replace(patch, '{"recent":{', '{"recent":{"note":"x",') WHERE account = 'ann' AND seq = 9`,
    /^ann seq 9: I9: the entry holds note/,
  ],
  [
    'a hash',
    `UPDATE journal SET hash = replace(hash, substr(hash, 1, 1), 'x') WHERE account = 'bob' AND seq = 4`,
    /^bob seq 4: I9: the hash chain breaks$/,
  ],
  [
    'a journal row gone',
    `DELETE FROM journal WHERE account = 'ann' AND seq = 7`,
    /^ann seq 7: I9: journal row 7 is missing$/,
  ],
  [
    'the last journal row gone',
    `DELETE FROM journal WHERE account = 'ann' AND seq = (SELECT seq FROM account WHERE id = 'ann')`,
    /^ann seq \d+: I9: journal row \d+ is missing: the head is \d+$/,
  ],
  [
    'a head that is not the end',
    `UPDATE account SET hash = '${'0'.repeat(64)}' WHERE id = 'ann'`,
    /^ann seq \d+: I9: the head is not the end of the chain$/,
  ],
  [
    'the private part of a transfer',
    `UPDATE transfer SET meta = replace(meta, 'compute', 'comput3') WHERE kind = 'usage.charge' AND meta LIKE '%charge:c3"%'`,
    /^ann seq \d+: I9: the private part of transfer/,
  ],
  [
    'one posting',
    `UPDATE posting SET micros = micros + 1 WHERE line = 0 AND transfer = (SELECT min(pk) FROM transfer WHERE kind = 'usage.charge')`,
    /^ann seq 6: I1: transfer \S+ is off by 1 micros$/,
  ],
  [
    'both postings alike',
    `UPDATE posting SET micros = micros * 2 WHERE transfer = (SELECT min(pk) FROM transfer WHERE kind = 'usage.charge')`,
    /^ann seq 6: I10: the entry says -1\.234567, its postings -2\.469134$/,
  ],
  [
    'a posting to nowhere',
    `UPDATE posting SET name = 'revenue' WHERE name = 'revenue:vm' AND transfer = (SELECT min(pk) FROM transfer WHERE kind = 'usage.charge')`,
    /^ann seq 6: I1: transfer \S+ posts to revenue, which is no account$/,
  ],
  [
    'a transfer gone, its postings left',
    `DELETE FROM transfer WHERE kind = 'usage.charge' AND meta LIKE '%charge:c4"%'`,
    /^ledger: I1: 2 postings over 0 micros belong to transfer \d+, which is not there$/,
  ],
  [
    'a transfer of another account',
    `UPDATE transfer SET account = 'bob' WHERE kind = 'usage.charge' AND meta LIKE '%charge:c4"%'`,
    /^ann seq \d+: I10: entry \d+ has no transfer/,
  ],
  [
    'a cached balance',
    `UPDATE balance SET micros = micros + 1 WHERE account = 'cy' AND name = 'reserved'`,
    /^cy seq \d+: I10: balance reserved is 7000001 micros, its postings say 7000000$/,
  ],
  [
    'a cached balance gone',
    `DELETE FROM balance WHERE account = 'cy' AND name = 'reserved'`,
    /^cy seq \d+: I10: balance reserved is 0 micros, its postings say 7000000$/,
  ],
  [
    'a fact',
    `UPDATE account SET facts = replace(facts, '"paid_out":{"micros":"1500', '"paid_out":{"micros":"1400') WHERE id = 'cy'`,
    /^cy seq \d+: I10: fact paid_out is 1400000000 micros, its postings say 1500000000$/,
  ],
  [
    'facts that are none',
    `UPDATE account SET facts = 'x' WHERE id = 'cy'`,
    /^cy seq \d+: I8: facts and records cannot be read together/,
  ],
  [
    'the amount of a closed charge',
    `UPDATE record SET body = replace(body, '"amount":{"micros":"1234567"}', '"amount":{"micros":"1234568"}') WHERE kind = 'charge' AND id = 'c5'`,
    /^ann seq \d+: I8: charge c5 is not fully funded$/,
  ],
  [
    'a record that is none',
    `UPDATE record SET body = '{}' WHERE kind = 'charge' AND id = 'c5'`,
    /^ann: I8: charge c5 cannot be read/,
  ],
  [
    'an open withdrawal',
    `UPDATE record SET body = replace(body, '7000000', '6000000') WHERE account = 'cy' AND kind = 'withdrawal' AND open = 1`,
    /^cy seq \d+: I5: reserved is 7000000, withdrawals say 6000000$/,
  ],
  [
    'a lot that was smaller',
    `UPDATE record SET body = replace(body, '"size":{"micros":"2000000000"}', '"size":{"micros":"2"}') WHERE account = 'cy' AND kind = 'lot'`,
    /^cy seq \d+: I12: lot:2 holds \d+ of 2$/,
  ],
  [
    'a purchase that cost less',
    `UPDATE record SET body = replace(body, '"total":{"micros":"103000000"}', '"total":{"micros":"100000000"}') WHERE kind = 'purchase'`,
    /^ann seq \d+: I14: asset:psp:sphere moved -103000000 micros, the records say -100000000$/,
  ],
  [
    'a payout that was less',
    `UPDATE record SET body = replace(body, '1500000000', '1400000000') WHERE kind = 'withdrawal' AND body LIKE '%"paid"%'`,
    /^cy seq \d+: I14: asset:treasury: moved 1500000000 micros, the records say 1400000000$/,
  ],
  [
    'an account whose name is gone',
    `DELETE FROM account WHERE id = 'bob'`,
    /^bob: I9: \d+ rows of journal, but no such account$/,
  ],
  [
    'the answer of a key gone',
    `DELETE FROM idempotency WHERE key = (SELECT key FROM idempotency WHERE account = 'ann' ORDER BY seq LIMIT 1 OFFSET 9)`,
    /^ann seq \d+: I13: key \S+ of compute has posted, but no answer/,
  ],
  [
    'an answer from the future',
    `UPDATE idempotency SET seq = seq + 1000 WHERE key = (SELECT key FROM idempotency WHERE account = 'ann' AND scope = 'compute' ORDER BY seq DESC LIMIT 1)`,
    /^ann seq \d+: I13: key \S+ of compute was answered at \d+, past the journal$/,
  ],
])('%s is found, with its account and first bad row', async (_, sql, expected) => {
  expect(await first(sql)).toMatch(expected);
});

test('an answer beside a record that names a row past the journal is found', async () => {
  const file = copy();
  const db = new DatabaseSync(file);
  addRowSum(db);
  const { changes } = db
    .prepare(
      `UPDATE record SET answer_seq = answer_seq + 1000, answer_crc = row_sum(account, kind, id, answer_scope,
         answer_fingerprint, answer, answer_seq + 1000) WHERE account = 'ann' AND kind = 'charge' AND id = 'c5'`,
    )
    .run();
  db.close();
  expect(changes).toBe(1);
  const source = openSqliteSource(file);
  expect((await source.pageFaults()).map(lineOf)).toEqual([
    expect.stringMatching(/charge c5 of ann was answered at \d+, past the journal$/),
  ]);
  await source.close();
});

test('a byte flipped in the file itself is found', async () => {
  const file = copy();
  const bytes = readFileSync(file);
  const at = bytes.indexOf('{"recent":{"n":9,');
  expect(at).toBeGreaterThan(0);
  bytes[at] = '['.charCodeAt(0);
  writeFileSync(file, bytes);
  expect((await findingsOf(file)).map(lineOf)).toContainEqual(
    expect.stringMatching(/^(ann|bob|cy) seq \d+: I9: the journal row cannot be read$/),
  );
});

test('a ledger as a kill left it is read whole, and not a byte of its folder changes', async () => {
  const killed = killedLedger();
  for (const end of ['', '-shm']) {
    const look = () =>
      Object.fromEntries(
        readdirSync(killed.dataDir).map((name) => [
          name,
          readFileSync(join(killed.dataDir, name)).toString('hex'),
        ]),
      );
    if (end !== '') rmSync(`${killed.file}${end}`);
    const before = look();
    expect(before['glance.sqlite-wal']?.length).toBeGreaterThan(100_000);
    expect((await findingsOf(killed.file, 2)).map(lineOf)).toEqual([]);
    expect(await verifiedTransfers(killed.file)).toBeGreaterThan(5);
    expect(look()).toEqual(before);
  }
});

test('a flipped byte in the log of a killed ledger is told, where it would have hidden what came later', async () => {
  const { file } = killedLedger();
  const bytes = readFileSync(`${file}-wal`);
  const at = Math.floor(bytes.length * 0.6);
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  writeFileSync(`${file}-wal`, bytes);
  await expect(findingsOf(file)).rejects.toThrow(/damaged \(its log is broken[^]*Restore the last backup/);
});

test('a page that holds no rows any more is told, and nothing else of that file', async () => {
  const file = copy();
  const bytes = readFileSync(file);
  const page = bytes.indexOf('{"recent":{"n":9,');
  bytes.fill(0, page - (page % 4096), page - (page % 4096) + 4096);
  writeFileSync(file, bytes);
  const findings: Finding[] = [];
  const run = verify({
    place: { file },
    rules: DEFAULT_RULES,
    threads: 1,
    onFinding: (each) => findings.push(each),
  });
  await expect(run).rejects.toThrow(/cannot be read on/);
  expect(findings[0]).toMatchObject({ rule: 'file' });
});

test('the same order posted twice under one key is found', async () => {
  const file = copy();
  const db = new DatabaseSync(file, { readOnly: true });
  const meta = String(
    db.prepare(`SELECT meta FROM transfer WHERE meta LIKE '%charge:c3"%' AND kind = 'usage.charge'`).get()?.[
      'meta'
    ],
  );
  db.close();
  const { key } = JSON.parse(meta) as { key: string };
  damage(
    file,
    `UPDATE transfer SET meta = replace(meta, substr(meta, instr(meta, '"key":"') + 7, 16), '${key}')
    WHERE meta LIKE '%charge:c7"%' AND kind = 'usage.charge'`,
  );
  const found = (await findingsOf(file)).map(lineOf);
  expect(found).toContainEqual(expect.stringMatching(`^ann seq \\d+: I13: key ${key} of compute has posted`));
});

test('the credits section is held against what follows from postings and records', async () => {
  const file = copy();
  damage(
    file,
    `UPDATE journal SET patch = replace(patch, '"reserved":"7"', '"reserved":"8"')
    WHERE account = 'cy' AND seq = (SELECT credits_seq FROM account WHERE id = 'cy')`,
  );
  expect((await findingsOf(file)).map(lineOf)).toEqual([
    expect.stringMatching(/^cy seq \d+: I3: the credits section does not add up$/),
    expect.stringMatching(/^cy seq \d+: I10: the credits section says reserved 8 instead of 7$/),
  ]);
});

test('a trigger or an index that is gone is found', async () => {
  const file = copy();
  const db = new DatabaseSync(file);
  db.exec('DROP TRIGGER journal_update; DROP INDEX record_once');
  db.close();
  expect((await findingsOf(file)).map(lineOf)).toEqual([
    'ledger: schema: index record_once is missing or changed',
    'ledger: schema: trigger journal_update is missing or changed',
  ]);
});

test('without its index, a payment that stands twice is found', async () => {
  const file = copy();
  damage(
    file,
    `DROP INDEX record_once; INSERT INTO record (account, kind, id, open, links, body)
    SELECT 'cy', kind, id, open, links, body FROM record WHERE kind = 'payment' AND account = 'ann' LIMIT 1`,
  );
  const found = (await findingsOf(file)).map(lineOf);
  expect(found).toContainEqual(expect.stringMatching(/^ledger: I13: payment sphere:\S+ stands 2 times$/));
});

test('a file that is none of ours is refused in one line', async () => {
  await expect(findingsOf(join(place.dataDir, 'nowhere.sqlite'))).rejects.toThrow(/^There is no /);
  const file = copy();
  const db = new DatabaseSync(file);
  db.exec("UPDATE migration SET checksum = 'x'");
  db.close();
  await expect(findingsOf(file)).rejects.toBeInstanceOf(SourceError);
});
