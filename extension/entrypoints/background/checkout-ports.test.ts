import { expect, test, vi } from 'vitest';
import type { CheckoutAnswer } from '../../checkout/face.ts';
import type { CheckoutDress } from '../../checkout/words.ts';
import type { ReplicaView } from '../../replica/replica-view.ts';
import type { Snapshot } from '../../view/snapshot.ts';
import { CheckoutPorts } from './checkout-ports.ts';

const NOW = Date.parse('2026-11-21T14:02:00Z');
const DRESS = { css: '.cb{}', language: 'en' as const, texts: { checkout_enough: 'Enough' } };

class Port {
  told: unknown[] = [];
  tell: (message: unknown) => void = () => {};
  close: () => void = () => {};
  readonly sender = { tab: { windowId: 4 } };
  readonly onMessage = { addListener: (listener: (message: unknown) => void) => (this.tell = listener) };
  readonly onDisconnect = { addListener: (listener: () => void) => (this.close = listener) };
  postMessage(message: unknown): void {
    this.told.push(structuredClone(message));
  }
  /** The last answer that is not the dress. */
  get last(): CheckoutAnswer | null | undefined {
    const answers = this.told.filter((each) => !(each !== null && typeof each === 'object' && 'css' in each));
    return answers.at(-1) as CheckoutAnswer | null | undefined; // of the ports under test
  }
}

const CREDITS = {
  available: '94.3',
  held: '12.1',
  state: 'active',
  available_by_service: { vm: '120' },
  seq: 7,
};

function setUp(
  answer: unknown = { sufficient: true, shortfall: '0', seq: 7 },
  dress: () => Promise<CheckoutDress> = async () => DRESS,
) {
  const calls: string[] = [];
  const opened: unknown[][] = [];
  const ports = new CheckoutPorts({
    remote: async (call) => {
      calls.push(call);
      return { ok: true, body: answer };
    },
    openPanel: (...place) => opened.push(place),
    now: () => NOW,
    dress,
  });
  const publish = (
    sections: Record<string, unknown>,
    more: { connection?: ReplicaView['connection']; pending?: unknown[] } = {},
  ) => {
    const view = {
      connection: more.connection ?? 'live',
      pending: more.pending ?? [],
      book: { section: (name: string) => sections[name] ?? null, recent: () => [] },
    };
    const shown = {
      connection: view.connection,
      confirmed_at: NOW - 1_000,
      stale_at: NOW + 60_000,
      clock_offset: 0,
      account: { timezone: 'Europe/Berlin' },
    };
    // The parts that are read.
    ports.publish(view as unknown as ReplicaView, shown as unknown as Snapshot);
  };
  const open = (): Port => {
    const port = new Port();
    ports.add(port as never); // the members that are used
    return port;
  };
  return { ports, publish, open, calls, opened };
}

const ask = (amount: string | null, service: string | null = null, returned = false) => ({
  nr: 1,
  amount,
  per_hour: null,
  service,
  returned,
});

test('a port is dressed first, and hears nothing of an account before it asks', async () => {
  const { publish, open } = setUp();
  const port = open();
  publish({ credits: CREDITS });
  await vi.waitFor(() => expect(port.told).toEqual([DRESS]));
});

test('who chose another language is told in it, with figures as it writes them', async () => {
  const dress = vi.fn(async () => DRESS as CheckoutDress);
  const { ports, publish, open } = setUp(undefined, dress);
  publish({ credits: { ...CREDITS, card_fee_bps: 450 } });
  const port = open();
  port.tell(ask('5'));
  await vi.waitFor(() => expect(port.told).toContainEqual(DRESS));
  expect(port.last?.fee).toBe('4.5');
  const german = { ...DRESS, language: 'de', texts: { checkout_enough: 'Guthaben reicht' } };
  dress.mockResolvedValue(german);
  ports.redress();
  await vi.waitFor(() => expect(port.told).toContainEqual(german));
  expect(port.last?.fee).toBe('4,5');
});

test('a question is answered with a standing and nothing else of the account, once the server agrees again', async () => {
  const { publish, open, calls } = setUp();
  publish({ credits: CREDITS, profile: { name: 'Ada' } });
  const port = open();
  port.tell(ask('81.9', 'vm'));
  expect(port.last).toEqual({
    standing: {
      available: '120',
      most: '120',
      held: '12.1',
      pending: '0',
      blocked: false,
      fee: 300,
      seq: 7,
    },
    as_of: NOW - 1_000,
    stale_at: NOW + 60_000,
    offline: false,
    time: expect.stringMatching(/^3:01\sPM$|^15:01$/),
    fee: '3',
    corrected: false,
    check: null,
    purchase: null,
  });
  await vi.waitFor(() =>
    expect(port.last?.check).toEqual({ amount: '81.9', sufficient: true, shortfall: '0', seq: 7 }),
  );
  expect(calls).toEqual(['GET /credits/check?amount=81.9&service=vm']);
  // The same numbers again: the server is not asked again, the page is not told again.
  const told = port.told.length;
  publish({ credits: CREDITS });
  await Promise.resolve();
  expect([calls.length, port.told.length]).toEqual([1, told]);
  // Newer books are checked anew.
  publish({ credits: { ...CREDITS, seq: 8 } });
  await vi.waitFor(() => expect(calls).toHaveLength(2));
});

test('what the server said of one amount is never told for another', async () => {
  const { publish, open } = setUp({ sufficient: false, shortfall: '9', seq: 7 });
  publish({ credits: CREDITS });
  const port = open();
  port.tell(ask('81.9'));
  await vi.waitFor(() => expect(port.last?.check?.shortfall).toBe('9'));
  port.tell(ask('82'));
  expect(port.last?.check).toBeNull();
  await vi.waitFor(() => expect(port.last?.check?.amount).toBe('82'));
});

test('the card fee is the book’s, until the server names another one', async () => {
  const { publish, open } = setUp({ sufficient: false, shortfall: '50', seq: 7, card_fee_bps: 450 });
  publish({ credits: { ...CREDITS, card_fee_bps: 250 } });
  const port = open();
  port.tell(ask('144.3'));
  expect(port.last).toMatchObject({ standing: { fee: 250 }, fee: '2.5', corrected: false });
  await vi.waitFor(() =>
    expect(port.last).toMatchObject({ standing: { fee: 450 }, fee: '4.5', corrected: true }),
  );
});

test('another fee is nothing to be told of where nothing is to be paid', async () => {
  const { publish, open } = setUp({ sufficient: true, shortfall: '0', seq: 7, card_fee_bps: 450 });
  publish({ credits: CREDITS });
  const port = open();
  port.tell(ask('1'));
  await vi.waitFor(() => expect(port.last).toMatchObject({ standing: { fee: 450 }, corrected: false }));
});

test('an answer of the server that is none is as if it had not answered', async () => {
  for (const answer of [
    null,
    {},
    { sufficient: 'yes', shortfall: '0', seq: 1 },
    { sufficient: false, shortfall: '-1', seq: 1 },
  ]) {
    const { publish, open, calls } = setUp(answer);
    publish({ credits: CREDITS });
    const port = open();
    port.tell(ask('81.9'));
    await vi.waitFor(() => expect(calls).toHaveLength(1));
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(port.last?.check).toBeNull();
  }
});

test('offline nobody is asked, and the answer says so', () => {
  const { publish, open, calls } = setUp();
  publish({ credits: CREDITS }, { connection: 'offline' });
  const port = open();
  port.tell(ask('81.9'));
  expect(port.last?.offline).toBe(true);
  expect(calls).toEqual([]);
});

test('without an account there is no answer, and one that signs out takes it back', () => {
  const { ports, publish, open } = setUp();
  const port = open();
  port.tell(ask('1'));
  expect(port.last).toBeNull();
  publish({ credits: CREDITS });
  expect(port.last?.standing.available).toBe('94.3');
  ports.publish(null, null);
  expect(port.last).toBeNull();
});

test('suspended, and what waits to be sent', () => {
  const { publish, open } = setUp();
  const withdrawal = { id: 'i', kind: 'withdrawal.request', body: { amount: '10' } };
  publish(
    { credits: { ...CREDITS, state: 'suspended' } },
    {
      pending: [
        { state: 'waiting', intent: withdrawal },
        { state: 'answered', intent: withdrawal },
      ],
    },
  );
  const port = open();
  port.tell(ask('1'));
  expect(port.last?.standing).toMatchObject({ blocked: true, pending: '10' });
});

test('the newest purchase of a day, only when a payment is said to have returned', () => {
  const { publish, open } = setUp();
  const purchase = (status: string, hours: number) => ({
    status,
    credits: '5',
    created_at: new Date(NOW - hours * 3_600_000).toISOString(),
  });
  const port = open();
  publish({ credits: CREDITS, purchases: [purchase('failed', 2), purchase('pending', 1)] });
  port.tell(ask(null, null, false));
  expect(port.last?.purchase).toBeNull();
  port.tell(ask(null, null, true));
  expect(port.last?.purchase).toEqual({ status: 'pending', credits: '5' });
  publish({ credits: CREDITS, purchases: [purchase('settled', 25)] });
  expect(port.last?.purchase).toBeNull();
});

test.each([
  'text',
  null,
  {},
  ask('1e3'),
  ask('-1'),
  ask('12345678'),
  ask('1', 'VM; drop'),
  { nr: 1, amount: '1', per_hour: null, service: null },
  { ...ask('1'), per_hour: '12345678901234' },
  { open: '#settings' },
  { open: '#billing/purchase?amount=1"><b>' },
  { open: '#billing/purchase?amount=12345678901234567' },
])('a message that is none is not answered: %j', (message) => {
  const { publish, open, calls, opened } = setUp();
  publish({ credits: CREDITS });
  const port = open();
  port.tell(message);
  expect([port.last, calls, opened]).toEqual([undefined, [], []]);
});

test('a click opens the panel of its own window, at the purchase or at its start', () => {
  const { open, opened } = setUp();
  const port = open();
  port.tell({ open: '#billing/purchase?amount=8.2' });
  port.tell({ open: '' });
  expect(opened).toEqual([
    ['#billing/purchase?amount=8.2', 4],
    ['', 4],
  ]);
});

test('a closed port hears nothing more', async () => {
  const { publish, open, calls } = setUp();
  publish({ credits: CREDITS });
  const port = open();
  port.tell(ask('81.9'));
  port.close();
  const told = port.told.length;
  publish({ credits: { ...CREDITS, seq: 9 } });
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(port.told.length).toBe(told);
  expect(calls).toHaveLength(1);
});
