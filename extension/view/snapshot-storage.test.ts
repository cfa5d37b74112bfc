// Writer and reader together, over the storage areas of WXT's fake browser.
import { beforeEach, expect, test, vi } from 'vitest';
import { browser } from 'wxt/browser';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { type Snapshot, SNAPSHOT_KEY } from './snapshot.ts';
import { readSnapshot, watchSnapshot } from './snapshot-reader.ts';
import { SnapshotWriter } from './snapshot-writer.ts';
import { testSnapshot } from './test-snapshot.ts';

const areas = browser.storage;
const snapshot = (seq: number) => testSnapshot(1, { stale_at: 2, seq });

beforeEach(() => fakeBrowser.reset());

test('a snapshot stands in both areas, and a page reads it', async () => {
  expect(await readSnapshot(areas)).toBeNull();
  await new SnapshotWriter(areas).write(snapshot(1));
  expect(await readSnapshot(areas)).toEqual(snapshot(1));
  expect((await areas.local.get(SNAPSHOT_KEY))[SNAPSHOT_KEY]).toEqual(snapshot(1));
});

test('after a restart of the browser the slower area answers', async () => {
  await new SnapshotWriter(areas).write(snapshot(4));
  await areas.session.remove(SNAPSHOT_KEY);
  expect((await readSnapshot(areas))?.seq).toBe(4);
});

test('a burst becomes few writes, the last one wins, an equal one is none', async () => {
  const seen: (number | undefined)[] = [];
  const closing = new AbortController();
  watchSnapshot(areas, (next) => seen.push(next?.seq), closing.signal);
  const writer = new SnapshotWriter(areas);
  for (let seq = 1; seq <= 50; seq += 1) void writer.write(snapshot(seq));
  await writer.write(snapshot(51));
  expect(seen.length).toBeLessThan(5);
  expect(seen.at(-1)).toBe(51);
  const before = seen.length;
  await writer.write(snapshot(51));
  expect(seen).toHaveLength(before);
  closing.abort();
  await writer.write(snapshot(52));
  expect(seen).toHaveLength(before);
});

test('a sign-out takes the snapshot away', async () => {
  const seen: (Snapshot | null)[] = [];
  const writer = new SnapshotWriter(areas);
  await writer.write(snapshot(1));
  watchSnapshot(areas, (next) => seen.push(next), new AbortController().signal);
  await writer.write(null);
  expect(seen).toEqual([null]);
  expect(await readSnapshot(areas)).toBeNull();
});

test('what another release left behind is read as far as it goes, now and later', async () => {
  const newer = { ...snapshot(3), version: 9, recent: 'elsewhere', credits: { unit: 'new' } };
  await areas.local.set({ [SNAPSHOT_KEY]: newer });
  expect(await readSnapshot(areas)).toEqual({ ...snapshot(3), version: 9, confirmed_at: null });
  const seen: (Snapshot | null)[] = [];
  watchSnapshot(areas, (next) => seen.push(next), new AbortController().signal);
  await areas.session.set({ [SNAPSHOT_KEY]: newer });
  await vi.waitFor(() => expect(seen).toEqual([{ ...snapshot(3), version: 9, confirmed_at: null }]));
});
