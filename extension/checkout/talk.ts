// The line to the background worker: open while there is something to judge, opened again when the worker was stopped.
import type { Browser } from 'wxt/browser';
import {
  CHECKOUT_PORT,
  type CheckoutQuestion,
  type CheckoutRequest,
  type CheckoutTold,
} from '../view/checkout.ts';

type Runtime = Pick<typeof Browser.runtime, 'connect'>;

const REOPEN_AFTER_MS = 1_000;

export interface Talk {
  ask(question: CheckoutQuestion): void;
  /** A click: the panel opens at a place. */
  open(place: string): void;
  close(): void;
}

/** @param runtime answers null once this script outlived its extension */
export function openTalk(
  runtime: () => Runtime | null,
  onTold: (told: CheckoutTold) => void,
  signal: AbortSignal,
): Talk {
  let port: Browser.runtime.Port | null = null;
  let question: CheckoutQuestion | null = null;
  let again: ReturnType<typeof setTimeout> | undefined;

  function post(request: CheckoutRequest): void {
    try {
      port?.postMessage(request);
    } catch {
      // Cut this very moment: the disconnect follows.
    }
  }

  function connect(): void {
    const from = signal.aborted ? null : runtime();
    if (!from) return;
    try {
      const made = from.connect({ name: CHECKOUT_PORT });
      port = made;
      made.onMessage.addListener(onTold);
      made.onDisconnect.addListener(() => {
        if (port !== made) return;
        port = null;
        clearTimeout(again);
        again = setTimeout(() => question && ask(question), REOPEN_AFTER_MS);
      });
      if (question) post(question);
    } catch {
      // The extension was updated under this page: the new one comes with the next load.
    }
  }

  function ask(asked: CheckoutQuestion): void {
    question = asked;
    if (port) post(asked);
    else connect();
  }

  function close(): void {
    clearTimeout(again);
    question = null;
    const old = port;
    port = null;
    old?.disconnect();
  }

  signal.addEventListener('abort', close, { once: true });
  return {
    ask,
    close,
    open(place) {
      if (!port) connect();
      post({ open: place });
    },
  };
}
