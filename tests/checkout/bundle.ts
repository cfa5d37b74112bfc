// The reader of the checkout script as one script for any page, so that real layouts can be read without an extension.
import { resolve } from 'node:path';
import { build } from 'vite';

/** Defines `glanceReader.readPage` and `glanceReader.describe`. */
export async function bundleReader(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: {
        entry: resolve(import.meta.dirname, 'reader.ts'),
        formats: ['iife'],
        name: 'glanceReader',
      },
    },
  });
  const [output] = Array.isArray(built) ? built : [built];
  const chunk = output && 'output' in output ? output.output[0] : undefined;
  if (chunk?.type !== 'chunk') throw new Error('The reader was not built.');
  return chunk.code;
}
