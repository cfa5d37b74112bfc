// `npm test`: everything that must hold before a change lands, in a real browser too. Under 10 minutes on 2 cores.
import { ensureBrowser, HOW_TO_GET_A_BROWSER } from './browser.ts';
import { STATIC_CHECKS } from './checks.ts';
import { runSteps, vitestStep } from './steps.ts';

const browser = ensureBrowser();
if (browser) {
  process.exitCode = await runSteps([
    ...STATIC_CHECKS,
    { name: 'build', command: ['wxt', 'build'] },
    { name: 'firefox', command: ['wxt', 'build', '-b', 'firefox'] },
    { name: 'sizes', command: ['node', 'tests/bench/sizes.ts'], needs: 'build' },
    vitestStep('node', ['unit', 'scenarios']),
    vitestStep('e2e', ['e2e'], { needs: 'build', env: { CHROME_PATH: browser } }),
  ]);
} else {
  process.stderr.write(`${HOW_TO_GET_A_BROWSER}\n`);
  process.exitCode = 1;
}
