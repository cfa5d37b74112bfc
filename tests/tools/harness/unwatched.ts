// A browser without a debugger: only then does Chromium let an extension's worker fall asleep. It is watched from outside.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { browserFlags, findBrowser, HOW_TO_GET_A_BROWSER } from '../browser.ts';
import { BUILT } from './extension.ts';
import type { Profile } from './extension.ts';

export interface UnwatchedBrowser {
  /** Whether a process of the extension lives: the worker's, since no page of the extension is open. */
  awake(): boolean;
  /** Ends the browser as its own menu would, so that the profile is whole. */
  close(): Promise<void>;
}

/** Starts the browser on a profile in which the extension has been used before. */
export function launchUnwatched(profile: Profile): UnwatchedBrowser {
  const executablePath = findBrowser();
  if (!executablePath) throw new Error(HOW_TO_GET_A_BROWSER);
  const args = [
    ...browserFlags(),
    '--headless',
    `--user-data-dir=${profile.dir}`,
    `--load-extension=${BUILT}`,
    'about:blank',
  ];
  const browser = spawn(executablePath, args, { stdio: 'ignore' });
  return {
    awake: () => descendants(browser.pid ?? -1).some((args) => args.includes('--extension-process')),
    async close() {
      if (browser.exitCode !== null) return;
      const gone = once(browser, 'exit');
      browser.kill('SIGTERM');
      await gone;
    },
  };
}

/** Command lines of all processes below `pid`. */
function descendants(pid: number): string[] {
  const processes = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .flatMap((line) => {
      const [, id, parent, args] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
      return id && parent && args ? [{ id: Number(id), parent: Number(parent), args }] : [];
    });
  const below = (parent: number): string[] =>
    processes.flatMap((each) => (each.parent === parent ? [each.args, ...below(each.id)] : []));
  return below(pid);
}
