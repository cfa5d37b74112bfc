// `npm run soak`: the long seeded runs one after the other, each with its own progress and exit code.
// `npm run soak -- --part crash 200 7` runs one of them with its own arguments.
import { spawnSync } from 'node:child_process';
import { Command, Option } from 'commander';

const PARTS = {
  /** [operations] [seed] */
  rules: 'tests/fuzz/ledger/soak.ts',
  /** [cases of each law] [seed] */
  laws: 'tests/fuzz/ledger/laws-soak.ts',
  /** [part of a mutation's name] */
  mutants: 'tests/fuzz/ledger/mutants.ts',
  /** [kills] [seed] */
  crash: 'tests/crash/soak.ts',
  /** [cases, 0 for no end] [seed] */
  tray: 'tests/fuzz/admit-soak.ts',
  /** [lives] [seed] [entries] */
  sync: 'tests/crash/sync-soak.ts',
} as const;
type Part = keyof typeof PARTS;

const program = new Command('soak')
  .description(
    'long runs: rules against the model, laws, mutants, kills and disk faults, bent trays, devices and their server',
  )
  .addOption(new Option('--part <name>', 'only this one').choices(Object.keys(PARTS)))
  .argument('[arguments...]', 'for the part that is named')
  .parse();
const { part } = program.opts<{ part?: Part }>();
if (part === undefined && program.args.length > 0) program.error('Name a --part for its arguments.');

/** How a part that is well says that this machine cannot show all of it. */
const PARTLY = 3;

const failed: string[] = [];
const partly: string[] = [];
for (const [name, script] of Object.entries(PARTS)) {
  if (part !== undefined && name !== part) continue;
  console.info(`\n== ${name}: ${[script, ...program.args].join(' ')}`);
  const { status } = spawnSync(process.execPath, [script, ...program.args], { stdio: 'inherit' });
  if (status === PARTLY) partly.push(name);
  else if (status !== 0) failed.push(name);
}
const unseen = partly.length === 0 ? '' : `; not all can be shown here (see above): ${partly.join(', ')}`;
console.info(`\nsoak: ${failed.length === 0 ? 'all parts passed' : `failed: ${failed.join(', ')}`}${unseen}`);
process.exitCode = failed.length === 0 ? 0 : 1;
