import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { reach } from './reach.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'reach-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function build(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

test('a page reaches its scripts, its styles and what they import, each once; not what is loaded later', () => {
  build({
    'popup.html':
      '<link rel="icon" href="/icon.png"><link rel="stylesheet" crossorigin href="/assets/popup.css">' +
      '<link rel="modulepreload" href="/chunks/shared.js"><script type="module" src="/chunks/popup.js"></script>',
    'assets/popup.css': 'p{}',
    'chunks/popup.js': `import{a}from"./shared.js";import"./side.js";const later=()=>import("./later.js");a(later)`,
    'chunks/shared.js': `export*from"./deep.js";export const a=1`,
    'chunks/side.js': `export{x}from"./deep.js"`,
    'chunks/deep.js': `export const x="import './text.js'"`,
    'chunks/later.js': `export const y=1`,
  });
  expect(reach(root, 'popup.html').sort()).toEqual([
    'assets/popup.css',
    'chunks/deep.js',
    'chunks/popup.js',
    'chunks/shared.js',
    'chunks/side.js',
    'popup.html',
  ]);
});

test('a classic script reaches itself', () => {
  build({ 'content-scripts/checkout.js': '(function(){console.log(1)})()' });
  expect(reach(root, 'content-scripts/checkout.js')).toEqual(['content-scripts/checkout.js']);
});
