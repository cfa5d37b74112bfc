// Who of staff did what, and how it ended: kept beside the ledger, append-only, and told to the log.
import { randomUUIDv7 } from 'node:crypto';
import { type Clock, type Ms, toRfc3339 } from '../../shared/time.ts';
import type { Database } from '../ledger/storage/database.ts';

export interface AuditedCall {
  /** Id of the request, as the answer and the log carry it. */
  request?: string;
  principal: string;
  scope: string;
  /** `POST /finance/withdrawals/0190.../approve` */
  action: string;
  /** HTTP status of its answer. */
  status: number;
}

export interface Audit {
  note(call: AuditedCall): Promise<void>;
}

const MAX_ACTION = 400;

export function createAudit(
  database: Database,
  clock: Clock,
  log: { info(facts: object, message: string): void },
): Audit {
  return {
    async note({ request = randomUUIDv7(), principal, scope, action, status }) {
      const what = action.slice(0, MAX_ACTION);
      log.info({ id: request, principal, scope, action: what, status }, 'privileged call');
      await database.write([
        {
          sql: 'insert into audit (at, request, principal, scope, action, status) values ($1, $2, $3, $4, $5, $6)',
          params: [clock.now(), request, principal, scope, what, status],
        },
      ]);
    },
  };
}

export interface AuditLine {
  at: string;
  principal: string;
  scope: string;
  action: string;
  status: number;
  request: string;
}

/** The last lines, newest first. */
export async function lastAudited(database: Database, limit: number): Promise<AuditLine[]> {
  const rows = await database.read(
    'select at, request, principal, scope, action, status from audit order by pk desc limit $1',
    [limit],
  );
  return rows.map((row) => {
    const at: Ms = Number(row['at']);
    const text = (name: string) => String(row[name]);
    const [principal, scope, action, request] = ['principal', 'scope', 'action', 'request'].map(text);
    return {
      at: toRfc3339(at),
      principal: principal ?? '',
      scope: scope ?? '',
      action: action ?? '',
      status: Number(row['status']),
      request: request ?? '',
    };
  });
}
