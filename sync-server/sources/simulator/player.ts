// Plays steps of a simulated life into a ledger: through the same commands as everything else, each with its own
// idempotency key, so that playing a step again changes nothing.
import { hash } from 'node:crypto';
import { type Micros, readBalance } from '../../../shared/money.ts';
import type { Ms } from '../../../shared/time.ts';
import { decodeFacts } from '../../ledger/codec.ts';
import type { Actor, Command, Order, Outcome } from '../../ledger/command.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { listRecords } from '../../ledger/lookups.ts';
import { uuid7 } from '../../ledger/storage/ids.ts';
import { journalRowFrom, textOf } from '../../ledger/storage/rows.ts';
import { type Course, legAt, wallAt } from './course.ts';
import type { Plot, Role, Scene, Step } from './story.ts';

/** Rows looked through for the last credits section; only notices and the like stand between two. */
const LOOK_BACK = 200;
const MAX_NOTICES = 24;
/** Answers kept for later steps of the same stories. */
const REMEMBERED = 5_000;
/** Orders handed in before their answers are waited for. */
const AT_ONCE = 256;

const SCOPES = {
  owner: 'account',
  provider: 'service',
  gateway: 'service',
  finance: 'finance',
  second: 'finance',
  system: 'system',
} as const satisfies Record<Role, Actor['scope']>;

export interface PlayerOptions {
  ledger: Ledger;
  account: string;
  plot: Plot;
  /** As it is now: it may be turned while steps are played. */
  course(): Course;
  /** Called with each step's instant before its orders are handed in. */
  moveTo?(at: Ms): void;
  log: { debug(facts: object, message: string): void };
}

export class Player {
  #options: PlayerOptions;
  #answers = new Map<string, Promise<Outcome>>();
  #before = new Map<string, Step>();
  #waiting: Promise<unknown>[] = [];

  constructor(options: PlayerOptions) {
    this.#options = options;
  }

  /** A step that was played by an earlier process: it is asked again only for its answer, when a later one needs it. */
  remember(step: Step): void {
    this.#before.set(step.name, step);
  }

  /** Hands a step in. Its orders may wait for those of later steps; `settled` waits for all. @throws StorageError */
  async play(step: Step): Promise<void> {
    const { course, moveTo } = this.#options;
    const at = wallAt(course(), step.life);
    let act = step.act(this.#scene(step, at));
    if (act instanceof Promise) act = await act;
    moveTo?.(at);
    const commands = act === null ? [] : isList(act) ? act : [act];
    for (const [index, command] of commands.entries()) {
      this.#settle(step, command, index === 0 ? step.name : `${step.name}/${index}`);
    }
    if (this.#waiting.length >= AT_ONCE) await this.settled();
  }

  /** Waits until all that was handed in is durable. @throws StorageError */
  async settled(): Promise<void> {
    await Promise.all(this.#waiting.splice(0));
  }

  #settle({ role }: Step, command: Command, name: string): void {
    const { ledger, account } = this.#options;
    const actor: Actor = { principal: `simulator-${role}:${account}`, scope: SCOPES[role] };
    // What is marked one by one has ids of its own; all else is named by its step.
    const key = `simulator:${command.kind === 'notice.seen' ? command.id : name}`;
    const order: Order =
      command.kind === 'tick' ? { account, actor, command } : { account, actor, command, key };
    const outcome = ledger.settle(order);
    if (this.#answers.size >= REMEMBERED) this.#answers.delete(this.#answers.keys().next().value ?? '');
    this.#answers.set(name, outcome);
    this.#waiting.push(this.#noted(name, outcome));
  }

  async #noted(step: string, outcome: Promise<Outcome>): Promise<void> {
    const done = await outcome;
    if (!done.ok)
      this.#options.log.debug({ step, code: done.problem.code }, 'a step of the simulated life was refused');
  }

  #scene({ life }: Step, at: Ms): Scene {
    const { course, account, ledger, plot } = this.#options;
    const { database } = ledger;
    return {
      at,
      live: legAt(course(), life).live,
      wallAt: (moment) => wallAt(course(), moment),
      idOf: (name, moment) =>
        uuid7(wallAt(course(), moment), hash('sha256', `${plot.seed}\n${account}\n${name}`, 'buffer')),
      answerTo: async (name) => {
        const before = this.#before.get(name);
        if (before && !this.#answers.has(name)) await this.play(before);
        const outcome = await this.#answers.get(name);
        return outcome?.ok ? outcome.answer : null;
      },
      available: async () => {
        await this.settled();
        return availableBefore(ledger, account, at);
      },
      discount: async () => {
        if (!legAt(course(), life).live) return 0n;
        const [row] = await database.read('SELECT facts FROM account WHERE id = $1', [account]);
        const plan = row ? decodeFacts(textOf(row, 'facts')).plan : '';
        return BigInt(plot.rules.plans[plan]?.discount_bps ?? 0);
      },
      unseen: async (before) => {
        await this.settled();
        const notices = await listRecords(database, account, 'notice', { limit: MAX_NOTICES });
        return notices
          .filter(({ body }) => body.seen_at === null && body.created_at < before)
          .map(({ id }) => id);
      },
    };
  }
}

function isList(act: Command | readonly Command[]): act is readonly Command[] {
  return Array.isArray(act);
}

/** What was free just before an instant: the same whenever it is asked again. */
async function availableBefore({ database }: Ledger, account: string, at: Ms): Promise<Micros> {
  const rows = await database.read(
    `SELECT account, seq, at, n, hash, private_digest, patch FROM journal
     WHERE account = $1 AND at < $2 ORDER BY seq DESC LIMIT ${LOOK_BACK}`,
    [account, at],
  );
  for (const row of rows) {
    const { credits } = journalRowFrom(row).patch;
    if (credits) return readBalance(credits.available);
  }
  return 0n;
}
