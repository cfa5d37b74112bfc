// Tells the checkout script how the account stands, again whenever that changes, and has the server confirm it.
import type { Browser } from 'wxt/browser';
import * as v from 'valibot';
import { DAY } from '../../../shared/time.ts';
import { pendingSpend, standingOf } from '../../../shared/verdict.ts';
import type { CheckoutAnswer } from '../../checkout/face.ts';
import { Amount, type CheckoutDress, Question } from '../../checkout/words.ts';
import type { ReplicaView } from '../../replica/replica-view.ts';
import { formatPercent } from '../../ui/counts.ts';
import { formatMoment } from '../../ui/time.ts';
import { freshness, type Snapshot } from '../../view/snapshot.ts';

export type CheckoutPort = Pick<
  Browser.runtime.Port,
  'postMessage' | 'onMessage' | 'onDisconnect' | 'sender'
>;

const Click = v.object({ open: v.pipe(v.string(), v.regex(/^(#billing\/purchase\?amount=[\d.]{1,16})?$/)) });
const Clusters = v.fallback(
  v.array(v.object({ id: v.string(), hourly: v.string(), quantity: v.number() })),
  [],
);
const Purchases = v.fallback(
  v.array(v.object({ status: v.string(), credits: v.string(), created_at: v.string() })),
  [],
);
const basisPoints = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10_000));
const Check = v.object({
  sufficient: v.boolean(),
  shortfall: Amount,
  seq: v.number(),
  card_fee_bps: v.optional(basisPoints),
});

/** Amounts change under a stepper: the server is asked when they rest. */
const ASK_AFTER_MS = 250;

interface Deps {
  /** Calls the server with this device's token, as replica/remote.ts does. */
  remote: (call: string) => Promise<{ ok: boolean; body?: unknown }>;
  openPanel: (place: string, windowId: number | undefined) => unknown;
  now: () => number;
  /** What the badge is drawn with, as it is packed. */
  dress: () => Promise<CheckoutDress>;
}

/** What one page was told, and what the server confirmed of it. */
interface Talk {
  question: Question | null;
  told: string;
  asked: string;
  check: CheckoutAnswer['check'];
  /** Card fee that the server last named, in basis points. */
  fee: number | undefined;
}

export class CheckoutPorts {
  readonly #deps: Deps;
  readonly #talks = new Map<CheckoutPort, Talk>();
  #view: ReplicaView | null = null;
  #shown: Snapshot | null = null;
  /** The badge's, once it was read. */
  #language = 'en';

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  add(port: CheckoutPort): void {
    const talk: Talk = { question: null, told: '', asked: '', check: null, fee: undefined };
    this.#talks.set(port, talk);
    void this.#dress(port, talk);
    port.onDisconnect.addListener(() => void this.#talks.delete(port));
    port.onMessage.addListener((message: unknown) => {
      // At once: the browser opens a panel only while the click lasts.
      if (v.is(Click, message)) this.#deps.openPanel(message.open, port.sender?.tab?.windowId);
      if (!v.is(Question, message)) return;
      Object.assign(talk, { question: message, told: '' });
      this.#tell(port, talk);
    });
  }

  async #dress(port: CheckoutPort, talk: Talk): Promise<void> {
    const dress = await this.#deps.dress();
    this.#language = dress.language;
    if (!this.#talks.has(port)) return;
    port.postMessage(dress);
    this.#tell(port, talk);
  }

  /** A person chose another language: every open page hears it. */
  redress(): void {
    for (const [port, talk] of this.#talks) void this.#dress(port, talk);
  }

  /** `shown` is the snapshot of that view. */
  publish(view: ReplicaView | null, shown: Snapshot | null): void {
    this.#view = view;
    this.#shown = shown;
    for (const [port, talk] of this.#talks) this.#tell(port, talk);
  }

  #tell(port: CheckoutPort, talk: Talk): void {
    if (!talk.question) return;
    const answer = this.#answer(talk.question, talk);
    const text = JSON.stringify(answer);
    if (text !== talk.told) port.postMessage(answer);
    talk.told = text;
    if (answer) void this.#confirm(port, talk, talk.question, answer.standing.seq);
  }

  /** Asks the server once for each amount at each state of the books. */
  async #confirm(port: CheckoutPort, talk: Talk, { amount, service }: Question, seq: number): Promise<void> {
    const call = `GET /credits/check?amount=${amount}${service === null ? '' : `&service=${service}`}`;
    const key = `${call} ${seq}`;
    if (amount === null || key === talk.asked || this.#view?.connection !== 'live') return;
    const isFirst = talk.asked === '';
    talk.asked = key;
    if (!isFirst) await new Promise((resolve) => setTimeout(resolve, ASK_AFTER_MS));
    if (key !== talk.asked || !this.#talks.has(port)) return;
    const { body } = await this.#deps.remote(call);
    if (key !== talk.asked || !this.#talks.has(port) || !v.is(Check, body)) return;
    const { sufficient, shortfall, seq: at } = body;
    talk.check = { amount, sufficient, shortfall, seq: at };
    talk.fee = body.card_fee_bps;
    this.#tell(port, talk);
  }

  #answer({ amount, service, returned }: Question, { check, fee }: Talk): CheckoutAnswer | null {
    const { section } = this.#view?.book ?? {};
    if (!section || !this.#view || !this.#shown) return null;
    const waiting = this.#view.pending.filter(({ state }) => state !== 'answered');
    const spend = pendingSpend(
      waiting.map(({ intent }) => intent),
      v.parse(Clusters, section('clusters')),
    );
    // The replica shows no book whose credits it cannot read.
    const credits = section('credits') as Parameters<typeof standingOf>[0];
    const [last] = v
      .parse(Purchases, section('purchases'))
      .sort((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at));
    const recent = last && Date.parse(last.created_at) > this.#deps.now() + this.#shown.clock_offset - DAY;
    const standing = standingOf(credits, spend, service);
    const bps = fee ?? standing.fee;
    return {
      standing: { ...standing, fee: bps },
      as_of: this.#shown.confirmed_at,
      stale_at: this.#shown.stale_at,
      offline: freshness(this.#shown, this.#deps.now()) !== 'fresh',
      time: formatMoment(this.#shown.confirmed_at ?? 0, this.#deps.now(), {
        language: this.#language,
        timezone: this.#shown.account.timezone,
      }),
      fee: formatPercent(BigInt(bps), this.#language),
      // A price counts where something is to be paid.
      corrected: bps !== standing.fee && check?.sufficient === false,
      check: check?.amount === amount ? check : null,
      purchase: returned && recent ? { status: last.status, credits: last.credits } : null,
    };
  }
}
