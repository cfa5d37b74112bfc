// Opens the side panel in a state: the worker's answers are the state's, everything that a person sees is the product's.
import type { Page } from 'puppeteer-core';
import { standsStill } from '../harness/looks.ts';
import type { PanelState } from './panel-states.ts';
import type { Stage } from './stage.ts';

/** Places that pictures and checks go to. */
export const PLACES = [
  'overview',
  'cloud',
  'cloud/cluster/c1',
  'intelligence',
  'billing',
  'billing/purchase?amount=50',
  'billing/withdraw',
  'billing/entry/10482',
  'settings',
  'terms',
  'notifications',
  'search',
] as const;

export async function openPanelAt(
  stage: Stage,
  state: PanelState,
  place: string,
  size: { width: number; height: number },
): Promise<Page> {
  await stage.show(state.snapshot);
  const { sections, remote, pages, last } = state;
  const page = await stage.open(`sidepanel.html#${placeIn(state, place)}`, size, (fresh) =>
    fresh.evaluateOnNewDocument(answerAs, { sections, remote, pages, last }),
  );
  await page.waitForSelector('main, dialog');
  // Sections come a frame after the first paint.
  await page.waitForFunction(() => Reflect.get(globalThis, 'areSectionsTold') === true);
  await standsStill(page);
  return page;
}

/** The place with a cluster and an entry that the state has. */
function placeIn({ sections }: PanelState, place: string): string {
  const shown = sections.clusters?.find(({ status }) => status === 'running')?.id ?? 'c1';
  return place
    .replace('cluster/c1', `cluster/${shown}`)
    .replace('entry/10482', `entry/${sections.head?.n ?? 10_482}`);
}

/** Runs in the page, before its scripts. */
function answerAs(state: Pick<PanelState, 'sections' | 'remote' | 'pages' | 'last'>): void {
  const entry = (n: number) => ({
    n,
    id: `0198a7f0-1111-7000-8000-${String(n).padStart(12, '0')}`,
    at: Date.now() - (state.sections.head?.n ?? 0) * 600_000 + n * 600_000 - 80 * 86_400_000,
    service: ['caas', 'ray', 'inference'][n % 3],
    type: 'usage',
    amount: `-${((n % 90) + 1) / 10}`,
    balance: '120',
    status: 'completed',
    hash: 'a3'.repeat(32),
    private_digest: 'a3'.repeat(32),
  });
  const answer = (name: string, data: unknown) => {
    if (name === 'propose') return { ok: true };
    if (name === 'remote') {
      const body = state.remote[String(data)];
      return body === undefined ? { ok: false, error: 'offline' } : { ok: true, body };
    }
    if (name === 'page' && state.pages) {
      if (state.last?.k === Number(data)) return { ok: true, page: state.last };
      const first = Number(data) * 500 + 1;
      const last = Math.min(state.sections.head?.n ?? 0, first + 499);
      const entries = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) =>
        entry(first + index),
      );
      return { ok: true, page: { k: Number(data), sealed: true, prev: 'a3'.repeat(32), entries } };
    }
    return { ok: false, error: 'offline' };
  };
  const listening = { addListener: () => {}, removeListener: () => {} };
  Object.assign(chrome.runtime, {
    sendMessage: async ({ name, data }: { name: string; data: unknown }) => ({ value: answer(name, data) }),
    connect: () => ({
      onMessage: {
        ...listening,
        addListener: (tell: (values: unknown) => void) =>
          void setTimeout(() => {
            tell(state.sections);
            Object.assign(globalThis, { areSectionsTold: true });
          }, 20),
      },
      onDisconnect: listening,
      postMessage: () => {},
      disconnect: () => {},
    }),
  });
}
