// An ordinary stretch of an account's life, given as orders: credits are bought, clusters run and end, models are used,
// something is paid out, notices are read. It fills every list that such a life fills.
import type { Actor, Command } from '../../../sync-server/ledger/command.ts';
import { listRecords } from '../../../sync-server/ledger/lookups.ts';
import type { Person, TestServer } from './server.ts';

const SYSTEM: Actor = { principal: 'system', scope: 'system' };
const SERVICE: Actor = { principal: 'compute', scope: 'service' };
const FINANCE: Actor = { principal: 'finance-1', scope: 'finance' };

const MODELS = ['meta-llama/Llama-3.3-70B-Instruct', 'zai-org/GLM-4.6', 'deepseek-ai/DeepSeek-R1-0528'];
const DEVICES = ['L40S', 'H100 PCIe', 'GeForce RTX 4090'];
const WALLET = '7EcDhSYGxXyscszYEp35KHN8vvw3svAuLKTzXwCFLtV';
const TX =
  'https://solscan.io/tx/5VERv8NMvzbJMEkV8xnrLkEaWRtSz9CosKDYjCJjBRnbJLgp8uirBgmQpjKhoR4tjF3ZpRzrFmBV6UjKdiSZkQUW';

let orders = 0;

/** Orders for one account, each waited for. */
function clerk({ running: { ledger } }: Pick<TestServer, 'running'>, { account, principal }: Person) {
  const owner: Actor = { principal, scope: 'account' };
  async function give(actor: Actor, command: Command): Promise<Record<string, unknown>> {
    const key = `ordinary-${String((orders += 1)).padStart(16, '0')}`;
    const outcome = await ledger.settle({ account, actor, command, key });
    if (!outcome.ok) throw new Error(`${command.kind}: ${outcome.problem.code} ${outcome.problem.detail}`);
    return outcome.answer;
  }
  return { owner, give };
}

/** Who the account is; three clusters that go on running, and a purchase that was never paid. */
export async function settleIn(server: Pick<TestServer, 'running'>, person: Person): Promise<void> {
  const { owner, give } = clerk(server, person);
  await give(owner, { kind: 'profile.set', name: 'Mara Lindqvist', timezone: 'Europe/Berlin' });
  await give(owner, { kind: 'wallet.add', chain: 'solana', address: WALLET });
  await give(owner, {
    kind: 'alerts.set',
    levels: { balance: 20_000_000n, runway_hours: 12, plan_share: 80, spend_per_day: null },
  });
  await buy(server, person, 90_000n);
  await give(owner, { kind: 'plan.choose', plan: 'professional' });
  for (const name of ['vllm-prod-eu', 'embed-nightly', 'ray-train']) await deploy(server, person, name, 240);
  await give(owner, { kind: 'purchase.start', amount: 250_000_000n, method: 'usdc' });
}

/** One stretch: so many of each thing that a list keeps. */
export async function liveOn(
  server: Pick<TestServer, 'running'>,
  person: Person,
  { times, withdrawals }: { times: number; withdrawals: number },
): Promise<void> {
  const { owner, give } = clerk(server, person);
  for (let at = 0; at < times; at += 1) {
    await buy(server, person, BigInt(50 + at));
    const id = await deploy(server, person, `whisper-batch-${at}`, 4 + (at % 20), DEVICES[at % 3]);
    await give(owner, { kind: 'deployment.end', id });
    await give(SERVICE, { kind: 'deployment.status', id, status: 'terminated', at: Date.now() });
    if (at < withdrawals) await payOut(server, person, 25_000_000n);
  }
  for (const model of MODELS) {
    const uses = {
      id: `use-${(orders += 1)}`,
      input_tokens: 1_234_567,
      output_tokens: 234_567,
      at: Date.now(),
    };
    await give(SERVICE, { kind: 'usage', model, rate: { input: 150_000n, output: 1_000_000n }, ...uses });
  }
  const notices = await listRecords(server.running.ledger.database, person.account, 'notice', { limit: 30 });
  for (const { id, body } of notices.slice(5)) {
    if (body.seen_at === null) await give(owner, { kind: 'notice.seen', id });
  }
}

async function buy(server: Pick<TestServer, 'running'>, person: Person, credits: bigint): Promise<void> {
  const { owner, give } = clerk(server, person);
  const amount = credits * 1_000_000n;
  const { id } = await give(owner, { kind: 'purchase.start', amount, method: 'usdc' });
  const payment = { purchase_id: String(id), payment_id: `pay-${String(id)}`, provider: 'sphere', amount };
  await give(SYSTEM, { kind: 'payment.succeeded', ...payment });
}

async function deploy(
  server: Pick<TestServer, 'running'>,
  person: Person,
  name: string,
  hours: number,
  device = 'H100 PCIe',
): Promise<string> {
  const { owner, give } = clerk(server, person);
  const wish = { name, device, type: 'container', quantity: 2, hours, hourly: 640_000n } as const;
  const { id } = await give(owner, { kind: 'deployment.create', ...wish });
  await give(SERVICE, { kind: 'deployment.status', id: String(id), status: 'running', at: Date.now() });
  return String(id);
}

async function payOut(server: Pick<TestServer, 'running'>, person: Person, amount: bigint): Promise<void> {
  const { owner, give } = clerk(server, person);
  const made = await give(owner, { kind: 'withdrawal.request', amount, wallet_address: WALLET });
  const id = String(made['id']);
  await give(FINANCE, { kind: 'withdrawal.approve', id });
  await give(FINANCE, { kind: 'withdrawal.send', id });
  await give(FINANCE, { kind: 'withdrawal.paid', id, tx_url: TX });
}

/** Ordinary entries: metered use of services, many in one transaction. */
export async function spend(
  { running: { ledger } }: Pick<TestServer, 'running'>,
  { account }: Person,
  count: number,
): Promise<void> {
  const STEP = 500;
  const services = ['vm', 'caas', 'ray', 'inference'] as const;
  for (let left = count; left > 0; left -= STEP) {
    const many = Array.from({ length: Math.min(STEP, left) }, () => {
      const id = `run-${String((orders += 1)).padStart(10, '0')}`;
      const service = services[orders % services.length] ?? 'vm';
      const command = { kind: 'charge', id, amount: 1_234n, service } as const;
      return ledger.settle({ account, actor: SERVICE, command, key: id });
    });
    for (const outcome of await Promise.all(many)) if (!outcome.ok) throw new Error(outcome.problem.code);
  }
}
