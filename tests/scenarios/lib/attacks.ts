// Updates that no honest device sends: forged writes, broken bytes, and bytes made to be expensive.
import * as Y from 'yjs';
import { type Intent, TRAY_ROOT } from '../../../shared/intents.ts';
import { LANES } from '../../../sync-server/sync/lanes.ts';
import { any, craft, deep, garbage, item, raw, skip } from './crdt.ts';

const EVIL = 99;

export const intent = (id: string): Intent => ({
  id: id.padEnd(16, '0'),
  kind: 'purchase.start',
  at: 1,
  body: { amount: '25', method: 'usdc' },
});
const wire = (value: unknown) => any(value);

/** A change made with the library itself on a copy of a document, as the bytes that say it. */
function edit(base: Y.Doc, change: (copy: Y.Doc) => void): Uint8Array {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(base));
  const known = Y.encodeStateVector(copy);
  change(copy);
  return Y.encodeStateAsUpdate(copy, known);
}
const alone = (...structs: Parameters<typeof craft>[0][number]['structs']) =>
  craft([{ client: EVIL, clock: 0, structs }]);
const root = TRAY_ROOT;

/** Updates by their names, each made against a document as it is. */
export const ATTACKS: Record<string, (base: Y.Doc) => Uint8Array> = {
  'overwrites a section': (base) =>
    edit(base, (copy) => copy.getMap('credits').set('value', { balance: '1000000' })),
  'deletes a section': (base) => edit(base, (copy) => copy.getMap('credits').delete('value')),
  'appends an entry': (base) =>
    edit(base, (copy) => copy.getArray('recent').push([{ n: 4, amount: '1000000' }])),
  'deletes entries': (base) =>
    edit(base, (copy) => {
      const recent = copy.getArray('recent');
      recent.delete(0, Math.min(2, recent.length));
    }),
  'deletes by a bare delete set': () => craft([], [[LANES.recent, [[0, 3]]]]),
  'mixes a proposal with a deletion': (base) =>
    edit(base, (copy) => {
      copy.getArray(root).push([intent('mixed')]);
      copy.getMap('head').delete('value');
    }),
  'slips in by a left neighbour': () => alone(item({ origin: [LANES.recent, 0], content: wire('evil') })),
  'slips in by a right neighbour': () => alone(item({ right: [LANES.recent, 0], content: wire('evil') })),
  'neighbours in two roots': () =>
    alone(
      item({ root, content: wire(intent('two-roots')) }),
      item({ origin: [EVIL, 0], right: [LANES.recent, 0], content: wire('evil') }),
    ),
  'a gap to be filled later': () =>
    craft([
      { client: EVIL, clock: 1, structs: [item({ root: 'credits', key: 'value', content: wire(1e9) })] },
    ]),
  'deletes what is not written yet': (base) =>
    craft([], [[LANES.head, [[Y.getState(base.store, LANES.head), 5]]]]),
  'writes as a lane': (base) =>
    craft([
      {
        client: LANES.credits,
        clock: Y.getState(base.store, LANES.credits),
        structs: [item({ root, key: 'x', content: wire(1) })],
      },
    ]),
  'blocks a lane’s clocks': (base) =>
    craft([{ client: LANES.head, clock: Y.getState(base.store, LANES.head), structs: [garbage(1000)] }]),
  'a huge hole': () => alone(garbage(2 ** 52)),
  'a skip': () => alone(skip(5), item({ root, key: 'x', content: wire(1) })),
  'a skip that two parsers read differently': () => alone(skip(5, 10 | 128)),
  'one client in two blocks': () =>
    craft([
      { client: EVIL, clock: 0, structs: [item({ root, kind: 7, content: raw(1) })] },
      { client: EVIL, clock: 0, structs: [item({ root: 'credits', key: 'value', content: wire(666) })] },
    ]),
  'an unknown root': () => alone(item({ root: 'spam', key: 'x', content: wire(1) })),
  'a thousand unknown roots': () =>
    alone(
      ...Array.from({ length: 1000 }, (_, index) => item({ root: `r${index}`, key: 'x', content: wire(1) })),
    ),
  'a subdocument': (base) => edit(base, (copy) => copy.getArray(root).push([new Y.Doc()])),
  'a nested type': (base) => edit(base, (copy) => copy.getArray(root).push([new Y.Map([['id', 'x']])])),
  'refers to itself': () =>
    alone(item({ root, key: 'ok', content: wire(1) }), item({ origin: [EVIL, 5], content: wire(1) })),
  'a parent that is no type': () => alone(item({ parent: [LANES.recent, 0], key: 'x', content: wire(1) })),
  'a key on the list': () => alone(item({ root, key: 'hidden', content: wire(intent('hidden')) })),
  'cut short': (base) =>
    edit(base, (copy) => copy.getMap('credits').set('value', { balance: '1000000' })).slice(0, -4),
  'values 20,000 deep': () => alone(item({ root, content: deep(20_000) })),
  'claims two thousand million structs': () =>
    craft([{ client: EVIL, clock: 0, structs: [], claims: 2 ** 31 }]),
  '40,000 delete ranges': () =>
    craft([], [[12_345, Array.from({ length: 40_000 }, (_, index): [number, number] => [index * 2, 1])]]),
  'a proposal that is text': () => alone(item({ root, content: wire('give me credits') })),
  'a proposal with a prototype': () =>
    alone(item({ root, content: wire(JSON.parse('{"__proto__":{"id":"intent-0000000001"}}')) })),
  'a proposal with more than its envelope': () =>
    alone(item({ root, content: wire({ ...intent('more'), account: 'bob' }) })),
  'a proposal too large': () =>
    alone(item({ root, content: wire({ ...intent('large'), body: { note: 'x'.repeat(5000) } }) })),
  'six hundred proposals': (base) =>
    edit(base, (copy) =>
      copy.getArray(root).push(Array.from({ length: 600 }, (_, index) => intent(`many-${index}`))),
    ),
  'a list item in the root of a map': () => alone(item({ root: 'credits', content: wire('hidden') })),
  'bytes of the other encoding': (base) => {
    const copy = new Y.Doc();
    Y.applyUpdate(copy, Y.encodeStateAsUpdate(base));
    copy.getMap('credits').set('value', { balance: '1000000' });
    return Y.encodeStateAsUpdateV2(copy, Y.encodeStateVector(base));
  },
  'overwrites a page’s head': (base) =>
    edit(base, (copy) => copy.getMap('page').set('value', { k: 0, prev: 'f'.repeat(64) })),
  'appends an entry to a page': (base) =>
    edit(base, (copy) => copy.getArray('entries').push([{ n: 4, amount: '1000000' }])),
  'deletes entries of a page': (base) =>
    edit(base, (copy) => {
      const entries = copy.getArray('entries');
      entries.delete(0, Math.min(2, entries.length));
    }),
  'values 100,000 deep': () => alone(item({ root, content: deep(100_000) })),
  'nothing at all': () => new Uint8Array(),
};
