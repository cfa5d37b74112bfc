// Lists as they go out: a page of items, and where the next one begins.
import { z } from '@hono/zod-openapi';

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

/** The page out of what was found; one more than `limit` was asked for, to know whether there is a next one. */
export function pageOf<T extends { id: string }>(found: T[], limit: number): Page<T> {
  const items = found.slice(0, limit);
  return { items, next_cursor: found.length > limit ? (items.at(-1)?.id ?? null) : null };
}

/** The schema of a page, for the description. */
export function PageAnswer(item: z.ZodType) {
  return z.object({ items: z.array(item), next_cursor: z.string().nullable() });
}
