// A program's whole day with credits: check, top up, deploy, follow, end early, see the refund.
// node tests/examples/deploy-with-credits.ts http://127.0.0.1:4700 iog_your-api-key
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

const [server = 'http://127.0.0.1:4700', apiKey = ''] = process.argv.slice(2);
type Answer = Record<string, string>;

async function call(method: string, path: string, body?: object): Promise<Answer> {
  // One key for each intent: sent again after a lost answer, it is the same call.
  const headers = { authorization: `Bearer ${apiKey}`, 'idempotency-key': randomUUID() };
  const type = { 'content-type': 'application/json' };
  const json = body && { body: JSON.stringify(body), headers: { ...headers, ...type } };
  const response = await fetch(server + path, { method, headers, ...json });
  const answer: Answer = await response.json();
  if (!response.ok) throw new Error(`${answer['code']}: ${answer['detail']}`);
  return answer;
}

async function until(path: string, ...statuses: string[]): Promise<Answer> {
  for (;;) {
    const answer = await call('GET', path);
    if (statuses.includes(answer['status'] ?? '')) return answer;
    await sleep(500);
  }
}

const check = await call('GET', '/credits/check?amount=12&service=vm');
console.log(`12 credits: ${check['decision']}, ${check['shortfall']} short`);

if (check['decision'] !== 'approve') {
  const purchase = await call('POST', '/credits/purchases', { amount: '20', method: 'usdc' });
  console.log(`Pay here: ${purchase['payment_url']}`);
  // In development the page pays at a click; elsewhere a person does.
  const body = new URLSearchParams({ result: 'succeeded' });
  await fetch(purchase['payment_url'] ?? '', { method: 'POST', headers: { origin: server }, body });
  const { status } = await until(`/credits/purchases/${purchase['id']}`, 'settled');
  console.log(`Purchase: ${status}`);
}

const wish = { name: 'nightly', type: 'vm', device: 'A100', quantity: 2, hours: 5 };
const { id } = await call('POST', '/deployments', { ...wish, payment_method: 'credits' });
const running = await until(`/deployments/${id}`, 'running', 'failed');
console.log(`${running['name']} is ${running['status']}, paid ${running['paid']}`);

const ended = await call('DELETE', `/deployments/${id}`);
console.log(`Ended early: ${ended['refunded']} came back`);
console.log(`Available now: ${(await call('GET', '/credits'))['available']}`);
