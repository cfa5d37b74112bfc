// What this device asks for: the durable record of its proposals, and the tray in which they travel. A proposal leaves
// the record only with its answer in hand, so whatever happens to the tray, nothing that was promised is lost.
import type { Intent } from '../../shared/intents.ts';
import { MAX_WAITING_INTENTS } from '../../shared/tray.ts';
import type { Pending, ProposalStore } from './proposal-store.ts';
import type { Tray } from './tray.ts';

/** Refusals that are kept for reading; older ones give way. */
const KEEP_REFUSALS = 20;

export interface OutboxDeps {
  store: ProposalStore;
  /** Opens this device's tray, in a new database when `fresh`. */
  openTray: (fresh: boolean) => Promise<Tray>;
  /** The server took something from the tray, or the tray itself is another one now. */
  onTrayChange: () => void;
}

/** An answer as the book or the server gives it: with a `code` it is a refusal. */
export interface Outcome {
  code?: string | undefined;
}

/** One account's proposals on this device. Calls must not overlap: the replica makes them one after the other. */
export class Outbox {
  readonly #deps: OutboxDeps;
  readonly #account: string;
  #list: readonly Pending[];
  #tray: Tray;

  private constructor(deps: OutboxDeps, account: string, list: readonly Pending[], tray: Tray) {
    this.#deps = deps;
    this.#account = account;
    this.#list = list;
    this.#tray = tray;
  }

  /** Brings tray and record together: whatever a killed worker left half done is finished here. */
  static async open(deps: OutboxDeps, account: string): Promise<Outbox> {
    const list = await deps.store.load(account);
    const tray = await deps.openTray(false).catch(() => deps.openTray(true));
    const outbox = new Outbox(deps, account, list, tray);
    const due = new Set(outbox.unanswered.map(({ intent }) => intent.id));
    const held = tray.ids();
    // A spent tray only grows, and one that holds what nobody proposed is not ours.
    if (tray.isSpent() || held.some((id) => !due.has(id))) await outbox.renewTray();
    else tray.onChange(deps.onTrayChange);
    await outbox.refill();
    return outbox;
  }

  get tray(): Tray {
    return this.#tray;
  }

  /** Oldest first. */
  get list(): readonly Pending[] {
    return this.#list;
  }

  get unanswered(): Pending[] {
    return this.#list.filter(({ state }) => state !== 'answered');
  }

  /**
   * Takes a proposal; it is durable when this resolves. The same id again changes nothing.
   * @param live whether the tray is connected, so that it leaves at once
   * @throws whatever the store throws: then nothing was proposed
   */
  async propose(intent: Intent, live: boolean): Promise<Pending | 'full'> {
    const known = this.#list.find(({ intent: { id } }) => id === intent.id);
    if (known) return known;
    if (this.unanswered.length >= MAX_WAITING_INTENTS || !this.#tray.fits(intent)) return 'full';
    const pending: Pending = { intent, state: live ? 'sent' : 'waiting' };
    await this.#save([...this.#list, pending]);
    await this.refill();
    return pending;
  }

  /**
   * Puts into the tray what is unanswered and not in it: also what the server once took without telling its answer,
   * since the same id settles once. A tray that cannot be written is no loss; the next call tries again.
   */
  async refill(): Promise<void> {
    await this.#fill(this.#tray).catch(() => this.renewTray().catch(() => null));
  }

  /** From now on any of them may have reached the server. */
  async markSent(): Promise<void> {
    if (!this.#list.some(({ state }) => state === 'waiting')) return;
    await this.#save(this.#list.map((one) => (one.state === 'waiting' ? { ...one, state: 'sent' } : one)));
  }

  /** Notes the answers that are in hand; an accepted proposal is done, a refused one is kept for reading. */
  async settle(outcomes: ReadonlyMap<string, Outcome>): Promise<boolean> {
    const next = this.#list.flatMap((one): Pending[] => {
      const outcome = one.state === 'answered' ? undefined : outcomes.get(one.intent.id);
      if (!outcome) return [one];
      return outcome.code === undefined ? [] : [{ ...one, state: 'answered', code: outcome.code }];
    });
    const old = new Set(next.filter(({ state }) => state === 'answered').slice(0, -KEEP_REFUSALS));
    const kept = next.filter((one) => !old.has(one));
    if (kept.length === this.#list.length && kept.every((one, at) => one === this.#list[at])) return false;
    await this.#save(kept);
    return true;
  }

  /** What the server took from the tray without an answer in hand. */
  get taken(): Pending[] {
    const held = this.#tray.ids();
    return this.unanswered.filter(({ intent }) => !held.includes(intent.id));
  }

  /** Takes back what never left this device. */
  async cancel(id: string): Promise<boolean> {
    if (!this.#list.some((one) => one.intent.id === id && one.state === 'waiting')) return false;
    await this.#save(this.#list.filter(({ intent }) => intent.id !== id));
    this.#tray.remove(id);
    return true;
  }

  /** A person has read an answer. */
  async dismiss(id: string): Promise<void> {
    const kept = this.#list.filter((one) => one.intent.id !== id || one.state !== 'answered');
    if (kept.length < this.#list.length) await this.#save(kept);
  }

  /** A new tray with everything that is unanswered; the old one is dropped. */
  async renewTray(): Promise<void> {
    const old = this.#tray;
    const tray = await this.#deps.openTray(true);
    await this.#fill(tray);
    this.#tray = tray;
    tray.onChange(this.#deps.onTrayChange);
    await old.wipe();
  }

  /** Drops what is answered and was never taken from the tray: a server that ended in between leaves it there. */
  async tidy(): Promise<void> {
    if (this.unanswered.length > 0 || this.#tray.ids().length === 0) return;
    await this.renewTray().catch(() => null);
  }

  async close(): Promise<void> {
    await this.#tray.close();
  }

  /** Forgets everything, the unanswered ones too; the tray is left to be wiped. */
  async forget(): Promise<void> {
    await this.#save([]);
  }

  async #fill(tray: Tray): Promise<void> {
    const held = tray.ids();
    const missing = this.unanswered.map(({ intent }) => intent).filter(({ id }) => !held.includes(id));
    await tray.append(missing);
  }

  async #save(list: readonly Pending[]): Promise<void> {
    await this.#deps.store.save(this.#account, list);
    this.#list = list;
  }
}
