// `npm run screenshots`: every page in every state, light and dark, English and German, with an index to look at them.
// `npm run screenshots billing` takes only what has that in its title.
import { spawnSync } from 'node:child_process';
import { openCamera, type Camera } from './screenshots/camera.ts';
import { takeCheckout } from './screenshots/checkout.ts';
import { takeOptions } from './screenshots/options.ts';
import { takePanel } from './screenshots/panel.ts';
import { takeGallery, takePopup } from './screenshots/popup.ts';
import { takeScenes } from './screenshots/scenes.ts';
import { openStage } from './screenshots/stage.ts';

const FOLDER = 'artifacts/screenshots';
const LANGUAGES = ['en-US', 'de-DE'];
/** A build of its own: what is looked at is what stands in the files, and the gallery is in it. */
const BUILT = 'dist/chrome-mv3-pictures';

async function takeAll(camera: Camera, language: string): Promise<void> {
  const stage = await openStage(language, BUILT);
  try {
    await takePopup(stage, camera, language);
    await takeOptions(stage, camera, language);
    await takePanel(stage, camera, language);
    await takeScenes(stage, camera, language);
    if (language.startsWith('en')) await takeGallery(stage, camera, language);
  } finally {
    await stage.close();
  }
  await takeCheckout(camera, language, BUILT);
}

const built = spawnSync('wxt', ['build', '--mode', 'pictures'], { stdio: ['ignore', 'ignore', 'inherit'] });
if (built.status !== 0) throw new Error('The extension does not build.');
const camera = openCamera(FOLDER, process.argv[2] ?? '');
// A browser for each language: most of the time goes into waiting for pages to stand still.
await Promise.all(LANGUAGES.map((language) => takeAll(camera, language)));
process.stdout.write(`${camera.close()} pictures: ${FOLDER}/index.html\n`);
