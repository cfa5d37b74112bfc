// The real side panel as a person uses it: opened from the popup, clicked and typed into, read by its parts.
import type { Page } from 'puppeteer-core';
import type { InstalledExtension } from './extension.ts';
import { PATIENCE_MS, until } from './until.ts';

/** Opens the browser's side panel through the popup's button. Answers the panel's page. */
export async function openSidePanel(installed: InstalledExtension): Promise<Page> {
  const popup = await installed.openPopup();
  const button = await popup.waitForSelector('[data-part=open-panel]');
  const opened = installed.browser.waitForTarget((target) => target.url().includes('/sidepanel.html'));
  // The popup steps aside once the panel is open, so the click may never report back.
  await until('the side panel opens', async () => {
    await button?.click().catch(() => {});
    return Promise.race([opened, new Promise<null>((resolve) => setTimeout(resolve, 1_000, null))]);
  });
  const panel = await (await opened).asPage();
  await panel.waitForSelector('main');
  return panel;
}

/** Goes to a place of the panel, as a deep link does. */
export async function goTo(panel: Page, place: string): Promise<void> {
  await panel.evaluate((hash) => {
    location.hash = hash;
  }, place);
}

/** Presses what a selector finds once it is there and may be pressed. */
export async function press(panel: Page, selector: string): Promise<void> {
  await until(`${selector} can be pressed`, () =>
    panel.evaluate((wanted) => {
      const found = document.querySelector<HTMLElement>(wanted);
      if (!found || found.getAttribute('aria-disabled') === 'true') return false;
      found.scrollIntoView({ block: 'center' });
      return true;
    }, selector),
  );
  await panel.click(selector);
}

/** Writes a text into a field in place of what stands there. */
export async function write(panel: Page, name: string, text: string): Promise<void> {
  const field = await panel.waitForSelector(`input[name="${name}"], input[type=${name}]`);
  await field?.focus();
  await panel.evaluate(() => {
    if (document.activeElement instanceof HTMLInputElement) document.activeElement.select();
  });
  await panel.keyboard.press('Backspace');
  await panel.keyboard.type(text);
}

/** All that stands in an element, spaces and minus signs made plain; empty while it is not there. */
export function reads(panel: Page, selector: string): Promise<string> {
  return panel.evaluate((wanted) => {
    const found = [...document.querySelectorAll<HTMLElement>(wanted)];
    const text = found.map((each) => each.innerText).join(' | ');
    return text.replaceAll(/\s+/g, ' ').replaceAll('\u2212', '-').trim();
  }, selector);
}

/** Waits until an element reads as it should. */
export function sees(panel: Page, selector: string, expected: RegExp, ms = PATIENCE_MS): Promise<string> {
  return until(
    `${selector} reads ${String(expected)}`,
    async () => {
      const text = await reads(panel, selector);
      if (expected.test(text)) return text || ' ';
      throw new Error(JSON.stringify(text));
    },
    ms,
  );
}
