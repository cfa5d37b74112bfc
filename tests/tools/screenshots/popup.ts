// Pictures of the popup in every state, opened, scrolled and enlarged; and of the gallery of primitives.
import { standsStill } from '../harness/looks.ts';
import type { Camera } from './camera.ts';
import type { Stage } from './stage.ts';
import { STATES } from './states.ts';

const SIZE = { width: 380, height: 600 };

export async function takePopup(stage: Stage, camera: Camera, language: string): Promise<void> {
  for (const [state, snapshot] of Object.entries(STATES)) {
    if (!camera.wants('popup', state)) continue;
    await stage.show(snapshot);
    await camera.take(await stage.open('popup.html', SIZE), 'popup', state, language);
  }
  if (!camera.wants('popup', 'split open') && !camera.wants('popup', 'zoom 200')) return;
  await stage.show(STATES['grace'] ?? null);
  const split = await stage.open('popup.html', SIZE);
  await split.click('summary');
  await camera.take(split, 'popup', 'split open', language);
  const scrolled = await stage.open('popup.html', SIZE);
  await scrolled.evaluate(() => document.querySelector('[role=region]')?.scrollTo(0, 9_999));
  await camera.take(scrolled, 'popup', 'scrolled to its end', language);
  await stage.show(STATES['normal'] ?? null);
  // Enlarged to 200 %, the browser gives the window no more pixels: half as many of the page's own fit.
  const enlarged = await stage.open('popup.html', { width: 400, height: 300 });
  await camera.take(enlarged, 'popup', 'zoom 200', language);
}

/** What the pages are made of; it is in no shipped build. */
export async function takeGallery(stage: Stage, camera: Camera, language: string): Promise<void> {
  if (!camera.wants('gallery', 'all')) return;
  const page = await stage.open('gallery.html', { width: 900, height: 1_900 });
  await standsStill(page);
  await camera.take(page, 'gallery', 'all', language);
}
