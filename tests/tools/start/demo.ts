// What a first `npm start` makes and later ones find again: secrets for this machine, and the demo account's key.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { registryOf } from '../../../sync-server/identity/accounts.ts';
import { Refusal } from '../../../sync-server/ledger/command.ts';
import type { RunningServer } from '../../../sync-server/server.ts';
import { Leg } from '../../../sync-server/sources/simulator/course.ts';
import { newCourse, type PastClock } from '../../../sync-server/sources/simulator/life.ts';

const OWNER_ONLY = 0o600;

const Secrets = z.strictObject({ PAYMENT_WEBHOOK_SECRET: z.string(), SECRETS_KEY: z.string() });
const Demo = z.strictObject({
  account_id: z.string(),
  api_key: z.string(),
  /** How its simulated life has run; see sources/simulator. */
  course: z.tuple([Leg], Leg),
});
export type Demo = z.output<typeof Demo>;

function write(path: string, value: object): void {
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`, { mode: OWNER_ONLY });
}

/** Null also for what another release wrote in another way. */
function read<T extends z.ZodType>(schema: T, path: string): z.output<T> | null {
  return existsSync(path) ? (schema.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data ?? null) : null;
}

/** The secrets of this data folder, made once. */
export function devSecrets(dataDir: string): z.infer<typeof Secrets> {
  const path = join(dataDir, 'dev-secrets.json');
  const known = read(Secrets, path);
  if (known) return known;
  const made = {
    PAYMENT_WEBHOOK_SECRET: `whsec_${randomBytes(32).toString('base64')}`,
    SECRETS_KEY: randomBytes(32).toString('base64'),
  };
  write(path, made);
  return made;
}

const pathOf = (dataDir: string) => join(dataDir, 'demo.json');

/** Keeps how far the demo account's life has come. */
export function keepDemo(dataDir: string, demo: Demo): void {
  write(pathOf(dataDir), demo);
}

/**
 * The demo account; it is made on the first start, and again if its key no longer opens. With a `clock` it is opened
 * where its life begins.
 */
export async function demoAccount(
  dataDir: string,
  { ledger, identity }: Pick<RunningServer, 'ledger' | 'identity'>,
  clock: PastClock,
): Promise<Demo> {
  const known = read(Demo, pathOf(dataDir));
  if (known) {
    try {
      await identity.verify(known.api_key);
      return known;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }
  const course = newCourse(clock.now());
  clock.moveTo(course[0].wall);
  const registry = registryOf(ledger, identity);
  const { principal, apiKey } = await registry.register({ name: 'Demo', scope: 'account', services: [] });
  clock.moveTo(null);
  const demo: Demo = { account_id: principal.account ?? '', api_key: apiKey, course: [...course] };
  keepDemo(dataDir, demo);
  return demo;
}
