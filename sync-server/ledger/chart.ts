// Names of the own chart of an account (rules.md section 2); every other name in a posting is a house account.

/** `lot:<id>`: the spendable rest of one lot. */
export function isLot(name: string): boolean {
  return name.startsWith('lot:');
}

/** Whether a posting moves the account's own chart. */
export function isOwn(name: string): boolean {
  return isLot(name) || name === 'held' || name === 'reserved' || name === 'recv';
}
