// Takes a page as it stands in both themes, and writes the index of all that was taken.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';

const SCHEMES = ['light', 'dark'];

export interface Camera {
  /** Whether this surface in this state is wanted at all. */
  wants(surface: string, state: string): boolean;
  /** One picture per theme, as `<surface>-<state>-<theme>-<language>.png`; closes the page. */
  take(page: Page, surface: string, state: string, language: string): Promise<void>;
  /** One picture of a page that shows itself in a theme; leaves it open. */
  shoot(page: Page, surface: string, state: string, theme: string, language: string): Promise<void>;
  /** @returns how many pictures the index shows */
  close(): number;
}

/** @param only part of a title; '' for all. Without it the folder begins empty. */
export function openCamera(folder: string, only: string): Camera {
  if (only === '') rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const taken = new Map<string, string[]>();
  const wants = (surface: string, state: string) => `${surface}: ${state}`.includes(only);
  async function shoot(page: Page, surface: string, state: string, theme: string, language: string) {
    const title = `${surface}: ${state}`;
    const file = `${surface}-${state}-${theme}-${language.slice(0, 2)}.png`.replaceAll(' ', '-');
    await page.screenshot({ path: join(folder, file) });
    taken.set(title, [...(taken.get(title) ?? []), file]);
  }
  return {
    wants,
    shoot,
    async take(page, surface, state, language) {
      for (const scheme of SCHEMES) {
        await page.emulateMediaFeatures([
          { name: 'prefers-color-scheme', value: scheme },
          { name: 'prefers-reduced-motion', value: 'reduce' },
        ]);
        await shoot(page, surface, state, scheme, language);
      }
      await page.close();
    },
    close() {
      writeFileSync(join(folder, 'index.html'), index(taken));
      return [...taken.values()].flat().length;
    },
  };
}

function index(taken: ReadonlyMap<string, readonly string[]>): string {
  const picture = (file: string) => `<a href="${file}"><img src="${file}" alt="${file}" loading="lazy"></a>`;
  const rows = [...taken]
    .toSorted(([a], [b]) => a.localeCompare(b, 'en'))
    .map(
      ([title, files]) =>
        `<section><h2>${title}</h2>${files.toSorted().toReversed().map(picture).join('')}</section>`,
    );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>IO Glance, every state</title>
<style>body{font:15px system-ui;margin:24px;background:#808590}h2{font-size:15px;color:#fff}img{width:380px;margin:0 16px 16px 0;vertical-align:top}</style>
${rows.join('\n')}
</html>
`;
}
