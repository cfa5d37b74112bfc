// What can be read of a book that another release may have written: the rest is left out.
import * as v from 'valibot';
import { SNAPSHOT_NAME } from '../../view/snapshot-schema.ts';

/** The items that a page could draw; an entry may hold an instant that no Date can. */
export function readable<T>(schema: v.GenericSchema<unknown, T>, list: readonly unknown[]): T[] {
  return list.flatMap((item) => {
    const parsed = v.safeParse(schema, item);
    return parsed.success ? [parsed.output] : [];
  });
}

export function fields(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

export function items(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(fields) : [];
}

/** Its texts cut to what a snapshot has room for. */
export function short(item: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(item).map(([key, value]) => [key, typeof value === 'string' ? cut(value) : value]),
  );
}

/** A long text keeps its end too: that tells two clusters apart. */
export function cut(text: string, max = SNAPSHOT_NAME): string {
  return text.length <= max ? text : `${text.slice(0, max - 9)}…${text.slice(-8)}`;
}
