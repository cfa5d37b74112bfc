// One SQL database, whichever engine: plain statements with $1, $2 ... parameters that both engines understand.

export type SqlValue = string | number | bigint | null | Uint8Array;
export type Row = Record<string, string | bigint | null | Uint8Array>;

export interface Statement {
  sql: string;
  params?: SqlValue[];
}

/** Integers arrive as bigint, on both engines: the caller narrows what is no money with `Number`. */
export interface Database {
  readonly engine: 'sqlite' | 'postgres';
  /** @throws StorageError when the database could not answer. */
  read(sql: string, params?: SqlValue[]): Promise<Row[]>;
  /**
   * Runs the statements in one durable transaction and answers the rows each returned.
   * @throws ConstraintError when a unique, check or reference rule of the schema refused (nothing was written);
   * StorageError when the database could not answer.
   */
  write(statements: Statement[]): Promise<Row[][]>;
}

/** The database could not answer (busy, full, lost): nothing was decided. Over HTTP this is `retry_later`, 503. */
export class StorageError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StorageError';
  }
}

/** What is stored is not what was written: nothing more may be decided on it until a person has looked. */
export class DamagedError extends StorageError {
  constructor(what: string, options?: ErrorOptions) {
    super(`The ledger is damaged: ${what}. Stop the server and restore the last backup.`, options);
    this.name = 'DamagedError';
  }
}

/** A row that says who may do what is not what was written: nobody gets a right by it, and no money stands in it. */
export class DamagedIdentityError extends StorageError {
  constructor(what: string) {
    super(`This sign-in is damaged: ${what}. Revoke it, and sign in anew.`);
    this.name = 'DamagedIdentityError';
  }
}

/** A rule of the schema refused a write (unique, check, reference, append-only); asking again changes nothing. */
export class ConstraintError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ConstraintError';
  }
}

/** A fault of our own while deciding an order: nothing of it was written. Over HTTP this is `internal`, 500. */
export class LedgerFault extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LedgerFault';
  }
}
