// Principals: one named holder of one API key and one scope, be it an account, a member of staff or a service.
import { formatAmount, readBalance } from '../../shared/money.ts';
import type { Clock, Ms } from '../../shared/time.ts';
import { Refusal, type Scope, SCOPES } from '../ledger/command.ts';
import type { Database, Row } from '../ledger/storage/database.ts';
import { randomUUIDv7 } from 'node:crypto';
import { digest, newSecret, type Random } from './secrets.ts';

export interface Principal {
  id: string;
  account: string | null;
  name: string;
  scope: Scope;
  services: string[];
  /** The most a service may move in one operation, as a decimal text; null for the rules' own maximum. */
  cap: string | null;
  createdAt: Ms;
  revokedAt: Ms | null;
}

/** A principal just made or given a new key: the only time the key can be read. */
export interface NewKey {
  principal: Principal;
  apiKey: string;
}

export interface NewPrincipal {
  name: string;
  scope: Scope;
  services?: string[];
  cap?: string | undefined;
  /** Ledger account of an `account` principal; made up when it is not given. */
  account?: string;
}

export interface Principals {
  create(options: NewPrincipal): Promise<NewKey>;
  list(): Promise<Principal[]>;
  byKey(apiKey: string): Promise<Principal | null>;
  /** A new key for a principal; the old one ends at once. @throws Refusal `not_found` */
  rotate(id: string): Promise<NewKey>;
  /** @throws Refusal `not_found` */
  revoke(id: string): Promise<void>;
}

const COLUMNS = 'id, account, name, scope, services, cap, key_hash, created_at, revoked_at';

/** Reads a row of `principal`; the columns are our own, so a foreign value is a damaged database. */
function fromRow(row: Row): Principal {
  const scope = SCOPES.find((known) => known === row.scope);
  if (!scope) throw new Error('A principal in the database has an unknown scope.');
  const services: unknown = JSON.parse(String(row.services));
  return {
    id: String(row.id),
    account: row.account === null ? null : String(row.account),
    name: String(row.name),
    scope,
    services: Array.isArray(services) ? services.map(String) : [],
    cap: row.cap === null ? null : formatAmount(BigInt(String(row.cap))),
    createdAt: Number(row.created_at),
    revokedAt: row.revoked_at === null ? null : Number(row.revoked_at),
  };
}

const missing = () => new Refusal('not_found', 'There is no such principal.');

export function createPrincipals({
  database,
  clock,
  random,
}: {
  database: Database;
  clock: Clock;
  random: Random;
}): Principals {
  return {
    async create({ name, scope, services = [], cap, account = randomUUIDv7() }) {
      const apiKey = newSecret('iog_', random);
      const principal: Principal = {
        id: randomUUIDv7(),
        account: scope === 'account' ? account : null,
        name,
        scope,
        services,
        cap: cap ?? null,
        createdAt: clock.now(),
        revokedAt: null,
      };
      await database.write([
        {
          sql: `insert into principal (${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, null)`,
          params: [
            principal.id,
            principal.account,
            name,
            scope,
            JSON.stringify(services),
            cap === undefined ? null : readBalance(cap),
            digest(apiKey),
            principal.createdAt,
          ],
        },
      ]);
      return { principal, apiKey };
    },

    async list() {
      const rows = await database.read(`select ${COLUMNS} from principal order by created_at, id`);
      return rows.map(fromRow);
    },

    async byKey(apiKey) {
      // Found by its hash: what a stranger could time is the hash of a guess, never the key.
      const [row] = await database.read(`select ${COLUMNS} from principal where key_hash = $1`, [
        digest(apiKey),
      ]);
      if (!row || row.revoked_at !== null) return null;
      return fromRow(row);
    },

    async rotate(id) {
      const apiKey = newSecret('iog_', random);
      const [rows] = await database.write([
        {
          sql: `update principal set key_hash = $1 where id = $2 and revoked_at is null returning ${COLUMNS}`,
          params: [digest(apiKey), id],
        },
      ]);
      const row = rows?.[0];
      if (!row) throw missing();
      return { principal: fromRow(row), apiKey };
    },

    async revoke(id) {
      const [rows] = await database.write([
        {
          sql: 'update principal set revoked_at = coalesce(revoked_at, $1) where id = $2 returning id',
          params: [clock.now(), id],
        },
      ]);
      if (!rows?.[0]) throw missing();
    },
  };
}
