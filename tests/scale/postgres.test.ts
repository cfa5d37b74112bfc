import { afterAll, beforeAll } from 'vitest';
import { storageAcceptance } from '../../sync-server/ledger/storage/acceptance.ts';
import { type Cluster, startPostgres } from '../tools/postgres.ts';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startPostgres();
});
afterAll(() => cluster.stop());

storageAcceptance('PostgreSQL', async () => {
  const databaseUrl = await cluster.createDatabase();
  return { where: { dataDir: 'unused', databaseUrl }, remove: async () => {} };
});
