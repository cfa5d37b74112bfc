// What each surface of the built extension weighs before it can run, gzip, against its budget. Fails when one is over.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { reach } from './lib/reach.ts';

const BUILD = 'dist/chrome-mv3';

/** Budgets in kB (1,000 bytes) gzip. The font is not counted: no script waits for it. */
const BUDGETS = new Map([
  ['popup.html', 20],
  ['background.js', 45],
  ['content-scripts/checkout.js', 12],
]);

// A text that yjs keeps in every build, to notice when it is loaded twice.
const YJS = '__ $YJS$ __';

interface Row {
  entry: string;
  'kB gzip': number;
  budget: number | undefined;
  files: number;
  verdict: 'ok' | 'over' | 'loads yjs';
}

const entries = globSync(['*.html', 'background.js', 'content-scripts/*.js'], { cwd: BUILD }).sort();
const rows: Row[] = entries.map((entry) => {
  const contents = reach(BUILD, entry).map((file) => readFileSync(join(BUILD, file)));
  const bytes = contents.reduce((sum, content) => sum + gzipSync(content).length, 0);
  const size = Math.round(bytes / 100) / 10;
  const budget = BUDGETS.get(entry);
  const crdt = entry !== 'background.js' && contents.some((content) => content.includes(YJS));
  const verdict = crdt ? 'loads yjs' : budget !== undefined && size > budget ? 'over' : 'ok';
  return { entry, 'kB gzip': size, budget, files: contents.length, verdict };
});
console.table(rows);

if (!existsSync(BUILD) || !entries.includes('popup.html') || !entries.includes('background.js')) {
  process.stderr.write(`No popup or background in ${BUILD}: run npm run build first.\n`);
  process.exitCode = 1;
}
for (const row of rows.filter((each) => each.verdict !== 'ok')) {
  process.stderr.write(`${row.entry}: ${row.verdict} (${row['kB gzip']} of ${row.budget ?? 'any'} kB)\n`);
  process.exitCode = 1;
}
