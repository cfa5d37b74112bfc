// The stand-in of io.net as a process of its own, so that its work does not count as ours: 3 of 10 accounts run something.
import { deployment, startStandIn } from '../../../sync-server/sources/ionet/stand-in.ts';

const [busy, idle] = [await startStandIn(), await startStandIn()];
busy.caas = [deployment('c1')];
busy.vmaas = [deployment('v1', { status: 'completed' })];
process.send?.({ busy: busy.url, idle: idle.url });
setInterval(() => {
  // What was asked is counted by the bench; here it would only fill the memory.
  busy.asked.length = 0;
  idle.asked.length = 0;
}, 100);
process.once('disconnect', () => process.exit(0));
