// `npm run bench [room...] [-- options]`: every benchmark of this folder, or the ones named (`ledger` is also
// `ledger-postgres`); options go to each. Each prints its peer and its bar.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

const rooms = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'run.ts')
  .map((name) => basename(name, '.ts'))
  .sort();
const words = process.argv.slice(2);
const from = words.findIndex((word) => word.startsWith('-'));
const asked = from < 0 ? words : words.slice(0, from);
const options = from < 0 ? [] : words.slice(from);
const unknown = asked.filter((room) => !rooms.includes(room));
const isAsked = (room: string) => asked.some((name) => room === name || room.startsWith(`${name}-`));

if (unknown.length > 0) {
  process.stderr.write(`No benchmark named ${unknown.join(', ')}. There are: ${rooms.join(', ')}\n`);
  process.exitCode = 1;
} else {
  for (const room of asked.length > 0 ? rooms.filter(isAsked) : rooms) {
    process.stdout.write(`\n== ${room}\n`);
    const { status } = spawnSync(process.execPath, [join(import.meta.dirname, `${room}.ts`), ...options], {
      stdio: 'inherit',
    });
    if (status !== 0) process.exitCode = 1;
  }
}
