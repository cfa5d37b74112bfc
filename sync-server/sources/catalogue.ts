// What there is to buy and what it costs: the server's data, from the file of this release or the operator's own.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { CLUSTER_TYPES, type ClusterType } from '../../shared/clusters.ts';
import { AmountError, type Micros, parseAmount } from '../../shared/money.ts';

export interface DevicePrice {
  type: ClusterType;
  device: string;
  /** All-in price per device and hour. */
  hourly: Micros;
  /** Devices that can be deployed at once. */
  available: number;
}

export interface ModelPrice {
  model: string;
  /** Prices per million tokens. */
  input: Micros;
  output: Micros;
}

export interface Catalogue {
  devices: DevicePrice[];
  models: ModelPrice[];
}

const Price = z.string().transform((text, context): Micros => {
  try {
    return parseAmount(text);
  } catch (error) {
    if (!(error instanceof AmountError)) throw error;
    context.addIssue(error.message);
    return z.NEVER;
  }
});
// The names of the shared table are all of its keys.
const types = Object.keys(CLUSTER_TYPES) as [ClusterType, ...ClusterType[]];

const File = z.strictObject({
  devices: z.array(
    z.strictObject({
      device: z.string().min(1).max(100),
      types: z.array(z.enum(types)).min(1),
      hourly: Price,
      available: z.number().int().min(0),
    }),
  ),
  models: z.array(z.strictObject({ model: z.string().min(1).max(128), input: Price, output: Price })),
});

/** The catalogue's file is not what it should be; the message says where. */
export class CatalogueError extends Error {
  constructor(file: string, why: string) {
    super(`${file} is no catalogue.\n${why}`);
    this.name = 'CatalogueError';
  }
}

/** Reads a catalogue's JSON. @throws CatalogueError */
export function parseCatalogue(file: string, text: string): Catalogue {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new CatalogueError(file, String(error));
  }
  const parsed = File.safeParse(json);
  if (!parsed.success) throw new CatalogueError(file, z.prettifyError(parsed.error));
  const devices = parsed.data.devices.flatMap(({ types: sold, ...price }) =>
    sold.map((type) => ({ ...price, type })),
  );
  const names = devices.map(({ type, device }) => `${device} as ${type}`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new CatalogueError(file, `${twice} has two prices.`);
  return { devices, models: parsed.data.models };
}

/** `catalogue.json` in the data folder when the operator put one there, else this release's. @throws CatalogueError */
export function readCatalogue(dataDir: string): Catalogue {
  const own = join(dataDir, 'catalogue.json');
  const file = existsSync(own) ? own : new URL('catalogue.json', import.meta.url);
  return parseCatalogue(own, readFileSync(file, 'utf8'));
}
