// From the payment webhook to the new number in an open popup, against a bare Hocuspocus client on the same book in
// the same run. The time starts before the webhook is sent, so it holds the whole settlement. Bar: p95 within 50 ms.
import { bookName } from '../../shared/documents.ts';
import { open } from '../scenarios/lib/device.ts';
import { call, deliver, paid } from '../tools/harness/api.ts';
import { freshProfile, launch, shows, signIn } from '../tools/harness/extension.ts';
import { startServerProcess } from '../tools/harness/server.ts';
import { until } from '../tools/harness/until.ts';

const ROUNDS = 60;
const BAR_MS = 50;

declare global {
  /** What the popup showed and when, ms since 1970 with fractions; filled by the observer below. */
  var seen: { text: string; at: number }[];
}

const now = () => performance.timeOrigin + performance.now();

function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN;
}

const profile = freshProfile();
const server = await startServerProcess({ RATE_LIMITS: 'off' });
const installed = await launch(profile);
try {
  const { account_id: account, api_key: apiKey } = await server.createAccount('Bench');
  const options = await signIn(installed, server.url, apiKey);
  await shows(options, 'connection', /Connected/);
  await options.close();
  const popup = await installed.openPopup();
  await shows(popup, 'balance', '$0.00');
  await popup.evaluate(() => {
    globalThis.seen = [];
    new MutationObserver(() => {
      const text = document.querySelector('[data-part=balance]')?.textContent ?? '';
      globalThis.seen.push({ text, at: performance.timeOrigin + performance.now() });
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });

  const { body } = await call(server.url, '/auth/token', apiKey, {
    api_key: apiKey,
    device: { name: 'bench' },
  });
  const token = String(body['access_token']);
  using device = open(`ws://127.0.0.1:${server.port}/sync`, bookName(account), token);
  const arrivals: number[] = [];
  device.doc.getMap('credits').observe(() => arrivals.push(now()));
  await until('the bare client is in step', () => device.provider.isSynced);

  const bare: number[] = [];
  const ours: number[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    const purchase = await call(server.url, '/credits/purchases', apiKey, { amount: '1', method: 'usdc' });
    const event = paid(String(purchase.body['id']), String(purchase.body['total']));
    arrivals.length = 0;
    const started = now();
    await deliver(server.url, { secret: server.webhookSecret, body: event });
    const text = `$${round}.00`;
    const shown = await until(`the popup shows ${text}`, () =>
      popup.evaluate((wanted) => globalThis.seen.find((each) => each.text === wanted)?.at ?? 0, text),
    );
    const arrived = await until('the bare client has it', () => arrivals[0]);
    ours.push(shown - started);
    bare.push(arrived - started);
  }

  const row = (values: number[]) => ({
    rounds: values.length,
    'p50 ms': Math.round(quantile(values, 0.5) * 10) / 10,
    'p95 ms': Math.round(quantile(values, 0.95) * 10) / 10,
  });
  console.table({ 'bare client': row(bare), 'open popup': row(ours) });
  const p95 = quantile(ours, 0.95);
  process.stdout.write(`p95 ${Math.round(p95)} ms, bar ${BAR_MS} ms\n`);
  if (p95 > BAR_MS) process.exitCode = 1;
} finally {
  await installed.close();
  await server.dispose();
  profile.dispose();
}
