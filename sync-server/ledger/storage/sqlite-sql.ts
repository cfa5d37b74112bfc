// What the house's statements need on SQLite: numbered parameters in its own spelling, rows with bigint integers.
import type { StatementSync } from 'node:sqlite';
import type { Row, SqlValue } from './database.ts';

/** `$1` is a named parameter to SQLite, `?1` a numbered one. No statement of ours holds a `$` within a text. */
export function positional(sql: string): string {
  return sql.replaceAll(/\$(\d+)/g, '?$1');
}

/** Runs a statement that was prepared with `readBigInts`. */
export function rowsOf(statement: StatementSync, params: SqlValue[]): Row[] {
  // The schema has no REAL column and integers are read as bigint, so no number can come.
  return statement.all(...params) as Row[];
}
