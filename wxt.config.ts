import { fileURLToPath } from 'node:url';
import preact from '@preact/preset-vite';
import { defineConfig } from 'wxt';

// A server address must be https or loopback: the policy says so again, below the code that checks it.
const CONNECT =
  "connect-src 'self' https: wss: http://127.0.0.1:* ws://127.0.0.1:* http://localhost:* ws://localhost:*";

// What is loaded later is a locale: a script without styles or imports, so Vite's 1 kB of preloading has nothing to do.
const bareImports = {
  name: 'bare-imports',
  enforce: 'pre' as const,
  load: (id: string) =>
    id === '\0vite/preload-helper.js' ? 'export const __vitePreload = (load) => load();' : undefined,
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
    plugins: [preact(), bareImports],
    build: { modulePreload: { polyfill: false } },
    // Of these the worker uses a line each, and its budget has no room for the rest.
    resolve: {
      alias: {
        'lib0/logging': slim('logging'),
        'lib0/environment': slim('environment'),
        '@lifeomic/attempt': slim('attempt'),
      },
    },
  }),
  manifest: ({ browser }) => ({
    name: 'IO Glance',
    description: 'Your IO Credits at a glance: balance, plan usage and clusters, also offline.',
    permissions: ['alarms', 'storage'],
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
