// The built extension, made anew when a source is younger than it.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Where the build lands, from the project's root. */
export const BUILT = join('dist', 'chrome-mv3');
const SOURCES = ['extension', 'shared', 'wxt.config.ts', 'package-lock.json'];

function newest(path: string): number {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return Math.max(mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** The extension does not build; the message is the build's own words. */
export class BuildError extends Error {
  constructor(output: string) {
    super(`The extension could not be built.\n${output}`);
    this.name = 'BuildError';
  }
}

/** Builds the extension if it is missing or older than its sources. @throws BuildError */
export function buildIfNeeded(): void {
  const manifest = join(BUILT, 'manifest.json');
  const fresh = existsSync(manifest) && statSync(manifest).mtimeMs >= Math.max(...SOURCES.map(newest));
  if (fresh) return;
  process.stdout.write('Building the extension ...\n');
  const build = spawnSync(process.execPath, [join('node_modules', 'wxt', 'bin', 'wxt.mjs'), 'build'], {
    encoding: 'utf8',
  });
  if (build.status !== 0) throw new BuildError(build.stdout + build.stderr);
}
