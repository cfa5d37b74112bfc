// `npm start`: everything a person needs to see it work. Builds the extension, starts the server on data that stays,
// makes a demo account once, and opens a browser that is signed in to it; or says what to load where.
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { ConfigError, readConfig, readPlace } from '../../sync-server/config.ts';
import { createLog } from '../../sync-server/log.ts';
import { systemClock } from '../../sync-server/rules.ts';
import { runServer } from '../../sync-server/run.ts';
import { createLife, type Life, pastClock } from '../../sync-server/sources/simulator/life.ts';
import { type CheckoutSite, startCheckoutSite } from '../checkout/site.ts';
import { findBrowser } from './browser.ts';
import { BuildError, buildIfNeeded, BUILT } from './start/build.ts';
import { demoAccount, devSecrets, keepDemo } from './start/demo.ts';
import { type DemoBrowser, openBrowser } from './start/open-browser.ts';

const MAX_SPEED = 1_000;
/** The one life that every demo account has had. */
const SEED = 'demo';

function readSpeed(text: string): number {
  const speed = Number(text);
  if (speed >= 0.1 && speed <= MAX_SPEED) return speed;
  throw new InvalidArgumentError(`It is a number from 0.1 to ${MAX_SPEED}.`);
}

const options = new Command('start')
  .description('builds the extension, starts the server with a demo account, opens a signed-in browser')
  .option('--no-browser', 'never open a browser')
  .option(
    '--speed <n>',
    'how many times faster the demo account lives; clocks stay as they are',
    readSpeed,
    1,
  )
  .parse()
  .opts<{ browser: boolean; speed: number }>();

/** Whether this process could show a window at all. */
function hasDisplay(env: NodeJS.ProcessEnv): boolean {
  return (
    process.platform === 'darwin' || process.platform === 'win32' || !!(env.DISPLAY ?? env.WAYLAND_DISPLAY)
  );
}

const say = (line: string) => void process.stdout.write(`${line}\n`);

function sayByHand(url: string, apiKey: string, site: CheckoutSite): void {
  say(`Extension: open chrome://extensions, switch on Developer mode, Load unpacked: ${resolve(BUILT)}`);
  say(`Server address: ${url}`);
  say(`API key: ${apiKey}`);
  const flags = site.flags.map((flag) => `'${flag}'`).join(' ');
  say(`Checkout page (a look-alike, in a browser started with ${flags}): ${site.address('classic')}`);
}

async function start(): Promise<void> {
  const dataDir = readPlace(process.env).DATA_DIR;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const config = readConfig({ ...devSecrets(dataDir), PAYMENTS: 'local', ...process.env });
  const log = createLog(config.LOG_LEVEL);
  const clock = pastClock(systemClock);
  let apiKey = '';
  let life: Life | null = null;
  let browser: DemoBrowser | null = null;
  let site: CheckoutSite | null = null;

  const server = await runServer({
    config,
    log,
    // A test clock is moved by its test alone: then nothing lives by itself.
    server: {
      ...(config.CLOCK === 'system' && { clock }),
      ids: { seed: SEED },
      async before({ ledger, identity, catalogue, rules }) {
        const demo = await demoAccount(dataDir, { ledger, identity }, clock);
        apiKey = demo.api_key;
        if (config.CLOCK === 'test') return;
        life = createLife({
          ledger,
          catalogue,
          rules,
          clock,
          log,
          seed: SEED,
          real: systemClock,
          account: demo.account_id,
          course: demo.course,
          keep: (course) => keepDemo(dataDir, { ...demo, course: [...course] }),
        });
        await life.catchUp();
      },
    },
    async prepare() {
      buildIfNeeded();
      life?.start(options.speed);
    },
    async beforeStop() {
      await life?.stop();
      await browser?.close();
      await site?.close();
    },
  });
  if (!server) return;
  site = await startCheckoutSite();

  const executablePath = options.browser && hasDisplay(process.env) ? findBrowser() : null;
  if (!executablePath) return sayByHand(server.url, apiKey, site);
  try {
    const profile = resolve(join(dataDir, 'browser'));
    browser = await openBrowser({
      executablePath,
      profile,
      server: server.url,
      apiKey,
      flags: site.flags,
    });
    say(`Checkout page (a look-alike, in that browser only): ${site.address('classic')}`);
    say('The browser is open and signed in. Ctrl-C ends both; the data stays.');
  } catch (error) {
    say(
      `The browser could not be opened (${error instanceof Error ? error.message : String(error)}). By hand:`,
    );
    sayByHand(server.url, apiKey, site);
  }
}

try {
  await start();
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof BuildError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
