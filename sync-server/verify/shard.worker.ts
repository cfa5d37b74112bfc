// One thread of a verification: opens the database for itself and checks its share of the accounts.
import { parentPort, workerData } from 'node:worker_threads';
import type { RuleConfig } from '../ledger/rules.ts';
import type { Finding } from './findings.ts';
import { openSource, type Place } from './open-source.ts';
import type { Range } from './queries.ts';
import { type Tally, verifyRange } from './shard.ts';
import { SourceError } from './source.ts';

export interface ShardStart {
  place: Place;
  range: Range;
  rules: RuleConfig;
}

export type FromShard = { tally: Tally; findings: Finding[] } | { failed: string };

if (parentPort) {
  const port = parentPort;
  // What verify.ts started this thread with.
  const { place, range, rules } = workerData as ShardStart;
  const tell = (message: FromShard) => port.postMessage(message);
  try {
    const source = await openSource(place);
    try {
      await source.snapshot((rows) =>
        verifyRange(rows, range, rules, (tally, findings) => tell({ tally, findings })),
      );
    } finally {
      await source.close();
    }
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    tell({ failed: error.message });
  }
}
