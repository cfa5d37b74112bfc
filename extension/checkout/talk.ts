// The line to the background worker: open while there is something to judge, opened again when the worker was stopped.
import type { Browser } from 'wxt/browser';
import {
  CHECKOUT_PORT,
  type CheckoutAnswer,
  type CheckoutDress,
  type CheckoutRequest,
} from '../view/checkout.ts';

type Runtime = Pick<typeof Browser.runtime, 'connect'>;

const REOPEN_AFTER_MS = 1_000;

export class Talk {
  readonly #runtime: () => Runtime | null;
  readonly #onAnswer: (answer: CheckoutAnswer | CheckoutDress | null) => void;
  readonly #signal: AbortSignal;
  #port: Browser.runtime.Port | null = null;
  #question: CheckoutRequest | null = null;
  #again: ReturnType<typeof setTimeout> | undefined;

  /** @param runtime answers null once this script outlived its extension */
  constructor(
    runtime: () => Runtime | null,
    onAnswer: (answer: CheckoutAnswer | CheckoutDress | null) => void,
    signal: AbortSignal,
  ) {
    this.#runtime = runtime;
    this.#onAnswer = onAnswer;
    this.#signal = signal;
    signal.addEventListener('abort', () => this.close(), { once: true });
  }

  ask(question: CheckoutRequest): void {
    this.#question = question;
    if (this.#port) this.#post(question);
    else this.#open();
  }

  /** A click: the panel opens at a place. */
  open(place: string): void {
    if (!this.#port) this.#open();
    this.#post({ open: place });
  }

  close(): void {
    clearTimeout(this.#again);
    this.#question = null;
    const port = this.#port;
    this.#port = null;
    port?.disconnect();
  }

  #post(request: CheckoutRequest): void {
    try {
      this.#port?.postMessage(request);
    } catch {
      // Cut this very moment: the disconnect follows.
    }
  }

  #open(): void {
    const runtime = this.#signal.aborted ? null : this.#runtime();
    if (!runtime) return;
    try {
      const port = runtime.connect({ name: CHECKOUT_PORT });
      this.#port = port;
      port.onMessage.addListener((answer: CheckoutAnswer | CheckoutDress | null) => this.#onAnswer(answer));
      port.onDisconnect.addListener(() => {
        if (this.#port !== port) return;
        this.#port = null;
        clearTimeout(this.#again);
        this.#again = setTimeout(() => this.#question && this.ask(this.#question), REOPEN_AFTER_MS);
      });
      if (this.#question) this.#post(this.#question);
    } catch {
      // The extension was updated under this page: the new one comes with the next load.
    }
  }
}
