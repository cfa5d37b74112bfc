// `npm test`: everything that must hold before a change lands, in a real browser and on a real PostgreSQL too.
// Under 10 minutes on 2 cores.
import { ensureBrowser, HOW_TO_GET_A_BROWSER } from './browser.ts';
import { STATIC_CHECKS } from './checks.ts';
import { serverPrograms } from './postgres.ts';
import { runSteps, vitestStep } from './steps.ts';

/** What is missing on this machine and could not be installed. Here, once: tests in parallel would install twice. */
function missing(): string[] {
  const lines = ensureBrowser() ? [] : [HOW_TO_GET_A_BROWSER];
  try {
    serverPrograms();
  } catch (error) {
    lines.push(error instanceof Error ? error.message : String(error));
  }
  return lines;
}

const lines = missing();
if (lines.length === 0) {
  process.exitCode = await runSteps([
    ...STATIC_CHECKS,
    { name: 'build', command: ['wxt', 'build'] },
    { name: 'firefox', command: ['wxt', 'build', '-b', 'firefox'] },
    { name: 'sizes', command: ['node', 'tests/bench/sizes.ts'], needs: 'build' },
    vitestStep('idle', ['idle'], { needs: 'build', beside: true }),
    vitestStep('node', ['unit', 'scenarios']),
    vitestStep('e2e', ['e2e'], { needs: 'build' }),
  ]);
} else {
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exitCode = 1;
}
