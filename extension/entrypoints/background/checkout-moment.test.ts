import { expect, test } from 'vitest';
import type { CheckoutAnswer } from '../../checkout/face.ts';
import { testSnapshot } from '../../view/test-snapshot.ts';
import { type CheckoutPort, CheckoutPorts } from './checkout-ports.ts';

const NOW = Date.parse('2026-11-21T14:02:00Z');
const DAY = 86_400_000;

/** When the answer's numbers are of, as the badge writes it in German. */
async function toldTime(confirmed_at: number): Promise<string | undefined> {
  const told: unknown[] = [];
  let tell: (message: unknown) => void = () => {};
  const port = {
    postMessage: (message: unknown) => void told.push(message),
    onMessage: { addListener: (listener: typeof tell) => (tell = listener) },
    onDisconnect: { addListener: () => {} },
  } as unknown as CheckoutPort; // the members that are used
  const ports = new CheckoutPorts({
    remote: () => Promise.resolve({ ok: false }),
    openPanel: () => {},
    now: () => NOW,
    dress: () => Promise.resolve({ css: '', language: 'de', texts: {} }),
  });
  ports.add(port);
  const snapshot = testSnapshot(confirmed_at, {
    account: { id: 'a', name: '', timezone: 'Europe/Berlin', server: 'https://x.example', device_name: '' },
    connection: 'offline',
  });
  const book = {
    section: (name: string) =>
      name === 'credits'
        ? { available: '1', available_by_service: {}, held: '0', state: 'active', seq: 1 }
        : null,
    recent: () => [],
  };
  ports.publish(
    {
      server: 'https://x.example',
      account_id: 'a',
      device_name: '',
      connection: 'offline',
      confirmed_at,
      clock_offset: 0,
      book,
      pending: [],
    },
    snapshot,
  );
  tell({ nr: 1, amount: '5', per_hour: null, service: null, returned: false });
  await Promise.resolve();
  const answers = told.filter((each) => Object.hasOwn(Object(each), 'time')) as CheckoutAnswer[]; // not the dress
  return answers.at(-1)?.time;
}

test('numbers of today are of a time, numbers of last week of a day', async () => {
  expect(await toldTime(NOW - 60_000)).toBe('15:01');
  expect(await toldTime(NOW - 7 * DAY)).toBe('14. Nov.');
  expect(await toldTime(NOW - 400 * DAY)).toMatch(/^Okt\.? 2025$/);
});
