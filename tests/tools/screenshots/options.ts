// Pictures of the settings page: what it looks like per state, where something went wrong, where it asks first.
import { alertText } from '../harness/extension.ts';
import { until } from '../harness/until.ts';
import type { Camera } from './camera.ts';
import type { Stage } from './stage.ts';
import { STATES } from './states.ts';

const SIZE = { width: 720, height: 1_480 };
/** Of these it looks different. */
const LOOKED_AT = ['no account', 'normal', 'extreme', 'offline', 'signed out'];

export async function takeOptions(stage: Stage, camera: Camera, language: string): Promise<void> {
  for (const state of LOOKED_AT) {
    if (!camera.wants('options', state)) continue;
    await stage.show(STATES[state] ?? null);
    await camera.take(await stage.open('options.html', SIZE), 'options', state, language);
  }
  if (!['error', 'asked before a wipe', 'zoom 200'].some((state) => camera.wants('options', state))) return;
  await stage.show(null);
  const failed = await stage.open('options.html', SIZE);
  // Nobody listens there.
  await failed.type('input[name=server]', 'http://127.0.0.1:9');
  await failed.type('input[name=api_key]', 'iog_wrong');
  await failed.click('button[type=submit]');
  await until('an error is read out', () => alertText(failed));
  await camera.take(failed, 'options', 'error', language);
  await stage.show(STATES['normal'] ?? null);
  const asking = await stage.open('options.html', SIZE);
  await asking.click('[data-part=wipe-button]');
  await asking.waitForSelector('dialog[open]');
  await camera.take(asking, 'options', 'asked before a wipe', language);
  const enlarged = await stage.open('options.html', { width: 360, height: 1_600 });
  await camera.take(enlarged, 'options', 'zoom 200', language);
}
