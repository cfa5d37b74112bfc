import { createHash } from 'node:crypto';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import preact from '@preact/preset-vite';
import { minify } from 'terser';
import type { Rolldown } from 'vite';
import { defineConfig } from 'wxt';
import { slimYjs } from './extension/replica/slim/yjs.ts';

// A server address must be https or loopback: the policy says so again, below the code that checks it.
const CONNECT =
  "connect-src 'self' https: wss: http://127.0.0.1:* ws://127.0.0.1:* http://localhost:* ws://localhost:*";

// Of Vite's preloading only what a page needs: the styles of a part that is loaded later, before it is drawn.
const lateStyles = {
  name: 'late-styles',
  enforce: 'pre' as const,
  load: (id: string) =>
    id === '\0vite/preload-helper.js'
      ? `export const __vitePreload = (load, files = []) =>
          Promise.all([load(), ...files.filter((file) => file.endsWith('.css')).map((file) => new Promise((done) => {
            const href = '/' + file;
            if (document.querySelector('link[href="' + href + '"]')) return done();
            document.head.append(Object.assign(document.createElement('link'),
              { rel: 'stylesheet', href, onload: done, onerror: done }));
          }))]).then(([part]) => part);`
      : undefined,
};

/**
 * What the popup needs for its first paint stands in one file, its own start with it, and what follows in another: each
 * is one to load. Other pages share parts of the first, so that start asks whose page it is on.
 */
const popupInTwoFiles = {
  name: 'popup-in-two-files',
  outputOptions: (options: Rolldown.OutputOptions) =>
    // A script of its own (the worker, a content script) is one file anyway.
    options.format === 'iife'
      ? options
      : { ...options, codeSplitting: { groups: [{ debugName: 'popup', name: partOfPopup }] } },
  // The popup's script starts when it is there: it waits for no style, its first draw waits for storage anyway.
  transformIndexHtml: {
    order: 'post' as const,
    handler: (html: string, { path }: { path: string }) =>
      path.endsWith('popup/index.html')
        ? html.replace('<script type="module"', '<script async type="module"')
        : html,
  },
};

const popupFile = (name: string) =>
  fileURLToPath(new URL(`extension/entrypoints/popup/${name}`, import.meta.url));
const parts = new WeakMap<Rolldown.ChunkingContext, { first: Set<string>; later: Set<string> }>();
function partOfPopup(id: string, chunk: Rolldown.ChunkingContext): string | null {
  const known = parts.get(chunk) ?? {
    first: reached(popupFile('main.tsx'), chunk),
    later: reached(popupFile('later.ts'), chunk),
  };
  parts.set(chunk, known);
  return known.first.has(id) || id.includes('virtual:wxt-html-plugins')
    ? 'popup'
    : known.later.has(id)
      ? 'popup-later'
      : null;
}

/** A file and all that it imports at once. */
function reached(file: string, chunk: Rolldown.ChunkingContext): Set<string> {
  const found = new Set([file]);
  for (const each of found) for (const next of chunk.getModuleInfo(each)?.importedIds ?? []) found.add(next);
  return found;
}

const styleFiles = new Map<string, string>();
/** A class's own name and three letters for its file: short, since every name is carried twice. */
function scopedName(name: string, file: string): string {
  const key = createHash('sha256')
    .update(relative(import.meta.dirname, file))
    .digest('base64url')
    .replace(/[-_]/g, '')
    .slice(0, 3);
  if ((styleFiles.get(key) ?? file) !== file) throw new Error(`Two style files share ${key}: rename ${file}`);
  styleFiles.set(key, file);
  return `${name}_${key}`;
}

const mapsAndArrays = {
  name: 'maps-and-arrays',
  transform: (code: string, id: string) => (id.endsWith('/yjs/dist/yjs.mjs') ? slimYjs(code) : null),
};

// After the bundler's own minifier, not in its place: that one drops what is marked free of effects, this one writes shorter.
const smaller = {
  name: 'smaller',
  enforce: 'post' as const,
  async generateBundle(options: Rolldown.NormalizedOutputOptions, bundle: Rolldown.OutputBundle) {
    if (!options.minify) return;
    const how = { module: options.format === 'es', ecma: 2020, compress: { passes: 3 } } as const;
    for (const file of Object.values(bundle)) {
      if (file.type !== 'chunk') continue;
      // Read in one go: on a checkout nearly all of it runs, and reading each function when it is called costs 3 ms more.
      const isOnPages = file.fileName.includes('content-scripts');
      // And in one byte for each letter, which is read faster.
      const format = { preamble: isOnPages ? '//# allFunctionsCalledOnLoad' : '', ascii_only: isOnPages };
      file.code = (await minify(file.code, { ...how, format })).code ?? file.code;
    }
  },
};

const slim = (name: string) => fileURLToPath(new URL(`extension/replica/slim/${name}.ts`, import.meta.url));

export default defineConfig({
  srcDir: 'extension',
  publicDir: 'extension/public',
  modulesDir: 'extension/modules',
  outDir: 'dist',
  outDirTemplate: '{{browser}}-mv{{manifestVersion}}{{modeSuffix}}',
  imports: false,
  manifestVersion: 3,
  targetBrowsers: ['chrome', 'firefox'],
  hooks: {
    // The gallery of primitives is for those who change them: it never ships.
    'entrypoints:found': (wxt, found) => {
      if (wxt.config.mode !== 'production') return;
      const at = found.findIndex(({ name }) => name === 'gallery');
      if (at >= 0) found.splice(at, 1);
    },
  },
  vite: () => ({
    plugins: [preact(), lateStyles, popupInTwoFiles, mapsAndArrays, smaller],
    css: { modules: { generateScopedName: scopedName } },
    // The browsers that the manifest asks for: nothing is written down to older ones.
    build: { target: ['chrome144', 'firefox139'], modulePreload: { polyfill: false } },
    // Of these the worker uses a line each, and its budget has no room for the rest.
    resolve: {
      alias: {
        'lib0/logging': slim('logging'),
        'lib0/environment': slim('environment'),
        'lib0/buffer': slim('buffer'),
        '@lifeomic/attempt': slim('attempt'),
        // The checkout script uses of it that it ends.
        'wxt/utils/content-script-context': fileURLToPath(
          new URL('extension/checkout/context.ts', import.meta.url),
        ),
      },
    },
  }),
  manifest: ({ browser }) => ({
    name: 'IO Glance',
    default_locale: 'en',
    description: '__MSG_description__',
    permissions: ['alarms', 'contextMenus', 'storage'],
    // Asked for when a person switches a notification on.
    optional_permissions: ['notifications'],
    commands: {
      _execute_action: { suggested_key: { default: 'Alt+Shift+G' } },
      // Of the browser's own keys none: Alt+Shift+P is one, and would stay without.
      panel: { suggested_key: { default: 'Alt+Shift+O' }, description: '__MSG_command_panel__' },
      refresh: { description: '__MSG_command_refresh__' },
    },
    content_security_policy: {
      extension_pages: `default-src 'self'; script-src 'self'; object-src 'self'; ${CONNECT}`,
    },
    // Temporal is native from here on; older browsers are refused at install.
    ...(browser === 'firefox'
      ? {
          browser_specific_settings: {
            gecko: {
              id: 'io-glance@io-glance.example',
              strict_min_version: '139.0',
              data_collection_permissions: { required: ['none'] },
            },
          },
        }
      : { minimum_chrome_version: '144' }),
  }),
});
