import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { slimYjs } from './yjs.ts';

const source = readFileSync(fileURLToPath(import.meta.resolve('yjs')), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'glance-yjs-'));
let slim: typeof Y;

beforeAll(async () => {
  const here = slimYjs(source)
    .replaceAll(/from '(lib0\/[a-z-]+)'/g, (_, name: string) => `from '${import.meta.resolve(name)}'`)
    // Two of them in one process are what it warns of; here they never share a document.
    .replace("const importIdentifier = '__ $YJS$ __'", "const importIdentifier = '__ slim __'")
    .replace(/^\/\/# sourceMappingURL.*/m, '');
  const file = join(folder, 'yjs.mjs');
  writeFileSync(file, here);
  slim = await import(pathToFileURL(file).href);
});
afterAll(() => rmSync(folder, { recursive: true }));

const KEYS = ['credits', 'spend'];
type Step = { author: number; heard: boolean } & (
  | { do: 'set'; key: string; value: unknown }
  | { do: 'push'; values: unknown[] }
  | { do: 'insert'; at: number; values: unknown[] }
  | { do: 'delete'; at: number }
);
const value = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.integer(),
  fc.constant(null),
  fc.string().map((amount) => ({ amount })),
);
const values = fc.array(value, { minLength: 1, maxLength: 3 });
const by = { author: fc.nat({ max: 2 }), heard: fc.boolean() };
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ ...by, do: fc.constant('set' as const), key: fc.constantFrom(...KEYS), value }),
  fc.record({ ...by, do: fc.constant('push' as const), values }),
  fc.record({ ...by, do: fc.constant('insert' as const), at: fc.nat({ max: 9 }), values }),
  fc.record({ ...by, do: fc.constant('delete' as const), at: fc.nat({ max: 9 }) }),
);

/** What three authors wrote, as the updates that they told. */
function historyOf(steps: readonly Step[]): Uint8Array[] {
  const updates: Uint8Array[] = [];
  const docs = [1, 2, 3].map((id) => {
    const doc = new Y.Doc();
    doc.clientID = id;
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== 'heard') updates.push(update);
    });
    return doc;
  });
  for (const { author, heard, ...each } of steps) {
    const doc = docs[author] ?? docs[0];
    if (!doc) continue;
    if (heard) for (const update of updates) Y.applyUpdate(doc, update, 'heard');
    const list = doc.getArray<unknown>('recent');
    if (each.do === 'set') doc.getMap(each.key).set('value', each.value);
    else if (each.do === 'push') list.push(each.values);
    else if (each.do === 'insert') list.insert(Math.min(each.at, list.length), each.values);
    else if (list.length > 0) list.delete(each.at % list.length, 1);
  }
  return updates;
}

const contentOf = (doc: Y.Doc) => [
  doc.getArray('recent').toArray(),
  ...KEYS.map((key) => doc.getMap(key).get('value') ?? null),
];

test('whatever comes in whatever order, it holds and tells what yjs does', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), fc.array(fc.nat(), { maxLength: 40 }), (steps, order) => {
      const updates = historyOf(steps);
      const [whole, ours] = [new Y.Doc(), new slim.Doc()];
      const told: Uint8Array[] = [];
      ours.on('update', (update: Uint8Array) => told.push(update));
      // Some come early, some twice; then all of them.
      const picked = order.flatMap((at) => updates[at % Math.max(1, updates.length)] ?? []);
      for (const update of [...picked, ...updates.toReversed()]) {
        Y.applyUpdate(whole, update);
        slim.applyUpdate(ours, update);
        expect(contentOf(ours)).toEqual(contentOf(whole));
        expect(slim.encodeStateVector(ours)).toEqual(Y.encodeStateVector(whole));
        // What waits for others goes along, from one device's memory to its database.
        const again = new Y.Doc();
        Y.applyUpdate(again, slim.encodeStateAsUpdate(ours));
        for (const missing of updates) Y.applyUpdate(again, missing);
        expect(contentOf(again)).toEqual(contentOf(docOf(updates)));
      }
      expect(contentOf(ours)).toEqual(contentOf(docOf(updates)));
      expect(contentOf(docOf(told))).toEqual(contentOf(ours));
      expect(contentOf(docOf([slim.mergeUpdates([...updates])].slice(0, updates.length)))).toEqual(
        contentOf(ours),
      );
    }),
    { numRuns: 150 },
  );
});

test('what waits for others is kept until they come, over a restart too', () => {
  const author = new Y.Doc();
  const updates: Uint8Array[] = [];
  author.on('update', (update: Uint8Array) => updates.push(update));
  author.getArray('recent').push(['a', 'b']);
  author.getArray('recent').push(['c']);
  author.getArray('recent').delete(0, 1);
  const [first, ...later] = updates;
  const before = new slim.Doc();
  for (const update of later.toReversed()) slim.applyUpdate(before, update);
  expect(before.getArray('recent').toArray()).toEqual([]);
  const after = new slim.Doc();
  slim.applyUpdate(after, slim.encodeStateAsUpdate(before));
  if (first) slim.applyUpdate(after, first);
  expect(after.getArray('recent').toArray()).toEqual(['b', 'c']);
  expect(slim.encodeStateAsUpdate(after)).toEqual(Y.encodeStateAsUpdate(author));
});

test('a proposal that it writes is one that yjs reads', () => {
  const tray = new slim.Doc();
  let heard = 0;
  tray.getArray('intents').observe(() => (heard += 1));
  tray.getArray('intents').push([{ id: 'a', amount: '12.5' }]);
  tray.getArray('intents').push([{ id: 'b' }]);
  expect(heard).toBe(2);
  expect(
    docOf([slim.encodeStateAsUpdate(tray)])
      .getArray('intents')
      .toArray(),
  ).toEqual([{ id: 'a', amount: '12.5' }, { id: 'b' }]);
});

test('a text in a document is an error, as an unknown type is', () => {
  const author = new Y.Doc();
  author.getText('recent').insert(0, 'words');
  expect(() => slim.applyUpdate(new slim.Doc(), Y.encodeStateAsUpdate(author))).toThrow('is not a function');
});

test('a release in which a part reads otherwise fails the build', () => {
  expect(() => slimYjs(source.replace('class YArrayEvent', 'class ArrayEvent'))).not.toThrow();
  expect(() => slimYjs(source.replace('readContentEmbed, // 5', 'readContentEmbed,'))).toThrow(
    /readContentEmbed/,
  );
  expect(() => slimYjs(source.replace('  unshift (content)', '  prepend (content)'))).toThrow(/unshift/);
});

function docOf(updates: readonly Uint8Array[]): Y.Doc {
  const doc = new Y.Doc();
  for (const update of updates) Y.applyUpdate(doc, update);
  return doc;
}
