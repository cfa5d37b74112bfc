// Connected accounts in the database: the sealed key, when each is asked next, and which process is asking now.
import type { Ms } from '../../../shared/time.ts';
import type { Database } from '../../ledger/storage/database.ts';
import { textOf } from '../../ledger/storage/rows.ts';

const KIND = 'ionet';

/** An account that this process may ask until its lease ends. */
export interface Claimed {
  account: string;
  sealed: string;
  /** Rises with each new key. */
  version: number;
  failures: number;
}

export interface Store {
  put(account: string, sealed: string, now: Ms): Promise<void>;
  remove(account: string): Promise<void>;
  /** Takes up to `limit` accounts that are due; no other process gets them until `until`. */
  claim(now: Ms, until: Ms, limit: number): Promise<Claimed[]>;
  /** Lets an account go until `nextAt`; one that has got another key meanwhile is due at once. */
  release(claimed: Claimed, nextAt: Ms, failures: number): Promise<void>;
  /** Whether the key of a claimed account is still the one it was claimed with. */
  isCurrent(claimed: Claimed): Promise<boolean>;
}

export function createStore(database: Database): Store {
  return {
    async put(account, sealed, now) {
      await database.write([
        {
          sql: `INSERT INTO source (account, kind, sealed, version, next_at, leased_until, failures)
                VALUES ($1, '${KIND}', $2, 1, $3, 0, 0)
                ON CONFLICT (account, kind) DO UPDATE SET sealed = excluded.sealed, version = source.version + 1,
                  next_at = excluded.next_at, leased_until = 0, failures = 0`,
          params: [account, sealed, now],
        },
      ]);
    },
    async remove(account) {
      await database.write([
        { sql: `DELETE FROM source WHERE account = $1 AND kind = '${KIND}'`, params: [account] },
      ]);
    },
    async claim(now, until, limit) {
      // The second look at the lease is for two processes that chose the same rows at the same time.
      const [rows = []] = await database.write([
        {
          sql: `UPDATE source SET leased_until = $2 WHERE kind = '${KIND}' AND leased_until <= $1 AND account IN
                  (SELECT account FROM source WHERE kind = '${KIND}' AND next_at <= $1 AND leased_until <= $1
                   ORDER BY next_at LIMIT $3)
                RETURNING account, sealed, version, failures`,
          params: [now, until, limit],
        },
      ]);
      return rows.map((row) => ({
        account: textOf(row, 'account'),
        sealed: textOf(row, 'sealed'),
        version: Number(row['version']),
        failures: Number(row['failures']),
      }));
    },
    async release({ account, version }, nextAt, failures) {
      await database.write([
        {
          sql: `UPDATE source SET next_at = $3, failures = $4, leased_until = 0
                WHERE account = $1 AND kind = '${KIND}' AND version = $2`,
          params: [account, version, nextAt, failures],
        },
      ]);
    },
    async isCurrent({ account, version }) {
      const rows = await database.read(
        `SELECT 1 AS one FROM source WHERE account = $1 AND kind = '${KIND}' AND version = $2`,
        [account, version],
      );
      return rows.length > 0;
    },
  };
}
