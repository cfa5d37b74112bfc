// A server as a process: signals stop it gently, what nobody caught ends it loudly.
import type { Config } from './config.ts';
import { SealError } from './identity/seal.ts';
import { StorageError } from './ledger/storage/database.ts';
import { MigrationError } from './ledger/storage/migrate.ts';
import type { Log } from './log.ts';
import { LedgerWentBack } from './mark.ts';
import { CatalogueError } from './sources/catalogue.ts';
import {
  NoDataDir,
  NoSuchAddress,
  PortTaken,
  type RunningServer,
  type ServerOptions,
  startServer,
} from './server.ts';

/** Exit code for a fault of ours, as sysexits.h names it. */
const EX_SOFTWARE = 70;

export interface RunOptions {
  config: Config;
  log: Log;
  /** What else the server starts with. */
  server?: Omit<ServerOptions, 'config' | 'log'>;
  /** Done before the server is called ready. */
  prepare?: (server: RunningServer) => Promise<void>;
  /** Done first when the process is asked to end. */
  beforeStop?: () => Promise<void>;
}

/**
 * Starts the server, prints `ready <address>` and stops it on SIGINT and SIGTERM. When it cannot start for a reason
 * that a person can mend, prints that reason in one line, sets exit code 1 and answers null.
 */
export async function runServer({
  config,
  log,
  server: more = {},
  prepare,
  beforeStop,
}: RunOptions): Promise<RunningServer | null> {
  const fatal = (error: unknown) => {
    log.fatal({ err: error }, 'unexpected error; the process ends');
    log.flush();
    process.exit(EX_SOFTWARE);
  };
  process.on('uncaughtException', fatal);
  process.on('unhandledRejection', fatal);

  let server: RunningServer;
  try {
    server = await startServer({ ...more, config, log });
  } catch (error) {
    const known = [
      PortTaken,
      NoSuchAddress,
      NoDataDir,
      SealError,
      StorageError,
      MigrationError,
      CatalogueError,
      LedgerWentBack,
    ].some((kind) => error instanceof kind);
    if (!known || !(error instanceof Error)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
    return null;
  }
  const { stop } = server;
  async function end(): Promise<void> {
    await beforeStop?.();
    await stop();
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      log.info({ signal }, 'stopping');
      void end().then(() => process.exit(0), fatal);
    });
  }
  try {
    await prepare?.(server);
  } catch (error) {
    await stop();
    throw error;
  }
  process.stdout.write(`ready ${server.url}\n`);
  return server;
}
