// Which files a page or script of a build needs before it can run: its tags, then the static imports of its scripts.
import { readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { parseSync } from '@swc/core';

const TAG = /<(?:script|link)\b[^>]*>/g;
const REFERENCE = /\b(?:src|href)="([^"]+)"/;
const WANTED_LINK = /\brel="(?:stylesheet|modulepreload)"/;

/** Paths inside the build folder `root`, the entry first, each once. */
export function reach(root: string, entry: string): string[] {
  const found = new Set<string>();
  const waiting = [entry];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    const text = readFileSync(join(root, next), 'utf8');
    const references = next.endsWith('.html') ? tags(text) : next.endsWith('.js') ? imports(text) : [];
    for (const reference of references) waiting.push(inside(next, reference));
  }
  return [...found];
}

function tags(html: string): string[] {
  return [...html.matchAll(TAG)].flatMap(([tag]) => {
    if (tag.startsWith('<link') && !WANTED_LINK.test(tag)) return [];
    const reference = REFERENCE.exec(tag)?.[1];
    return reference ? [reference] : [];
  });
}

function imports(script: string): string[] {
  return parseSync(script, { syntax: 'ecmascript', target: 'es2022' }).body.flatMap((item) => {
    if (item.type === 'ImportDeclaration' || item.type === 'ExportAllDeclaration') return [item.source.value];
    if (item.type === 'ExportNamedDeclaration' && item.source) return [item.source.value];
    return [];
  });
}

function inside(from: string, reference: string): string {
  return reference.startsWith('/') ? reference.slice(1) : posix.join(dirname(from), reference);
}
