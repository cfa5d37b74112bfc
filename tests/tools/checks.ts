// The checks that read the code without running it.
import type { Step } from './steps.ts';

export const STATIC_CHECKS: Step[] = [
  // The types of the extension's own build stand in .wxt, which a fresh clone does not have.
  { name: 'prepare', command: ['wxt', 'prepare'] },
  { name: 'types', command: ['tsc', '--noEmit', '-p', '.'] },
  { name: 'lint', command: ['oxlint', '--type-aware'] },
  { name: 'format', command: ['oxfmt', '--check'] },
  {
    name: 'arrows',
    command: [
      'depcruise',
      '--config',
      '.dependency-cruiser.cjs',
      'shared',
      'sync-server',
      'extension',
      'tests',
      'wxt.config.ts',
    ],
  },
];
