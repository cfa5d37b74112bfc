// Builds the page of ui-blank-list.tsx into a copy of the extension.
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import preact from '@preact/preset-vite';
import { build } from 'vite';

export async function addBlankPage(built: string): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'warn',
    plugins: [preact()],
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      outDir: built,
      emptyOutDir: false,
      lib: {
        entry: resolve(import.meta.dirname, 'ui-blank-list.tsx'),
        formats: ['es'],
        fileName: 'blank-list',
        cssFileName: 'blank-list',
      },
    },
  });
  writeFileSync(
    join(built, 'blank-list.html'),
    '<!doctype html><meta charset="utf-8"><title>Blank</title><link rel="stylesheet" href="blank-list.css">' +
      '<body><script type="module" src="blank-list.js"></script>',
  );
}
