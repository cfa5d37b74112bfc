// The README promises commands and variables; both must exist, and none may be missing from it.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { VARIABLES } from '../../sync-server/config.ts';

const readme = readFileSync('README.md', 'utf8');
const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync('package.json', 'utf8')));

test('every variable of the server stands in the table, and no other', () => {
  const table = readme.slice(readme.search(/^\| variable/m));
  const named = table
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name));
  expect(new Set(named)).toEqual(new Set(VARIABLES));
  expect(named.length, 'none is named twice').toBe(VARIABLES.length);
});

test('every npm command that is named exists', () => {
  const named = [...readme.matchAll(/npm (?:run )?([a-z][a-z:]*)/g)].map(([, name]) => name ?? '');
  expect(named).toContain('start');
  const known = new Set([...Object.keys(scripts), 'ci', 'and']);
  expect(named.filter((name) => !known.has(name))).toEqual([]);
});
