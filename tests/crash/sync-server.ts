// The server of the sync soak, as a process of its own: the real one, but for its ledger, which ends the process now and
// then exactly between a commit and the merge of what was committed. Only tests start it.
import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig } from '../../sync-server/config.ts';
import { registryOf } from '../../sync-server/identity/accounts.ts';
import type { RunningServer } from '../../sync-server/server.ts';
import { startServer } from '../../sync-server/server.ts';
import { random } from '../fuzz/ledger/random.ts';
import { fund } from '../scenarios/lib/server.ts';
import { Start } from './sync-start.ts';

const CREDITS = 200n;

const start = Start.parse(JSON.parse(process.argv[2] ?? ''));
const server = await startServer({
  config: readConfig({
    PORT: String(start.port),
    DATA_DIR: start.dataDir,
    LOG_LEVEL: 'silent',
    SECRETS_KEY: start.secretsKey,
    PAYMENT_WEBHOOK_SECRET: start.webhookSecret,
    RATE_LIMITS: 'off',
  }),
});
const person = start.isFirst ? await makePerson(server) : null;
killAfterCommits(server);
process.send?.({ account: person?.account ?? null, apiKey: person?.apiKey ?? null });
process.on('disconnect', () => process.exit());

async function makePerson({ ledger, identity }: RunningServer) {
  const { principal, apiKey } = await registryOf(ledger, identity).register({
    name: 'Soak',
    scope: 'account',
    services: [],
  });
  const one = { account: principal.account ?? '', principal: principal.id, apiKey };
  await fund({ running: server }, one, CREDITS);
  return one;
}

function killAfterCommits({ ledger }: RunningServer): void {
  const dice = random(start.seed);
  const settle = ledger.settle.bind(ledger);
  ledger.settle = async (order) => {
    const outcome = await settle(order);
    if (order.intent !== undefined && !outcome.replayed && dice.percent(start.killPercent)) {
      process.kill(process.pid, 'SIGKILL');
      // The signal comes in its own time; nothing of ours may happen before it.
      await sleep(60_000);
    }
    return outcome;
  };
}
