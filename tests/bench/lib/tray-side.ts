// The server that the tray and the device bench ask, as a process of its own: a real ledger on SQLite, accounts and
// tokens for all devices, and the same orders straight into the ledger as the peer.
import * as z from 'zod';
import { register, signIn, startTestServer } from '../../scenarios/lib/server.ts';

const DEVICES = Number(process.argv[2]);
const PEER_MS = 4_000;

const server = await startTestServer();
const people = await Promise.all(
  Array.from({ length: DEVICES }, async (_, index) => {
    const person = await register(server, `Device ${index}`);
    return { ...person, token: await signIn(server, person, 'laptop') };
  }),
);

let orders = 0;
/** As many writers as devices, each with its own account, one order after the other. */
async function settle(): Promise<number> {
  const until = performance.now() + PEER_MS;
  const before = orders;
  await Promise.all(
    people.map(async ({ account, principal }) => {
      while (performance.now() < until) {
        orders += 1;
        const intent = `peer-${String(orders).padStart(16, '0')}`;
        await server.running.ledger.settle({
          account,
          actor: { principal, scope: 'account' },
          command: { kind: 'withdrawal.cancel', id: 'none' },
          key: intent,
          intent,
        });
      }
    }),
  );
  return ((orders - before) * 1000) / PEER_MS;
}

/** Settles something of one device's account; answers when it was committed, on the clock all processes share. */
async function commit(index: number): Promise<string> {
  const person = people[index];
  if (!person) throw new Error('There is no such device.');
  orders += 1;
  const intent = `commit-${String(orders).padStart(16, '0')}`;
  const actor = { principal: person.principal, scope: 'account' } as const;
  const command = { kind: 'withdrawal.cancel', id: 'none' } as const;
  await server.running.ledger.settle({ account: person.account, actor, command, key: intent, intent });
  return String(process.hrtime.bigint());
}

const Asked = z.union([z.enum(['peer', 'memory']), z.object({ commit: z.number() })]);
process.on('message', (message) => {
  const asked = Asked.parse(message);
  if (asked === 'memory') {
    // What is garbage is nobody's memory.
    gc?.();
    process.send?.({ rss: process.memoryUsage().rss });
  } else if (asked === 'peer') void settle().then((perSecond) => process.send?.({ perSecond }));
  else void commit(asked.commit).then((at) => process.send?.({ commit: asked.commit, at }));
});
process.on('disconnect', () => {
  void server[Symbol.asyncDispose]().then(() => process.exit());
});
process.send?.({ address: server.sync, people: people.map(({ account, token }) => ({ account, token })) });
