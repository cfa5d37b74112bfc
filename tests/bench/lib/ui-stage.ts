// What the benchmarks of pages stand on: a real server with accounts whose histories have a given length, each signed in
// in a browser of its own that carries the built extension and the peers' pages.
import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { DAY, type Ms } from '../../../shared/time.ts';
import { openLedger } from '../../../sync-server/ledger/open.ts';
import { DEFAULT_RULES } from '../../../sync-server/ledger/rules.ts';
import { call } from '../../tools/harness/api.ts';
import { BUILT, freshProfile, launch, type Profile, shows, signIn } from '../../tools/harness/extension.ts';
import type { InstalledExtension } from '../../tools/harness/extension.ts';
import { type ServerProcess, startServerProcess } from '../../tools/harness/server.ts';

export const BALANCE = '$100.00';
const MICROS_LEFT = 100_000_000n;
const CHARGE = 10_000n;
/** How long the histories are. */
const SPAN: Ms = 200 * DAY;
const AT_ONCE = 500;
const SERVICES = ['vm', 'ray', 'caas', 'k8s'] as const;

const STATIC_PAGE =
  '<!doctype html><meta charset="utf-8"><title>Static</title>' +
  '<style>body{width:380px;height:480px;margin:0;font:600 40px system-ui}</style><p>$100.00</p>';

/** An account with so many entries, and the browser that shows it. */
export interface Seat {
  entries: number;
  installed: InstalledExtension;
  /** A page of the extension that talks to nobody: it acts in the extension's name without waking the worker. */
  control: Page;
}

export interface Stage {
  seats: Seat[];
  dispose(): Promise<void>;
}

/** @param counts entries of each account, at least 2 @param prepare puts more pages of peers into the copied build */
export async function openStage(
  counts: readonly number[],
  prepare: (built: string) => Promise<void> | void = () => {},
): Promise<Stage> {
  const dataDir = mkdtempSync(join(tmpdir(), 'glance-bench-ui-'));
  const built = mkdtempSync(join(tmpdir(), 'glance-build-'));
  const profiles: Profile[] = [];
  const seats: Seat[] = [];
  let server: ServerProcess | null = null;
  const dispose = async () => {
    for (const { installed } of seats) await installed.close();
    for (const profile of profiles) profile.dispose();
    await server?.dispose();
    for (const folder of [dataDir, built]) rmSync(folder, { recursive: true, force: true });
  };
  try {
    cpSync(BUILT, built, { recursive: true });
    writeFileSync(join(built, 'static.html'), STATIC_PAGE);
    await prepare(built);
    const kept = { DATA_DIR: dataDir, SECRETS_KEY: randomBytes(32).toString('base64') };
    const made = await makeAccounts(kept, counts);
    await writeHistories(dataDir, made);
    server = await startServerProcess(kept);
    for (const { entries, apiKey } of made) {
      const profile = freshProfile();
      profiles.push(profile);
      seats.push(await seat(server, profile, built, entries, apiKey));
    }
    return { seats, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

interface Made {
  entries: number;
  account: string;
  apiKey: string;
}

/** Under a clock that stands in the past, so that the histories can follow. */
async function makeAccounts(kept: Record<string, string>, counts: readonly number[]): Promise<Made[]> {
  const early = await startServerProcess({ ...kept, CLOCK: 'test' });
  try {
    const made: Made[] = [];
    for (const entries of counts) {
      const { account_id: account, api_key: apiKey } = await early.createAccount(`Bench ${entries}`);
      // What waits for a decision would stand above the balance.
      const { body } = await call(early.url, '/acknowledgments', apiKey);
      await call(early.url, '/acknowledgments', apiKey, { version: body['version'] });
      made.push({ entries, account, apiKey });
    }
    return made;
  } finally {
    await early.dispose();
  }
}

/** One grant and then charges, through the ledger itself; at the end every account has the same balance. */
async function writeHistories(dataDir: string, made: readonly Made[]): Promise<void> {
  let now: Ms = Date.UTC(2026, 0, 1, 1);
  const ledger = await openLedger({ dataDir, clock: { now: () => now }, rules: DEFAULT_RULES });
  try {
    for (const { account, entries } of made) {
      const actor = { principal: 'bench', scope: 'finance' } as const;
      const charges = entries - 1;
      const amount = MICROS_LEFT + CHARGE * BigInt(charges);
      const grant = { kind: 'grant', id: 'funds', amount, source: 'goodwill' } as const;
      await ledger.settle({ account, actor, command: grant });
    }
    const longest = Math.max(...made.map(({ entries }) => entries));
    for (let from = 1; from < longest; from += AT_ONCE) {
      now += (SPAN * AT_ONCE) / Math.max(longest, AT_ONCE);
      const orders = made.flatMap(({ account, entries }) =>
        Array.from({ length: Math.max(0, Math.min(AT_ONCE, entries - from)) }, (_, index) => {
          const service = SERVICES[(from + index) % SERVICES.length] ?? 'vm';
          const command = { kind: 'charge', id: `c${from + index}`, amount: CHARGE, service } as const;
          return ledger.settle({ account, actor: { principal: 'compute', scope: 'service' }, command });
        }),
      );
      await Promise.all(orders);
    }
  } finally {
    await ledger.close();
  }
}

async function seat(
  server: ServerProcess,
  profile: Profile,
  built: string,
  entries: number,
  apiKey: string,
): Promise<Seat> {
  const installed = await launch(profile, { built });
  const options = await signIn(installed, server.url, apiKey);
  await shows(options, 'connection', /Connected/);
  const first = await installed.openPopup();
  await shows(first, 'balance', BALANCE);
  await first.close();
  await options.close();
  return { entries, installed, control: await installed.openTab('static.html') };
}
