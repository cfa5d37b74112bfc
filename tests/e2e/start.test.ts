// `npm start` as a person runs it: ready in one go, the same account the next time, a browser that is signed in.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { findBrowser, HOW_TO_GET_A_BROWSER } from '../tools/browser.ts';
import { freePort } from '../tools/harness/server.ts';
import { openBrowser } from '../tools/start/open-browser.ts';

const Page = z.object({ items: z.tuple([z.object({ id: z.string() })]) });
const Demo = z.object({ account_id: z.string(), api_key: z.string() });

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'glance-start-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }));

/** Runs `npm start -- --no-browser` on this folder; `said` answers once the last line for a person is out. */
function run(port: number) {
  const child = spawn(process.execPath, ['tests/tools/start.ts', '--no-browser'], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], DATA_DIR: dataDir, PORT: String(port) },
  });
  let text = '';
  const said = new Promise<string>((done) => {
    const read = (chunk: Buffer) => {
      text += chunk.toString();
      if (/^API key: iog_.+$/m.test(text)) done(text);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('close', () => done(text));
  });
  return { child, said };
}

test('it starts, says what a person needs, stops at Ctrl-C, and is the same account the next time', async () => {
  const port = await freePort();
  const keys: string[] = [];
  let entry = '';
  for (let round = 0; round < 2; round += 1) {
    const { child, said } = run(port);
    const text = await said;
    expect(text).toContain(`ready http://127.0.0.1:${port}\n`);
    expect(text).toContain('chrome-mv3');
    keys.push(/API key: (\S+)/.exec(text)?.[1] ?? '');
    const get = (path: string) =>
      fetch(`http://127.0.0.1:${port}${path}`, { headers: { authorization: `Bearer ${keys.at(-1) ?? ''}` } });
    if (entry === '') {
      // The last thing that was settled before Ctrl-C.
      const { items } = Page.parse(await (await get('/credits/transactions?limit=1')).json());
      entry = items[0].id;
    }
    expect((await get(`/credits/transactions/${entry}`)).status, 'nothing is lost').toBe(200);
    child.kill('SIGINT');
    expect((await once(child, 'exit'))[0]).toBe(0);
  }
  expect(new Set(keys).size).toBe(1);
  for (const file of ['demo.json', 'dev-secrets.json']) {
    expect(statSync(join(dataDir, file)).mode & 0o777, file).toBe(0o600);
  }
});

test('a second start on the same port says what to do', async () => {
  const port = await freePort();
  const first = run(port);
  await first.said;
  const second = run(port);
  expect(await second.said).toBe(
    `Port ${port} on 127.0.0.1 is taken. Set another PORT, or stop the server that holds it.\n`,
  );
  expect(second.child.exitCode).toBe(1);
  first.child.kill('SIGINT');
  await once(first.child, 'exit');
});

test('the browser is opened signed in, and stays so', async () => {
  const executablePath = findBrowser();
  if (!executablePath) throw new Error(HOW_TO_GET_A_BROWSER);
  const port = await freePort();
  const { child, said } = run(port);
  await said;
  const { api_key: apiKey } = Demo.parse(JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8')));
  const server = `http://127.0.0.1:${port}`;
  const devices = async () => {
    const answer = await fetch(`${server}/sessions`, { headers: { authorization: `Bearer ${apiKey}` } });
    return z.object({ items: z.array(z.unknown()) }).parse(await answer.json()).items.length;
  };
  const options = { executablePath, profile: join(dataDir, 'browser'), server, apiKey, headless: true };
  for (let round = 0; round < 2; round += 1) {
    const browser = await openBrowser(options);
    expect(await devices()).toBe(1);
    await browser.close();
  }
  child.kill('SIGINT');
  await once(child, 'exit');
});
