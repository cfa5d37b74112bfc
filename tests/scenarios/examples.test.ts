// The example for programs, run as it stands against a started server; a stand-in plays the compute provider.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { startServerProcess } from '../tools/harness/server.ts';
import { checkedFetch } from '../../sync-server/api/contract.ts';

const EXAMPLE = 'tests/examples/deploy-with-credits.ts';
const Deployments = z.object({ items: z.array(z.object({ id: z.string(), status: z.string() })) });

test('check, top up, deploy, follow, end early, refund', async () => {
  const server = await startServerProcess({ PAYMENTS: 'local' });
  try {
    const { api_key } = await server.createAccount('Nightly');
    const provider = await server.createIdentity('service', '--service', 'vm');
    const bearer = (key: string) => ({ authorization: `Bearer ${key}`, 'content-type': 'application/json' });

    const example = spawn(process.execPath, [EXAMPLE, server.url, api_key], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    example.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    let done = false;
    const ended = once(example, 'close').finally(() => (done = true));

    while (!done) {
      const response = await checkedFetch(`${server.url}/deployments?status=pending`, {
        headers: bearer(api_key),
      });
      for (const { id } of Deployments.parse(await response.json()).items) {
        await checkedFetch(`${server.url}/service/deployments/${id}/status`, {
          method: 'POST',
          headers: { ...bearer(provider), 'idempotency-key': `run-${id}` },
          body: JSON.stringify({ status: 'running', at: new Date().toISOString() }),
        });
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect((await ended)[0]).toBe(0);
    // 2 A100 at 1.19 for 5 hours are 11.90; of a VM the first hour, 2.38, stays paid.
    expect(output.replace(/here: .*/, 'here')).toBe(
      `12 credits: pending_payment, 12 short
Pay here
Purchase: settled
nightly is running, paid 11.9
Ended early: 9.52 came back
Available now: 17.62
`,
    );
  } finally {
    await server.dispose();
  }
});

test('it is short', () => {
  expect(readFileSync(EXAMPLE, 'utf8').split('\n').length).toBeLessThan(60);
});
