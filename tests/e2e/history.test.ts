// The history in the side panel: read page by page, searched, filtered, downloaded as filtered, and proved; a server that
// bends an entry on its way is found out.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { call, fund } from '../tools/harness/api.ts';
import { goTo, press, sees, write } from '../tools/harness/panel.ts';
import { Person } from '../tools/harness/person.ts';
import { type Account, type ServerProcess, startServerProcess } from '../tools/harness/server.ts';
import { until } from '../tools/harness/until.ts';
import { tapWire, type Wire } from '../tools/harness/wire.ts';

const CHARGES = 560;
/** One of them is another amount: it is searched, proved and bent. */
const ODD = 541;

const Exported = z.object({
  items: z.array(z.object({ id: z.string(), type: z.string(), amount: z.string(), n: z.number() })),
});

let server: ServerProcess;
let wire: Wire;
let account: Account;
let person: Person;
let downloads: string;

beforeAll(async () => {
  server = await startServerProcess();
  wire = await tapWire(server.port);
  account = await server.createAccount('Ada Lovelace');
  const service = await server.createIdentity('service');
  await fund(server, account.api_key, '200');
  const charge = async (index: number) => {
    const { status } = await call(server.url, '/service/charges', service, {
      account_id: account.account_id,
      id: `job-${index}`,
      amount: index === ODD ? '0.77' : '0.01',
      service: index % 7 === 0 ? 'ray' : 'vm',
    });
    expect(status).toBe(201);
  };
  for (let at = 0; at < CHARGES; at += 40)
    await Promise.all(Array.from({ length: 40 }, (_, index) => charge(at + index)));
  await fund(server, account.api_key, '25');
  downloads = mkdtempSync(join(tmpdir(), 'glance-downloads-'));
  person = await Person.at(wire.url, account.api_key);
  const browser = await person.installed.browser.target().createCDPSession();
  await browser.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: downloads });
  await goTo(person.panel, '#billing');
});
afterAll(async () => {
  await person?.dispose();
  await wire?.dispose();
  await server?.dispose();
  if (downloads) rmSync(downloads, { recursive: true, force: true });
});

/** Presses an export and answers what lies in the downloads then. */
async function download(format: 'csv' | 'json'): Promise<string> {
  await press(person.panel, `[data-part=export-${format}]`);
  const path = await until(`a ${format} file is there`, () => {
    // While it is written it has another name.
    const name = readdirSync(downloads).find((each) => each.endsWith(`.${format}`));
    return name === undefined ? null : join(downloads, name);
  });
  const text = await until('it is not empty', () => readFileSync(path, 'utf8'));
  expect(path).toMatch(/io-credits-\d{4}-\d\d-\d\d\.(csv|json)$/);
  rmSync(path);
  return text;
}

/** What the server itself says of such entries, newest first. */
async function told(type: string): Promise<unknown[]> {
  const { body } = await call(server.url, `/credits/transactions?limit=200&type=${type}`, account.api_key);
  return z.array(z.object({ id: z.string() })).parse(body['items']);
}

test('only what is near the window is drawn; a search finds one among all', async () => {
  await sees(person.panel, '[data-part=transaction-count]', new RegExp(`^${CHARGES + 2}$`));
  expect((await person.panel.$$('[data-entry]')).length).toBeLessThan(60);
  await write(person.panel, 'search', '0.77');
  await sees(person.panel, '[data-part=transaction-count]', /^1 found$/);
});

test('an entry bent on its way is no proof; the true one is', async () => {
  await press(person.panel, '[data-entry]');
  await sees(person.panel, '[data-part=entry]', /-\$0\.77.*Status Completed.*Transaction ID/);
  // From here on the page of this entry says another amount than the one that was sealed.
  wire.bend = ['0.77', '0.07'];
  await press(person.panel, '[data-part=prove]');
  await sees(person.panel, '[data-part=proof] [role=alert]', /does not match its proof.*Contact support/);
  expect(await person.panel.$('[data-part=proved]')).toBeNull();
  expect(wire.bent).toBeGreaterThan(0);

  wire.bend = null;
  await press(person.panel, '[data-part=prove]');
  await sees(person.panel, '[data-part=proved]', /Proved: \d+ hashes recomputed/);
  await press(person.panel, '[data-part=back]');
});

test('what is filtered is what is downloaded, as CSV and as JSON', async () => {
  await write(person.panel, 'search', ' ');
  await person.panel.select('select[name=type]', 'reloaded');
  await sees(person.panel, '[data-part=transaction-count]', /^2 found$/);
  const purchases = await told('purchase');
  expect(purchases).toHaveLength(2);

  const lines = (await download('csv')).split('\r\n');
  expect(lines).toHaveLength(4);
  expect(lines[0]).toMatch(/^"service","at","type","amount","id"/);
  expect(lines[1]).toContain('"purchase","25"');
  expect(lines[2]).toContain('"purchase","200"');
  expect(lines[3]).toBe('');

  const { items } = Exported.parse(JSON.parse(await download('json')));
  expect(items).toMatchObject(purchases.map((one) => ({ ...Object(one), type: 'purchase' })));
  expect(items.map(({ amount, n }) => [amount, n])).toEqual([
    ['25', CHARGES + 2],
    ['200', 1],
  ]);
});

test('without a filter all of it is downloaded, also what no screen has shown', async () => {
  await person.panel.select('select[name=type]', '');
  const { items } = Exported.parse(JSON.parse(await download('json')));
  expect(items.map(({ n }) => n)).toEqual(Array.from({ length: CHARGES + 2 }, (_, at) => CHARGES + 2 - at));
});

test('the row with the focus keeps it, and the tab stop, while an entry comes before it', async () => {
  const { panel } = person;
  const focused = () =>
    panel.evaluate(() => ({
      entry: document.activeElement?.closest('[data-entry]')?.getAttribute('data-entry'),
      stops: [...document.querySelectorAll('[data-part=transactions] [data-opens][tabindex="0"]')].map(
        (stop) => stop.closest('[data-entry]')?.getAttribute('data-entry'),
      ),
    }));
  const held = String(CHARGES);
  await panel.focus(`[data-entry="${held}"] [data-opens]`);
  await fund(server, account.api_key, '5');
  await sees(panel, '[data-part=transaction-count]', new RegExp(`^${CHARGES + 3}$`));
  await panel.waitForSelector(`[data-entry="${CHARGES + 3}"]`);
  expect(await focused()).toEqual({ entry: held, stops: [held] });

  // However far the window goes, it is there.
  await panel.evaluate(() => window.scrollTo(0, 12_000));
  await panel.waitForFunction(
    (near) => document.querySelector(`[data-entry="${near}"]`) === null,
    {},
    CHARGES - 1,
  );
  expect(await focused()).toEqual({ entry: held, stops: [held] });
  await panel.keyboard.press('ArrowDown');
  expect(await focused()).toMatchObject({ entry: String(CHARGES - 1) });
});
