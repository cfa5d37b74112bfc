import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CatalogueError, parseCatalogue, readCatalogue } from './catalogue.ts';

test('the catalogue of the release, or the one in the data folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'glance-catalogue-'));
  try {
    const { devices, models } = readCatalogue(folder);
    // The prices that were seen: 8 H100 at 27.875, 8 B300 at 63.86, one RTX 4090 at 0.30 an hour.
    const hourly = (type: string, device: string) =>
      devices.find((each) => each.type === type && each.device === device)?.hourly;
    expect((hourly('vm', 'H100') ?? 0n) * 8n).toBe(27_875_000n);
    expect((hourly('baremetal', 'B300') ?? 0n) * 8n).toBe(63_860_000n);
    expect(hourly('container', 'RTX 4090')).toBe(300_000n);
    expect(models).toHaveLength(5);

    const own = { devices: [{ device: 'X1', types: ['vm'], hourly: '2', available: 1 }], models: [] };
    await writeFile(join(folder, 'catalogue.json'), JSON.stringify(own));
    expect(readCatalogue(folder)).toEqual({
      devices: [{ device: 'X1', type: 'vm', hourly: 2_000_000n, available: 1 }],
      models: [],
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test.each([
  ['{', 'is no catalogue'],
  ['{"devices":[]}', 'models'],
  ['{"devices":[{"device":"X","types":["vm"],"hourly":"-1","available":1}],"models":[]}', 'hourly'],
  ['{"devices":[{"device":"X","types":["boat"],"hourly":"1","available":1}],"models":[]}', 'types'],
  [
    '{"devices":[{"device":"X","types":["vm","vm"],"hourly":"1","available":1}],"models":[]}',
    'X as vm has two prices',
  ],
])('%s is refused', (text, why) => {
  expect(() => parseCatalogue('file', text)).toThrow(CatalogueError);
  expect(() => parseCatalogue('file', text)).toThrow(why);
});
