// Every case of abuse and failure that the rule book lists (section 16, X1 to X36): some are played here, the
// others are shown where the table says, and the table is checked.
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newKey, openRig, type Rig } from '../../sync-server/api/rig.ts';
import { readConfig } from '../../sync-server/config.ts';
import { registryOf } from '../../sync-server/identity/accounts.ts';
import { createLog } from '../../sync-server/log.ts';
import { startServer } from '../../sync-server/server.ts';
import { checkedFetch } from '../../sync-server/api/contract.ts';

const HERE = 'tests/scenarios/abuse.test.ts';
const RACES = 'tests/scenarios/races.test.ts';
const ROWS = 'tests/fixtures/rules.vectors.json';
const WEBHOOKS = 'sync-server/api/webhooks.test.ts';
const CHARGES = 'sync-server/ledger/charges.test.ts';

/** Where each case is shown: a file, and a test's name (or a row's id) in it. */
const SHOWN: Record<string, [file: string, test: string][]> = {
  X1: [
    ['sync-server/api/api.test.ts', 'the same key is the same call, and another body under it is refused'],
    [ROWS, '"G01"'],
  ],
  X2: [[RACES, 'X2, X3: many spends']],
  X3: [[RACES, 'X2, X3: many spends']],
  X4: [[RACES, 'X4, X5: many holds']],
  X5: [[RACES, 'X4, X5: many holds']],
  X6: [
    [RACES, 'X6: a settled payment told again'],
    [WEBHOOKS, 'a signed payment is credited once, whatever arrives how often'],
    ['sync-server/ledger/purchases.test.ts', 'a late failure after a settlement changes nothing'],
    [WEBHOOKS, 'a failure that is told after the settlement changes nothing and is an alert'],
  ],
  X7: [
    [RACES, 'X7: one payment that many workers settle'],
    ['tests/scale/server-postgres.test.ts', 'money paid through one server is there on the other, once'],
  ],
  X8: [
    [WEBHOOKS, 'a message signed with another secret is refused'],
    [WEBHOOKS, 'one message may carry several signatures, as a provider that rotates sends it'],
  ],
  X9: [[WEBHOOKS, 'a message more than 300 s from our time is refused, at 300 s it still counts']],
  X10: [
    [
      'sync-server/api/errors.test.ts',
      'amounts that are none are refused by their code, and nothing is written',
    ],
    [ROWS, '"H13"'],
  ],
  X11: [[HERE, 'X11: no call moves money from one account to another']],
  X12: [
    [RACES, 'X12: refunds never exceed their charge together'],
    [CHARGES, 'a refund never exceeds what is left of its charge'],
  ],
  X13: [
    [HERE, 'X13: a refund of burnt promo is promo again'],
    [ROWS, '"D02"'],
  ],
  X14: [
    [RACES, 'X14: withdrawals, charges and a hold for the same money'],
    [ROWS, '"F03"'],
    [ROWS, '"F10"'],
  ],
  X15: [[ROWS, '"F16"']],
  X16: [[ROWS, '"E04"']],
  X17: [
    [ROWS, '"F14"'],
    [ROWS, '"F15"'],
    ['sync-server/ledger/purchases.test.ts', 'card-funded credit is withdrawable after the configured days'],
  ],
  X18: [
    [RACES, 'X18: the top-up and the end of its window at once'],
    [ROWS, '"E12"'],
    [ROWS, '"E13"'],
    [ROWS, '"E14"'],
  ],
  X19: [['tests/fuzz/ledger/laws.ts', '(X19)']],
  X20: [
    ['sync-server/ledger/decide.test.ts', 'commit time never runs back'],
    ['sync-server/jobs/clock-watch.test.ts', 'a jump of %i ms is said once'],
    ['sync-server/jobs/clock-watch.test.ts', 'a skew to NTP is said'],
  ],
  X21: [['tests/crash/kill.test.ts', 'kills during group commit on SQLite']],
  X22: [['tests/crash/tray.test.ts', 'kill -9 between and within proposals loses none and doubles none']],
  X23: [
    [
      'sync-server/ledger/storage/sqlite.test.ts',
      'a full disk refuses with a StorageError and writes no part; with room again the same key settles',
    ],
    ['tests/crash/faults.test.ts', 'a disk that became read-only refuses, and never half'],
  ],
  X24: [['tests/scale/postgres.test.ts', 'connections cut at any instant: every order settles exactly once']],
  // There is no Redis; what can be lost is the hint that something new is there.
  X25: [
    [
      'tests/scenarios/sync-book.test.ts',
      'devices that come and go while the journal grows are never left behind',
    ],
  ],
  X26: [
    [
      'sync-server/ledger/storage/sqlite.test.ts',
      'a second server on the same file is refused, in this process and in another',
    ],
  ],
  X27: [
    ['sync-server/api/matrix.test.ts', 'of somebody else is not there'],
    ['sync-server/sync/seat.test.ts', 'a member opens the own book and pages'],
  ],
  X28: [
    ['tests/scenarios/attacks.test.ts', 'against the book'],
    ['tests/scenarios/attacks.test.ts', 'against a page'],
  ],
  X29: [
    [
      'sync-server/identity/identity.test.ts',
      'a parent shown after its child was used revokes the family and says so',
    ],
  ],
  X30: [
    ['sync-server/ledger/storage/acceptance.ts', 'append-only'],
    ['sync-server/verify/verify.test.ts', 'a byte flipped in the file itself is found'],
  ],
  X31: [
    ['sync-server/backup.test.ts', 'accounts that would go back are named, and going back must be accepted'],
    ['sync-server/mark.test.ts', 'an older copy put back by hand is refused until that is accepted'],
    ['tests/scenarios/went-back.test.ts', 'put back by hand, without a mark: the first device tells'],
  ],
  X32: [
    [ROWS, '"C14"'],
    [ROWS, '"C15"'],
    [ROWS, '"D07"'],
  ],
  X33: [['sync-server/api/csv.test.ts', 'is text, not a formula']],
  X34: [[HERE, 'X34: no secret and no wallet stands in the log']],
  X35: [
    [HERE, 'X35: two requests on the last of the quota'],
    ['sync-server/ledger/plans.test.ts', 'a pool is full again at its instant'],
  ],
  X36: [
    [CHARGES, 'late metering passes floor and suspension, and says so until the debt is paid'],
    ['sync-server/jobs/finance-watch.test.ts', 'an account that is forced below its floor is told once'],
  ],
};

test('every case is shown, and where the table says', () => {
  expect(Object.keys(SHOWN)).toEqual(Array.from({ length: 36 }, (_, index) => `X${index + 1}`));
  for (const [name, places] of Object.entries(SHOWN)) {
    for (const [file, title] of places)
      expect(readFileSync(file, 'utf8'), `${name} in ${file}`).toContain(title);
  }
});

let rig: Rig;
let ann: { apiKey: string; account: string };
let service: string;
let finance: string;
const WALLET = 'So11111111111111111111111111111111111111112';

beforeEach(async () => {
  rig = await openRig();
  const { apiKey, principal } = await rig.register();
  ann = { apiKey, account: principal.account ?? '' };
  service = (await rig.register('service')).apiKey;
  finance = (await rig.register('finance')).apiKey;
});
afterEach(() => rig.close());

async function fund(amount: string) {
  const { body } = await rig.call(ann.apiKey, 'POST', '/credits/purchases', { amount, method: 'usdc' });
  await rig.webhook({
    type: 'payment.succeeded',
    data: { purchase_id: body.id, payment_id: newKey(), amount },
  });
}
const grant = (id: string, amount: string) =>
  rig.call(finance, 'POST', '/finance/grants', { account_id: ann.account, id, amount, source: 'promo' });
const charge = (id: string, amount: string) =>
  rig.call(service, 'POST', '/service/charges', { account_id: ann.account, id, amount, service: 'vm' });
const credits = async () => (await rig.call(ann.apiKey, 'GET', '/credits')).body;
test('X11: no call moves money from one account to another', async () => {
  const text = JSON.stringify((await rig.send('GET', '/openapi.json')).body);
  expect(text).not.toMatch(/transfer_to|to_account|recipient|beneficiary/i);
  expect(text).not.toMatch(/"\/[^"]*(transfer|send-credits|gift)[^"]*":/i);
});

test('X13: a refund of burnt promo is promo again, and cannot be withdrawn', async () => {
  await fund('100');
  await grant('g', '30');
  await charge('c', '30');
  await rig.call(service, 'POST', '/service/charges/c/refunds', {
    account_id: ann.account,
    id: 'r',
    amount: '30',
  });
  expect(await credits()).toMatchObject({ available: '130', withdrawable: '100' });
  const asked = await rig.call(ann.apiKey, 'POST', '/credits/withdrawals', {
    amount: '100.01',
    wallet_address: WALLET,
  });
  expect(asked.body.code).toBe('not_withdrawable');
});

test('X34: no secret and no wallet stands in the log, whatever is called', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'glance-abuse-'));
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const secretsKey = randomBytes(32).toString('base64');
  let text = '';
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  const env = { DATA_DIR: dataDir, PORT: '0', PAYMENT_WEBHOOK_SECRET: secret, SECRETS_KEY: secretsKey };
  const server = await startServer({ config: readConfig(env), log: createLog('trace', sink) });
  try {
    const registry = registryOf(server.ledger, server.identity);
    const [owner, staff] = await Promise.all([
      registry.register({ name: 'Ann', scope: 'account', services: [] }),
      registry.register({ name: 'Fin', scope: 'finance', services: [] }),
    ]);
    const tokens = await server.identity.signIn(owner.apiKey, { name: 'Phone' });
    const send = (method: string, path: string, bearer: string, body?: object) =>
      checkedFetch(server.url + path, {
        method,
        headers: {
          authorization: `Bearer ${bearer}`,
          'content-type': 'application/json',
          'idempotency-key': newKey(),
        },
        ...(body && { body: JSON.stringify(body) }),
      });
    await send('POST', '/auth/token', '', { api_key: owner.apiKey });
    await send('POST', '/auth/refresh', '', { refresh_token: tokens.refreshToken });
    await send('POST', '/wallets', tokens.accessToken, { chain: 'solana', address: WALLET });
    await send('POST', '/credits/withdrawals', owner.apiKey, { amount: '1', wallet_address: WALLET });
    await send('GET', `/credits?api_key=${owner.apiKey}`, owner.apiKey);
    await send('GET', `/nowhere/${owner.apiKey}/${WALLET}`, tokens.accessToken);
    await send('GET', '/finance/withdrawals', staff.apiKey);
    await send('GET', `/finance/withdrawals?cursor=${tokens.accessToken}`, staff.apiKey);
    for (const part of [
      owner.apiKey,
      staff.apiKey,
      tokens.accessToken,
      tokens.refreshToken,
      secret,
      secretsKey,
      WALLET,
    ]) {
      expect(text).not.toContain(part);
    }
    expect(text).toContain('privileged call');
  } finally {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
});

test('X35: two requests on the last of the quota: one takes it, the other pays', async () => {
  await fund('10');
  const use = (id: string) => ({
    id,
    account_id: ann.account,
    model: 'openai/gpt-oss-120b',
    input_tokens: 1_250_000,
    output_tokens: 0,
    at: new Date(rig.testClock.now()).toISOString(),
  });
  // Each costs 0.05, which is the whole pool of a day.
  const answers = await Promise.all(
    ['a', 'b'].map((id) => rig.call(service, 'POST', '/service/usage', [use(id)])),
  );
  const items = answers.flatMap(({ body }) => body.items as { quota: string; charged: string }[]);
  expect(items.map(({ quota, charged }) => `${quota} ${charged}`).toSorted()).toEqual(['0 0.05', '0.05 0']);
  expect(await credits()).toMatchObject({ available: '9.95' });
});
