// `npm run check`, the quick loop: types, lint, format, arrows and units; no browser, no build.
import { STATIC_CHECKS } from './checks.ts';
import { runSteps, vitestStep } from './steps.ts';

process.exitCode = await runSteps([...STATIC_CHECKS, vitestStep('units', ['unit'])]);
