// Watches this machine's wall clock, by which windows end and tokens expire: against time that only flows forward, the
// PostgreSQL that servers share, an NTP server, and the ledger's own last commit. More than 2 s is an alert (rules.md X20);
// money stays right meanwhile, as an account's time never runs back.
import { type Clock, MINUTE, type Ms, SECOND } from '../../shared/time.ts';
import type { Database } from '../ledger/storage/database.ts';
import { type Job, repeat } from './repeat.ts';

const LOOK_EVERY: Ms = 10 * SECOND;
const TOLERATED: Ms = 2 * SECOND;
/** A skew that stays is said again this often. */
const SAY_EVERY: Ms = 10 * MINUTE;

const isTolerable = (skew: Ms) => Math.abs(skew) <= TOLERATED;

export type ClockPeer = 'monotonic' | 'ledger' | 'postgres' | 'ntp';

export interface ClockWatchOptions {
  /** Real time, as this machine tells it. */
  clock: Clock;
  /** Time that never jumps; its zero does not matter. */
  monotonic: () => Ms;
  database: Pick<Database, 'engine' | 'read'>;
  log: {
    error(facts: object, message: string): void;
    warn(facts: object, message: string): void;
    info(facts: object, message: string): void;
  };
  /** Called with each measurement; above zero this machine is ahead. */
  onSkew: (peer: ClockPeer, skew: Ms) => void;
  /** What an NTP server says the time is; null without one. */
  ntp: (() => Promise<Ms>) | null;
  /** Whether the ledger's rows carry real time at all. */
  rulesFollow: boolean;
  every?: Ms;
}

export function startClockWatch(options: ClockWatchOptions): Job {
  const { clock, monotonic, database, log, onSkew, ntp, rulesFollow, every = LOOK_EVERY } = options;
  const saidAt = new Map<ClockPeer, Ms>();
  let offset = clock.now() - monotonic();

  /** Notes a skew; an alert when it is too large, at first and then now and again. */
  function judge(peer: ClockPeer, skew: Ms): void {
    onSkew(peer, skew);
    const said = saidAt.get(peer);
    if (isTolerable(skew)) {
      if (saidAt.delete(peer)) log.info({ peer, skew_ms: Math.round(skew) }, 'the clock is right again');
    } else if (said === undefined || monotonic() - said >= SAY_EVERY) {
      saidAt.set(peer, monotonic());
      log.error({ peer, skew_ms: Math.round(skew) }, MESSAGES[peer]);
    }
  }

  /** A jump is shown for a while, so that whoever looks now and then sees it; then the clock counts from there. */
  function judgeJump(): void {
    const now = clock.now() - monotonic();
    const said = saidAt.get('monotonic');
    if (said !== undefined && monotonic() - said >= SAY_EVERY) {
      saidAt.delete('monotonic');
      offset = now;
    }
    judge('monotonic', now - offset);
    if (isTolerable(now - offset)) offset = now;
  }

  /** How far this machine is ahead of another, as of the middle of the question. */
  async function against(peer: ClockPeer, ask: () => Promise<Ms>): Promise<void> {
    const [wall, before] = [clock.now(), monotonic()];
    try {
      const there = await ask();
      judge(peer, wall + (monotonic() - before) / 2 - there);
    } catch (error) {
      log.warn({ err: error, peer }, 'the clock could not be compared');
    }
  }

  async function look(): Promise<void> {
    judgeJump();
    if (database.engine === 'postgres') await against('postgres', () => databaseTime(database));
    if (ntp) await against('ntp', ntp);
  }

  /** At a start the clock may stand before what was committed already: then windows stay open until it has caught up. */
  async function lookBack(): Promise<void> {
    if (rulesFollow) {
      try {
        const [row] = await database.read('SELECT max(at) AS at FROM account');
        if (row?.['at'] != null) judge('ledger', Math.min(0, clock.now() - Number(row['at'])));
      } catch (error) {
        log.warn({ err: error, peer: 'ledger' }, 'the clock could not be compared');
      }
    }
    await look();
  }

  return repeat(look, every, lookBack);
}

const MESSAGES: Record<ClockPeer, string> = {
  monotonic: "this machine's clock jumped: look after its time synchronisation",
  ledger: "this machine's clock is behind the ledger's last commit: look after its time synchronisation",
  postgres: "this machine's clock and the database's differ: look after their time synchronisation",
  ntp: "this machine's clock is wrong: look after its time synchronisation",
};

async function databaseTime(database: Pick<Database, 'read'>): Promise<Ms> {
  const [row] = await database.read(
    'SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint) AS now',
  );
  return Number(row?.['now']);
}
