// Sessions: one signed-in device each, kept alive by a family of refresh tokens that rotates with every use.
import { randomUUIDv7 } from 'node:crypto';
import { type Clock, DAY, type Ms } from '../../shared/time.ts';
import { Refusal } from '../ledger/command.ts';
import type { LedgerEvents } from '../ledger/events.ts';
import type { Database, Row, Statement } from '../ledger/storage/database.ts';
import { unauthenticated } from './caller.ts';
import type { Principal } from './principals.ts';
import { digest, isSecret, newSecret, type Random } from './secrets.ts';

/** A device that is not seen for this long signs in again. */
const REFRESH_LIFE: Ms = 60 * DAY;
/** How long a used token is remembered as stolen goods; after that it is merely unknown. */
const REUSE_WATCH: Ms = 7 * DAY;

export interface Session {
  id: string;
  principal: string;
  account: string | null;
  device: string;
  deviceName: string;
  createdAt: Ms;
  lastSeenAt: Ms;
  revokedAt: Ms | null;
}

/** A session with the refresh token that its device holds from now on. */
export interface SignedIn {
  session: Session;
  refreshToken: string;
}

export interface Sessions {
  /** Signs a device in; an older session of the same device ends. */
  start(principal: Principal, device: { id?: string; name: string }): Promise<SignedIn>;
  /** Rotates a refresh token. @throws Refusal `unauthenticated` */
  refresh(refreshToken: string): Promise<SignedIn>;
  /** The session a refresh token belongs to; null for an unknown token. */
  byRefreshToken(refreshToken: string): Promise<string | null>;
  /** Ends a session; with `account`, only when it is this account's. @throws Refusal `not_found` */
  revoke(id: string, account?: string): Promise<void>;
  /** Ends all sessions of a principal. */
  revokeAll(principal: string): Promise<void>;
  /** Sessions of an account that are still signed in, last seen first. */
  list(account: string): Promise<Session[]>;
  /** Those of these sessions that have ended, in whichever process that was. */
  endedAmong(ids: readonly string[]): Promise<string[]>;
}

/** Ids that one look-up names. */
const LOOK_UP = 500;

const COLUMNS = 'id, principal, account, device, device_name, created_at, last_seen_at, revoked_at';

function fromRow(row: Row): Session {
  return {
    id: String(row.id),
    principal: String(row.principal),
    account: row.account === null ? null : String(row.account),
    device: String(row.device),
    deviceName: String(row.device_name),
    createdAt: Number(row.created_at),
    lastSeenAt: Number(row.last_seen_at),
    revokedAt: row.revoked_at === null ? null : Number(row.revoked_at),
  };
}

/** Bound to $1 = hash of the token that is presented: someone else in its family was used after it was handed out. */
const REUSED = `exists (
  select 1 from refresh_token shown join refresh_token other
    on other.parent = shown.hash or (other.parent = shown.parent and other.hash <> shown.hash)
  where shown.hash = $1 and other.used_at is not null)`;

export function createSessions({
  database,
  events,
  clock,
  random,
}: {
  database: Database;
  events: LedgerEvents;
  clock: Clock;
  random: Random;
}): Sessions {
  /** Tells whoever serves these devices. */
  function announce(rows: Row[] | undefined): void {
    for (const row of rows ?? []) {
      events.emit('revoked', { account: String(row.account ?? ''), session: String(row.id) });
    }
  }

  async function end(where: string, params: string[]): Promise<Row[]> {
    const now = params.length + 1;
    const [rows = []] = await database.write([
      {
        sql: `update session set revoked_at = $${now} where ${where} and revoked_at is null returning id, account`,
        params: [...params, clock.now()],
      },
    ]);
    announce(rows);
    return rows;
  }

  return {
    async start(principal, device) {
      const refreshToken = newSecret('ior_', random);
      const now = clock.now();
      const session: Session = {
        id: randomUUIDv7(),
        principal: principal.id,
        account: principal.account,
        device: device.id ?? randomUUIDv7(),
        deviceName: device.name,
        createdAt: now,
        lastSeenAt: now,
        revokedAt: null,
      };
      const statements: Statement[] = [
        {
          sql: 'update session set revoked_at = $1 where principal = $2 and device = $3 and revoked_at is null returning id, account',
          params: [now, principal.id, session.device],
        },
        {
          sql: `insert into session (${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, null)`,
          params: [session.id, principal.id, session.account, session.device, session.deviceName, now, now],
        },
        {
          sql: 'insert into refresh_token (hash, session, parent, created_at, expires_at, used_at) values ($1, $2, null, $3, $4, null)',
          params: [digest(refreshToken), session.id, now, now + REFRESH_LIFE],
        },
      ];
      const [replaced] = await database.write(statements);
      announce(replaced);
      return { session, refreshToken };
    },

    async refresh(refreshToken) {
      if (!isSecret('ior_', refreshToken)) throw unauthenticated();
      const shown = digest(refreshToken);
      const next = newSecret('ior_', random);
      const now = clock.now();
      const [sessions, added] = await database.write([
        {
          // First, so that its row lock makes one family take turns.
          sql: `update session set last_seen_at = $2 where revoked_at is null
                and id = (select session from refresh_token where hash = $1) returning ${COLUMNS}`,
          params: [shown, now],
        },
        {
          sql: `insert into refresh_token (hash, session, parent, created_at, expires_at, used_at)
                select cast($2 as text), t.session, t.hash, cast($3 as bigint), cast($4 as bigint), null
                from refresh_token t
                join session s on s.id = t.session join principal p on p.id = s.principal
                where t.hash = $1 and t.expires_at > $3 and s.revoked_at is null and p.revoked_at is null
                and not ${REUSED} returning hash`,
          params: [shown, digest(next), now, now + REFRESH_LIFE],
        },
        {
          sql: `update refresh_token set used_at = coalesce(used_at, $3)
                where hash = $1 and exists (select 1 from refresh_token n where n.hash = $2)`,
          params: [shown, digest(next), now],
        },
        {
          sql: `delete from refresh_token where session = (select session from refresh_token where hash = $1)
                and hash <> $1 and created_at < $2 and used_at is not null`,
          params: [shown, now - REUSE_WATCH],
        },
      ]);
      const row = sessions?.[0];
      if (row && added?.[0]) return { session: fromRow(row), refreshToken: next };
      const [reused] = await database.read(
        `select session from refresh_token where hash = $1 and ${REUSED}`,
        [shown],
      );
      // Two hold what one should: the thief and the owner both sign in again.
      if (reused) await end('id = $1', [String(reused.session)]);
      throw unauthenticated('This device is signed out. Sign in again.');
    },

    async byRefreshToken(refreshToken) {
      if (!isSecret('ior_', refreshToken)) return null;
      const [row] = await database.read('select session from refresh_token where hash = $1', [
        digest(refreshToken),
      ]);
      return row ? String(row.session) : null;
    },

    async revoke(id, account) {
      const owner = account === undefined ? '' : ' and account = $2';
      const params = account === undefined ? [id] : [id, account];
      // Ended before it is looked for: a damaged session can be ended, but not read.
      if ((await end(`id = $1${owner}`, params)).length > 0) return;
      const [known] = await database.read(`select id from session where id = $1${owner}`, params);
      if (!known) throw new Refusal('not_found', 'There is no such session.');
    },

    async revokeAll(principal) {
      await end('principal = $1', [principal]);
    },

    async list(account) {
      const rows = await database.read(
        `select ${COLUMNS} from session where account = $1 and revoked_at is null order by last_seen_at desc, id`,
        [account],
      );
      return rows.map(fromRow);
    },

    async endedAmong(ids) {
      const ended: string[] = [];
      for (let at = 0; at < ids.length; at += LOOK_UP) {
        const some = ids.slice(at, at + LOOK_UP);
        const places = some.map((_, index) => `$${index + 1}`).join(', ');
        const rows = await database.read(
          `select id from session where revoked_at is not null and id in (${places})`,
          some,
        );
        ended.push(...rows.map((row) => String(row.id)));
      }
      return ended;
    },
  };
}
