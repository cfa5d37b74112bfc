// What a first `npm start` makes and later ones find again: secrets for this machine, and the demo account's key.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { registryOf } from '../../../sync-server/identity/accounts.ts';
import { Refusal } from '../../../sync-server/ledger/command.ts';
import type { RunningServer } from '../../../sync-server/server.ts';

const OWNER_ONLY = 0o600;

const Secrets = z.strictObject({ PAYMENT_WEBHOOK_SECRET: z.string(), SECRETS_KEY: z.string() });
const Demo = z.strictObject({ account_id: z.string(), api_key: z.string() });

function write(path: string, value: object): void {
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`, { mode: OWNER_ONLY });
}

function read<T extends z.ZodType>(schema: T, path: string): z.output<T> | null {
  return existsSync(path) ? schema.parse(JSON.parse(readFileSync(path, 'utf8'))) : null;
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

/** The demo account's API key; the account is made on the first start, and again if its key no longer opens. */
export async function demoAccount(dataDir: string, { ledger, identity }: RunningServer): Promise<string> {
  const path = join(dataDir, 'demo.json');
  const known = read(Demo, path);
  if (known) {
    try {
      await identity.verify(known.api_key);
      return known.api_key;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }
  const registry = registryOf(ledger, identity);
  const { principal, apiKey } = await registry.register({ name: 'Demo', scope: 'account', services: [] });
  write(path, { account_id: principal.account ?? '', api_key: apiKey });
  return apiKey;
}
