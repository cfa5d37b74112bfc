// `npm run bench [room...]`: every benchmark of this folder, or the ones named. Each prints its peer and its bar.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

const rooms = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'run.ts')
  .map((name) => basename(name, '.ts'))
  .sort();
const asked = process.argv.slice(2);
const unknown = asked.filter((room) => !rooms.includes(room));

if (unknown.length > 0) {
  process.stderr.write(`No benchmark named ${unknown.join(', ')}. There are: ${rooms.join(', ')}\n`);
  process.exitCode = 1;
} else {
  for (const room of asked.length > 0 ? asked : rooms) {
    process.stdout.write(`\n== ${room}\n`);
    const { status } = spawnSync(process.execPath, [join(import.meta.dirname, `${room}.ts`)], {
      stdio: 'inherit',
    });
    if (status !== 0) process.exitCode = 1;
  }
}
