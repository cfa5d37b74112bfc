// `npm run account`: makes, lists, renews and ends API keys, beside a running server or without one.
import { mkdirSync } from 'node:fs';
import { Command } from 'commander';
import { z } from 'zod';
import { toRfc3339 } from '../shared/time.ts';
import { adminSocketPath } from './api/admin.ts';
import { NoServer, remoteRegistry } from './api/admin-client.ts';
import { ConfigError, readPlace } from './config.ts';
import { localRegistry, Registration, type Registry } from './identity/accounts.ts';
import type { NewKey, Principal } from './identity/principals.ts';
import { Refusal } from './ledger/command.ts';
import { openLedger } from './ledger/open.ts';
import { StorageError } from './ledger/storage/database.ts';
import { MigrationError } from './ledger/storage/migrate.ts';
import { rulesClock, rulesOf, systemClock } from './rules.ts';

/** Does something with the registry: the running server's if there is one, else with the ledger itself. */
async function withRegistry<T>(use: (registry: Registry) => Promise<T>): Promise<T> {
  const place = readPlace(process.env);
  try {
    return await use(remoteRegistry(adminSocketPath(place.DATA_DIR)));
  } catch (error) {
    if (!(error instanceof NoServer)) throw error;
  }
  mkdirSync(place.DATA_DIR, { recursive: true, mode: 0o700 });
  const url = place.PUBLIC_URL ?? `http://${place.HOST}:${place.PORT}`;
  const ledger = await openLedger({
    ...(place.DATABASE_URL === undefined ? {} : { databaseUrl: place.DATABASE_URL }),
    dataDir: place.DATA_DIR,
    clock: rulesClock(place).clock,
    rules: rulesOf(place, url),
  });
  try {
    return await use(localRegistry(ledger, systemClock));
  } finally {
    await ledger.close();
  }
}

const print = (line: string) => void process.stdout.write(`${line}\n`);

function printKey({ principal, apiKey }: NewKey, json: boolean): void {
  if (json) return print(JSON.stringify({ account_id: principal.account, api_key: apiKey }));
  print(`${principal.name} (${principal.scope}), id ${principal.id}`);
  if (principal.account) print(`Account: ${principal.account}`);
  print(`API key: ${apiKey}`);
  print('The key is shown this once. Keep it where you keep passwords.');
}

function printList(principals: Principal[], json: boolean): void {
  const items = principals.map(({ id, account, name, scope, services, cap, createdAt, revokedAt }) => ({
    id,
    account_id: account,
    name,
    scope,
    services,
    cap,
    created_at: toRfc3339(createdAt),
    revoked_at: revokedAt === null ? null : toRfc3339(revokedAt),
  }));
  if (json) return print(JSON.stringify(items));
  if (items.length === 0)
    print('There are no accounts yet. Make one with: npm run account -- create --name NAME');
  for (const item of items) {
    const end = item.revoked_at === null ? '' : `, revoked ${item.revoked_at}`;
    print(
      `${item.id}  ${item.scope.padEnd(8)} ${item.name}${item.services.length ? ` [${item.services.join(', ')}]` : ''}${item.cap === null ? '' : `, at most ${item.cap} at once`}${end}`,
    );
  }
}

const program = new Command('account').description(
  'Accounts, staff and services: one name, one scope, one API key each',
);

program
  .command('create')
  .description('make an account or an identity; prints its API key once')
  .requiredOption('--name <name>', 'who or what it is for')
  .option('--scope <scope>', 'account, finance, service or admin', 'account')
  .option(
    '--service <services>',
    'for the scope service: which services, as in vm,ray (all when left out); force allows forced charges',
  )
  .option('--cap <amount>', 'for the scope service: the most it may move in one operation')
  .option('--json', 'print {"account_id","api_key"} on one line', false)
  .action(async (options: { name: string; scope: string; service?: string; cap?: string; json: boolean }) => {
    const asked = Registration.parse({
      name: options.name,
      scope: options.scope,
      services: options.service?.split(',').map((name) => name.trim()),
      cap: options.cap,
    });
    printKey(await withRegistry((registry) => registry.register(asked)), options.json);
  });

program
  .command('list')
  .description('show who has a key')
  .option('--json', 'print a JSON array on one line', false)
  .action(async (options: { json: boolean }) => {
    printList(await withRegistry((registry) => registry.list()), options.json);
  });

program
  .command('rotate')
  .description('give a new key; the old one and all devices signed in with it end')
  .argument('<id>', 'id of the principal, as list shows it')
  .option('--json', 'print {"account_id","api_key"} on one line', false)
  .action(async (id: string, options: { json: boolean }) => {
    printKey(await withRegistry((registry) => registry.rotate(id)), options.json);
  });

program
  .command('revoke')
  .description('end a key and all devices signed in with it')
  .argument('<id>', 'id of the principal, as list shows it')
  .action(async (id: string) => {
    await withRegistry((registry) => registry.revoke(id));
    print(`Revoked ${id}.`);
  });

program
  .command('audit')
  .description('what staff did last: finance, admins, and whoever managed keys here')
  .option('--limit <count>', 'how many lines, up to 1000', '50')
  .action(async ({ limit }: { limit: string }) => {
    const count = z.coerce.number('The limit is a number.').int().min(1).max(1000).parse(limit);
    for (const line of await withRegistry((registry) => registry.audit(count))) {
      print(`${line.at}  ${line.status}  ${line.scope.padEnd(8)} ${line.principal}  ${line.action}`);
    }
  });

// What lies in DATA_DIR is its owner's alone.
process.umask(0o077);

try {
  await program.parseAsync();
} catch (error) {
  let message: string;
  if (error instanceof z.ZodError) message = error.issues.map((issue) => issue.message).join('\n');
  else if (
    error instanceof Refusal ||
    error instanceof ConfigError ||
    error instanceof StorageError ||
    error instanceof MigrationError
  )
    message = error.message;
  else throw error;
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}
