// Notifications in a real browser that allows them: once per crossing, also across a restart of the browser, and a click
// opens the right place. No page can click what the system draws, so the click alone is dispatched to the worker's listener.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { call, fund } from '../tools/harness/api.ts';
import { BUILT } from '../tools/harness/extension.ts';
import { goTo, press, sees } from '../tools/harness/panel.ts';
import { Person } from '../tools/harness/person.ts';
import { type Account, type ServerProcess, startServerProcess } from '../tools/harness/server.ts';
import { PATIENCE_MS, until } from '../tools/harness/until.ts';

const SOON = { timeout: PATIENCE_MS };

let server: ServerProcess;
let account: Account;
let service: string;
let built: string;
let person: Person;

/** The shipped build where a person has said yes: no program can click the browser's own question. */
function allowed(): string {
  const folder = mkdtempSync(join(tmpdir(), 'glance-allowed-'));
  cpSync(BUILT, folder, { recursive: true });
  const path = join(folder, 'manifest.json');
  const Manifest = z.looseObject({
    permissions: z.array(z.string()),
    optional_permissions: z.array(z.string()),
  });
  const { optional_permissions, ...manifest } = Manifest.parse(JSON.parse(readFileSync(path, 'utf8')));
  const permissions = [...manifest.permissions, ...optional_permissions];
  writeFileSync(path, JSON.stringify({ ...manifest, permissions }));
  return folder;
}

beforeAll(async () => {
  server = await startServerProcess();
  account = await server.createAccount('Ada');
  service = await server.createIdentity('service');
  await fund(server, account.api_key, '100');
  built = allowed();
  person = await Person.at(server.url, account.api_key, { built });
  const settings = await person.installed.openTab('options.html');
  for (const topic of ['low', 'refunds']) await press(settings, `input[name=notify-${topic}]`);
  await settings.close();
  await goTo(person.panel, '#settings/alerts');
  await press(person.panel, 'input[name=balance_on]');
  await press(person.panel, '[data-part=save-alerts]');
  await sees(person.panel, '[data-part=toast]', /Alerts saved/);
});
afterAll(async () => {
  await person?.dispose();
  if (built) rmSync(built, { recursive: true, force: true });
  await server?.dispose();
});

/** Ids of the notifications that the browser shows, and of all that were ever told. */
async function shown(): Promise<{ now: string[]; told: number }> {
  return (await person.installed.worker()).evaluate(async () => {
    const { notified } = await chrome.storage.local.get<{ notified?: { ids: string[] } }>('notified');
    return { now: Object.keys(await chrome.notifications.getAll()), told: notified?.ids.length ?? 0 };
  });
}
const charge = async (id: string, amount: string) => {
  const body = { account_id: account.account_id, id, amount, service: 'vm' };
  expect((await call(server.url, '/service/charges', service, body)).status).toBe(201);
};
const available = async () => Number((await call(server.url, '/credits', account.api_key)).body['available']);
/** Charges until this much is left. */
const down = async (id: string, left: number) => charge(id, ((await available()) - left).toFixed(6));

test('a crossing is told once, another crossing once more', async () => {
  await down('first', 9);
  await expect.poll(shown, SOON).toEqual({ now: [expect.stringMatching(/\|#billing\/purchase$/)], told: 1 });
  await charge('deeper', '1');
  await charge('deeper-still', '1');
  await until('the panel shows it', async () => (await person.installed.badge()).text === '$7');
  expect((await shown()).told, 'still the same crossing').toBe(1);
  await fund(server, account.api_key, '50');
  await down('second', 8);
  await expect.poll(shown, SOON).toMatchObject({ told: 2 });
});

test('after a restart of the browser nothing is told again, and what is new is', async () => {
  const before = await shown();
  await person.restart();
  await until('it is in step again', async () => (await person.installed.badge()).text === '$8');
  await person.ask('refresh');
  expect(await shown()).toEqual({ now: [], told: before.told });
  await call(server.url, '/service/charges/second/refunds', service, {
    account_id: account.account_id,
    id: 'back',
    amount: '1.5',
  });
  await expect
    .poll(shown, SOON)
    .toEqual({ now: [expect.stringMatching(/\|#notifications$/)], told: before.told + 1 });
});

test('a click opens the place that it is about, and takes the notification away', async () => {
  const { now } = await shown();
  const [id] = now;
  const { browser } = person.installed;
  const opened = browser.waitForTarget((target) => target.url().endsWith('#notifications'));
  const worker = await person.installed.worker();
  await worker.evaluate((clicked) => {
    const event = chrome.notifications.onClicked;
    Reflect.get(event, 'dispatch').call(event, clicked);
  }, id);
  const panel = await (await opened).asPage();
  await panel.waitForSelector('dialog[open][data-part=notices]');
  await expect.poll(shown, SOON).toMatchObject({ now: [] });
});

test('a topic that is switched off is not told', async () => {
  const { told } = await shown();
  const settings = await person.installed.openTab('options.html');
  await press(settings, 'input[name=notify-refunds]');
  await until('it is off', () =>
    settings.evaluate(async () => {
      const { preferences } = await chrome.storage.local.get<{ preferences: { notify: string[] } }>(
        'preferences',
      );
      return !preferences.notify.includes('refunds');
    }),
  );
  await call(server.url, '/service/charges/second/refunds', service, {
    account_id: account.account_id,
    id: 'back-again',
    amount: '1',
  });
  await until('the refund is here', async () => (await person.installed.badge()).text === '$10');
  expect((await shown()).told).toBe(told);
  await settings.close();
});
