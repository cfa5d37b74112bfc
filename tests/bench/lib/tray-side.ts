// The server that the tray bench asks, as a process of its own: a real ledger on SQLite, accounts and tokens for all
// devices, and the same orders straight into the ledger as the peer.
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

process.on('message', () => {
  void settle().then((perSecond) => process.send?.({ perSecond }));
});
process.on('disconnect', () => {
  void server[Symbol.asyncDispose]().then(() => process.exit());
});
process.send?.({ address: server.sync, people: people.map(({ account, token }) => ({ account, token })) });
