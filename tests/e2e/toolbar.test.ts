// The toolbar button in a real browser: what stands on it in each mode, and what its menu and the keyboard do. Chromium
// draws menus and takes shortcuts outside of any page, so those two events are dispatched to the worker's own listeners.
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call, fund } from '../tools/harness/api.ts';
import { part, shows } from '../tools/harness/extension.ts';
import { Person } from '../tools/harness/person.ts';
import { type Account, type ServerProcess, startServerProcess } from '../tools/harness/server.ts';
import { PATIENCE_MS, until } from '../tools/harness/until.ts';

const OK = '#3f4cdb';
const LOW = '#8a5600';
const BELOW_ZERO = '#c3212e';
const OFFLINE = '#50545d';

let server: ServerProcess;
let account: Account;
let service: string;
let person: Person;
let settings: Page;

beforeAll(async () => {
  server = await startServerProcess();
  account = await server.createAccount('Ada');
  service = await server.createIdentity('service');
  await fund(server, account.api_key, '200');
  person = await Person.at(server.url, account.api_key);
});
afterAll(async () => {
  await person?.dispose();
  await server?.dispose();
});

const badge = () => person.installed.badge();
const SOON = { timeout: PATIENCE_MS };
const face = (text: string | RegExp, color: string, title: RegExp) => ({
  text: typeof text === 'string' ? text : expect.stringMatching(text),
  color,
  title: expect.stringMatching(title),
});
const charge = async (id: string, amount: string) => {
  const body = { account_id: account.account_id, id, amount, service: 'vm' };
  expect((await call(server.url, '/service/charges', service, body)).status).toBe(201);
};
/** What shows a page of the extension: a tab, the popup, the side panel. */
const pages = (path: string) =>
  Promise.all(
    person.installed.browser
      .targets()
      .filter((target) => target.url().includes(path))
      .map((target) => target.asPage()),
  );

/** What the browser would tell the worker's listeners: `event` as in `contextMenus.onClicked`. */
async function dispatch(event: string, ...told: unknown[]): Promise<void> {
  const worker = await person.installed.worker();
  await worker.evaluate(
    async (path, args) => {
      const window = await chrome.windows.getLastFocused();
      const [room = '', name = ''] = path.split('.');
      const found = Reflect.get(Reflect.get(chrome, room), name);
      found.dispatch(...args, { windowId: window.id });
    },
    event,
    told,
  );
}

describe('its menu and the keyboard', () => {
  test('every shortcut that is suggested is really given, and every step of the menu is there', async () => {
    const worker = await person.installed.worker();
    const keys = await worker.evaluate(async () =>
      (await chrome.commands.getAll()).map(({ name, shortcut }) => [name, shortcut]),
    );
    expect(Object.fromEntries(keys)).toEqual({
      _execute_action: 'Alt+Shift+G',
      panel: 'Alt+Shift+O',
      refresh: '',
    });
    const missing = await worker.evaluate(() =>
      Promise.all(
        ['refresh', 'panel', 'copy', 'no such step'].map((id) =>
          chrome.contextMenus.update(id, { visible: true }).then(
            () => null,
            () => id,
          ),
        ),
      ),
    );
    expect(missing).toEqual([null, null, null, 'no such step']);
  });

  test.each(['contextMenus.onClicked', 'commands.onCommand'])(
    '%s: refresh brings the balance while nothing is open',
    async (event) => {
      for (const page of await pages('sidepanel.html')) await page.close();
      const before = (await badge()).text;
      const worker = await person.installed.worker();
      // Nobody looks: no connection is left that would bring it by itself.
      await until('the worker rests', () =>
        worker.evaluate(async () => {
          const { snapshot } = await chrome.storage.session.get<{ snapshot: { connection: string } }>(
            'snapshot',
          );
          if (snapshot?.connection !== 'resting') throw new Error(snapshot?.connection);
          return true;
        }),
      );
      await fund(server, account.api_key, '30');
      expect((await badge()).text).toBe(before);
      await dispatch(event, event.startsWith('commands') ? 'refresh' : { menuItemId: 'refresh' });
      await expect.poll(badge, SOON).toEqual(face(`$${Number(before.slice(1)) + 30}`, OK, /updated/));
    },
  );

  test.each(['contextMenus.onClicked', 'commands.onCommand'])('%s: the side panel opens', async (event) => {
    expect(await pages('sidepanel.html')).toHaveLength(0);
    await dispatch(event, event.startsWith('commands') ? 'panel' : { menuItemId: 'panel' });
    const [panel] = await until('it is there', async () => {
      const found = await pages('sidepanel.html');
      return found.length > 0 ? found : null;
    });
    if (!panel) throw new Error('No side panel.');
    await shows(panel, 'balance', /^\$/);
    await panel.close();
  });

  test('the menu copies the balance: the popup opens, does it and says so', async () => {
    const { browser, id } = person.installed;
    await browser
      .defaultBrowserContext()
      .overridePermissions(`chrome-extension://${id}`, ['clipboard-read', 'clipboard-sanitized-write']);
    await browser.newPage();
    const opened = browser.waitForTarget((target) => target.url().endsWith('/popup.html'));
    await dispatch('contextMenus.onClicked', { menuItemId: 'copy' });
    const popup = await (await opened).asPage();
    const balance = await until('the balance stands there', () => part(popup, 'balance'));
    const copied = await until('it is copied', () => popup.evaluate(() => navigator.clipboard.readText()));
    expect(copied).toContain(balance.replace('$', ''));
  });
});

describe('what stands on it', () => {
  beforeAll(async () => {
    settings = await person.installed.openTab('options.html');
  });

  test('balance: in four characters at most, its colour the state, the whole sentence on hover', async () => {
    await expect.poll(badge, SOON).toEqual(face('$260', OK, /^IO Glance: \$260\.00 in IO Credits, updated/));
  });

  test('plan: its percentage, amber from 80%; nothing of the balance', async () => {
    const use = { model: 'meta-llama/Llama-3.3-70B-Instruct', output_tokens: 1_000 };
    await settings.select('select[name=badge]', 'plan');
    await expect.poll(badge, SOON).toEqual(face('0%', OK, /Standard: 0% used/));
    for (let turn = 0, text = ''; turn < 200 && !/^(8|9)\d%$/.test(text); turn += 1) {
      const item = {
        ...use,
        id: `use-${turn}`,
        account_id: account.account_id,
        at: new Date().toISOString(),
      };
      await call(server.url, '/service/usage', service, [{ ...item, input_tokens: 8_000 }]);
      const plan = await call(server.url, '/plan', account.api_key);
      const share = (Number(plan.body['used']) / Number(plan.body['allowance'])) * 100;
      text = `${Math.floor(share)}%`;
    }
    await expect.poll(badge, SOON).toEqual(face(/^(8|9)\d%$/, LOW, /Standard: (8|9)\d% used/));
  });

  test('runway: how long it lasts; without anything that runs it says nothing', async () => {
    await settings.select('select[name=badge]', 'runway');
    await expect.poll(badge, SOON).toEqual(face('', OK, /updated/));
    const wish = { name: 'eval', type: 'container', device: 'L40S', quantity: 1, hours: 10 };
    const made = await call(server.url, '/deployments', account.api_key, {
      ...wish,
      payment_method: 'credits',
    });
    const place = `/service/deployments/${String(made.body['id'])}/status`;
    for (const status of ['deploying', 'running'])
      await call(server.url, place, service, { status, at: new Date().toISOString() });
    await expect.poll(badge, SOON).toEqual(face(/^1[67]d$/, OK, /About 1[67]d left/));
  });

  test('nothing: no text, and the sentence all the same', async () => {
    await settings.select('select[name=badge]', 'nothing');
    await expect.poll(badge, SOON).toEqual(face('', OK, /^IO Glance: \$\d+\.\d\d in IO Credits/));
    await settings.select('select[name=badge]', 'balance');
  });

  test('low, below zero, offline: another colour each', async () => {
    const left = String((await call(server.url, '/credits', account.api_key)).body['available']);
    await charge('down-to-three', (Number(left) - 3).toFixed(6));
    await expect.poll(badge, SOON).toEqual(face('$3', LOW, /updated/));
    await charge('below', '5');
    await expect.poll(badge, SOON).toEqual(face('-$2', BELOW_ZERO, /[-−]\$2\.00.*below zero/));
    await server.kill();
    await expect.poll(badge, SOON).toEqual(face('-$2', OFFLINE, /offline, as of/));
    await server.start();
    await fund(server, account.api_key, '50');
    await expect.poll(badge, SOON).toEqual(face('$48', OK, /updated/));
  });
});
