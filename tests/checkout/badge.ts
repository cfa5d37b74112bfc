// What a person sees and presses of the badge: through the browser's own debugger, since no page can look into it.
import type { CDPSession, Page } from 'puppeteer-core';
import type { Protocol } from 'puppeteer-core';
import { until } from '../tools/harness/until.ts';

const sessions = new WeakMap<Page, CDPSession>();

async function sessionOf(page: Page): Promise<CDPSession> {
  const known = sessions.get(page);
  if (known) return known;
  const made = await page.createCDPSession();
  sessions.set(page, made);
  return made;
}

/** All that the badge says, in one line, as a screen reader meets it; null while there is none. */
export async function readBadge(page: Page): Promise<string | null> {
  const texts = await inBadge(page, 'StaticText');
  return texts && texts.join(' ').replaceAll(/\s+/g, ' ').replaceAll(' ,', ',').trim();
}

/** Names of what has a role within the badge; null while there is none. */
async function inBadge(page: Page, role: string): Promise<string[] | null> {
  // A page in the background draws no frames, and nobody reads it.
  await page.bringToFront();
  const session = await sessionOf(page);
  const { root } = await session.send('DOM.getDocument', { depth: 0 });
  const { nodeId } = await session.send('DOM.querySelector', { nodeId: root.nodeId, selector: '[popover]' });
  if (nodeId === 0) return null;
  const { nodes } = await session.send('Accessibility.queryAXTree', { nodeId, role });
  return nodes.map(({ name }) => String(name?.value ?? ''));
}

/** What the badge's live region says. */
export async function readAnnounced(page: Page): Promise<string> {
  return (await inBadge(page, 'image'))?.join(' ') ?? '';
}

/** Waits until the badge says what is expected; null: until there is none. */
export async function badgeSays(page: Page, expected: RegExp | null, ms = 10_000): Promise<string> {
  return until(
    `the badge says ${String(expected)}`,
    async () => {
      const text = await readBadge(page);
      if (expected === null ? text === null : text !== null && expected.test(text)) return text ?? 'none';
      throw new Error(JSON.stringify(text));
    },
    ms,
  );
}

type Act = 'go' | 'hide' | 'panel';

/** The middle of one of the badge's buttons, in the viewport. */
async function middleOf(page: Page, act: Act): Promise<{ x: number; y: number }> {
  const session = await sessionOf(page);
  const { root } = await session.send('DOM.getDocument', { depth: -1, pierce: true });
  const find = (node: Protocol.DOM.Node): Protocol.DOM.Node | undefined => {
    const { attributes = [] } = node;
    const at = attributes.indexOf('data-do');
    if (at >= 0 && attributes[at + 1] === act) return node;
    for (const child of [...(node.children ?? []), ...(node.shadowRoots ?? [])]) {
      const found = find(child);
      if (found) return found;
    }
    return undefined;
  };
  const button = find(root);
  if (!button) throw new Error(`The badge has no ${act}.`);
  const { model } = await session.send('DOM.getBoxModel', { backendNodeId: button.backendNodeId });
  const [left = 0, top = 0, , , right = 0, bottom = 0] = model.border;
  return { x: (left + right) / 2, y: (top + bottom) / 2 };
}

/** Presses a button of the badge, as a person does with a mouse. */
export async function pressBadge(page: Page, act: Act): Promise<void> {
  const { x, y } = await middleOf(page, act);
  await page.mouse.click(x, y);
}
