import { expect, test } from 'vitest';
import type { BookView } from '../../replica/book.ts';
import type { ReplicaView } from '../../replica/replica-view.ts';
import { SectionPorts } from './section-ports.ts';

class Port {
  told: unknown[] = [];
  name: (names: unknown) => void = () => {};
  close: () => void = () => {};
  readonly onMessage = { addListener: (listener: (names: unknown) => void) => (this.name = listener) };
  readonly onDisconnect = { addListener: (listener: () => void) => (this.close = listener) };
  postMessage(message: unknown): void {
    this.told.push(structuredClone(message));
  }
}

const bookOf = (sections: Record<string, unknown>, recent: unknown[] = []): BookView => ({
  section: (name) => sections[name] ?? null,
  recent: () => recent,
});
const view = (book: BookView | null, pending: ReplicaView['pending'] = []): ReplicaView => ({
  server: 'https://glance.example',
  account_id: 'a',
  device_name: 'Laptop',
  connection: 'live',
  confirmed_at: 1,
  clock_offset: 0,
  book,
  pending,
});
function follow(ports: SectionPorts, names: unknown): Port {
  const port = new Port();
  ports.add(port as never); // the three members that are used
  port.name(names);
  return port;
}

test('a port gets what it named at once, then only what changed', () => {
  const ports = new SectionPorts();
  const plan = { title: 'Pro' };
  ports.publish(view(bookOf({ plan, clusters: [] })));
  const port = follow(ports, ['plan', 'clusters', 'recent']);
  expect(port.told).toEqual([{ plan, clusters: [], recent: [] }]);
  ports.publish(view(bookOf({ plan: { title: 'Pro' }, clusters: [] })));
  expect(port.told).toHaveLength(1);
  ports.publish(view(bookOf({ plan, clusters: [{ id: 'c' }] }, [{ n: 1 }])));
  expect(port.told.slice(1)).toEqual([{ clusters: [{ id: 'c' }], recent: [{ n: 1 }] }]);
});

test('proposals of this device stand as pages see them', () => {
  const ports = new SectionPorts();
  const intent = {
    id: 'i'.repeat(36),
    kind: 'withdrawal.request',
    at: 7,
    body: { amount: '3', secret: true },
  };
  const port = follow(ports, ['pending']);
  expect(port.told).toEqual([{ pending: [] }]);
  ports.publish(view(null, [{ intent, state: 'waiting' }]));
  const item = { id: intent.id, kind: intent.kind, at: 7, state: 'waiting', amount: '3' };
  expect(port.told.slice(1)).toEqual([{ pending: [item] }]);
});

test('after a sign-out nothing of the account is left on a port', () => {
  const ports = new SectionPorts();
  ports.publish(view(bookOf({ plan: { title: 'Pro' } })));
  const port = follow(ports, ['plan']);
  ports.publish(null);
  expect(port.told).toEqual([{ plan: { title: 'Pro' } }, { plan: null }]);
});

test('a closed port hears nothing, and names of another shape name nothing', () => {
  const ports = new SectionPorts();
  const port = follow(ports, ['plan']);
  port.close();
  ports.publish(view(bookOf({ plan: { title: 'Pro' } })));
  expect(port.told).toEqual([{ plan: null }]);
  expect(follow(ports, 'plan').told).toEqual([]);
  expect(
    follow(
      ports,
      Array.from({ length: 1_000 }, (_, n) => `s${n}`),
    ).told,
  ).toHaveLength(1);
});
