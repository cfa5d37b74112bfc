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
    // The rooms only: tests cross them on purpose, and the parser does not know `using` declarations.
    command: [
      'depcruise',
      '--config',
      '.dependency-cruiser.cjs',
      'shared',
      'sync-server',
      'extension',
      'wxt.config.ts',
    ],
  },
];
