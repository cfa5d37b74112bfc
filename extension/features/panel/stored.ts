// What the panel remembers on this device: the last place, filters, sort orders and input that was not sent. Read once
// before the first paint, so that nothing jumps; wiped with everything else in `storage.local`.
import { useState } from 'preact/hooks';
import * as v from 'valibot';
import type { Areas } from '../../view/areas.ts';

const KEY = 'panel';
/** Characters of all of it: a form's input is small. */
const MAX_KEPT = 64_000;

const Kept = v.object({ account: v.string(), values: v.record(v.string(), v.unknown()) });

let area: Areas['local'] | null = null;
let account = '';
let values: Record<string, unknown> = {};

/** Reads what was kept for this account; another account's is dropped. */
export async function openStored(areas: Pick<Areas, 'local'>, owner: string): Promise<void> {
  area = areas.local;
  account = owner;
  const read = v.safeParse(Kept, (await area.get(KEY))[KEY]);
  values = read.success && read.output.account === owner ? read.output.values : {};
}

/** A kept value that still has its shape, else `initial`. */
export function stored<T>(key: string, schema: v.GenericSchema<unknown, T>, initial: T): T {
  const read = v.safeParse(schema, values[key]);
  return read.success ? read.output : initial;
}

/** Keeps a value; undefined forgets it. What does not fit is not kept. */
export function keep(key: string, value: unknown): void {
  const { [key]: _before, ...rest } = values;
  values = value === undefined ? rest : { ...rest, [key]: value };
  if (JSON.stringify(values).length <= MAX_KEPT) void area?.set({ [KEY]: { account, values } });
}

/** As `useState`, and remembered; undefined forgets it and starts again with `initial`. */
export function useStored<T>(
  key: string,
  schema: v.GenericSchema<unknown, T>,
  initial: T,
): [T, (next: T | undefined) => void] {
  const [value, setValue] = useState(() => stored(key, schema, initial));
  return [
    value,
    (next) => {
      setValue(next === undefined ? initial : next);
      keep(key, next);
    },
  ];
}
