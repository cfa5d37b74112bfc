// Tells finance what waits for them: one log line of a fixed event for each thing, when it first needs somebody, and
// figures for whoever watches. Worked out from the records and the rules' clock, so a start says again what still waits.
import type { Clock, Ms } from '../../shared/time.ts';
import { MINUTE } from '../../shared/time.ts';
import {
  ATTENTION,
  type Attention,
  type AttentionReason,
  forcedAccounts,
  waiting,
} from '../ledger/attention.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type Job, repeat } from './repeat.ts';

const LOOK_EVERY: Ms = MINUTE;
/** Accounts of one question. */
const AT_ONCE = 200;

export interface FinanceWatchOptions {
  ledger: Pick<Ledger, 'database' | 'events'>;
  /** The rules' clock. */
  clock: Clock;
  log: { warn(facts: object, message: string): void };
  /** How many things of a kind wait now. */
  onCount: (reason: AttentionReason, count: number) => void;
  /** Called for each line. */
  onAlert: (reason: AttentionReason) => void;
  every?: Ms;
}

export function startFinanceWatch(options: FinanceWatchOptions): Job {
  const { ledger, clock, log, onCount, onAlert, every = LOOK_EVERY } = options;
  const { database, events } = ledger;
  /** Accounts that may have gone below their floor, or come back, since the last look. */
  let changed = new Set<string>();
  let forced: Map<string, Attention> | null = null;
  let said = new Set<string>();

  const note = ({ account }: { account: string }) => void changed.add(account);
  events.on('committed', note);

  async function lookAtFloors(): Promise<Map<string, Attention>> {
    const some = [...changed];
    changed = new Set();
    try {
      if (forced === null) return new Map((await forcedAccounts(database)).map((one) => [one.account, one]));
      for (let at = 0; at < some.length; at += AT_ONCE) {
        const part = some.slice(at, at + AT_ONCE);
        for (const account of part) forced.delete(account);
        for (const one of await forcedAccounts(database, part)) forced.set(one.account, one);
      }
      return forced;
    } catch (error) {
      for (const account of some) changed.add(account);
      throw error;
    }
  }

  async function look(): Promise<void> {
    try {
      forced = await lookAtFloors();
      const found = [...(await waiting(database, clock.now())), ...forced.values()];
      const now = new Set<string>();
      for (const { reason, account, id } of found) {
        const name = `${reason} ${account} ${id}`;
        now.add(name);
        if (said.has(name)) continue;
        log.warn({ event: reason, account, id }, MESSAGES[reason]);
        onAlert(reason);
      }
      said = now;
      for (const kind of ATTENTION) onCount(kind, found.filter(({ reason }) => reason === kind).length);
    } catch (error) {
      log.warn({ err: error }, 'what waits for finance could not be read');
    }
  }

  const looking = repeat(look, every, look);
  return {
    async stop() {
      events.off('committed', note);
      await looking.stop();
    },
  };
}

const MESSAGES: Record<AttentionReason, string> = {
  withdrawal_overdue: 'a withdrawal is past the promised review',
  withdrawal_reminder: 'a withdrawal has waited for three business days',
  suspense: 'a payment matches no open purchase',
  forced: 'an account went below its floor',
};
