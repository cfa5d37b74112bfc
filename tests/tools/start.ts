// `npm start`: everything a person needs to see it work. Builds the extension, starts the server on data that stays,
// makes a demo account once, and opens a browser that is signed in to it; or says what to load where.
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { ConfigError, readConfig, readPlace } from '../../sync-server/config.ts';
import { createLog } from '../../sync-server/log.ts';
import { runServer } from '../../sync-server/run.ts';
import { findBrowser } from './browser.ts';
import { BuildError, buildIfNeeded, BUILT } from './start/build.ts';
import { demoAccount, devSecrets } from './start/demo.ts';
import { type DemoBrowser, openBrowser } from './start/open-browser.ts';

const options = new Command('start')
  .description('builds the extension, starts the server with a demo account, opens a signed-in browser')
  .option('--no-browser', 'never open a browser')
  .parse()
  .opts<{ browser: boolean }>();

/** Whether this process could show a window at all. */
function hasDisplay(env: NodeJS.ProcessEnv): boolean {
  return (
    process.platform === 'darwin' || process.platform === 'win32' || !!(env.DISPLAY ?? env.WAYLAND_DISPLAY)
  );
}

const say = (line: string) => void process.stdout.write(`${line}\n`);

function sayByHand(url: string, apiKey: string): void {
  say(`Extension: open chrome://extensions, switch on Developer mode, Load unpacked: ${resolve(BUILT)}`);
  say(`Server address: ${url}`);
  say(`API key: ${apiKey}`);
}

async function start(): Promise<void> {
  const dataDir = readPlace(process.env).DATA_DIR;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const config = readConfig({ ...devSecrets(dataDir), PAYMENTS: 'local', ...process.env });
  let apiKey = '';
  let browser: DemoBrowser | null = null;

  const server = await runServer({
    config,
    log: createLog(config.LOG_LEVEL),
    async prepare(running) {
      buildIfNeeded();
      apiKey = await demoAccount(dataDir, running);
    },
    beforeStop: async () => browser?.close(),
  });
  if (!server) return;

  const executablePath = options.browser && hasDisplay(process.env) ? findBrowser() : null;
  if (!executablePath) return sayByHand(server.url, apiKey);
  try {
    const profile = resolve(join(dataDir, 'browser'));
    browser = await openBrowser({ executablePath, profile, server: server.url, apiKey });
    say('The browser is open and signed in. Ctrl-C ends both; the data stays.');
  } catch (error) {
    say(
      `The browser could not be opened (${error instanceof Error ? error.message : String(error)}). By hand:`,
    );
    sayByHand(server.url, apiKey);
  }
}

try {
  await start();
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof BuildError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
