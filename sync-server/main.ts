// `npm run server`: the sync server alone, configured by its environment.
import { ConfigError, readConfig } from './config.ts';
import { createLog } from './log.ts';
import { runServer } from './run.ts';

// What lies in DATA_DIR is its owner's alone.
process.umask(0o077);

try {
  const config = readConfig(process.env);
  await runServer({ config, log: createLog(config.LOG_LEVEL) });
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
