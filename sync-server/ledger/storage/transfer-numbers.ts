// Numbers for transfers, taken from the database by the block, so that no order waits for a number of its own.
import type { Client } from 'pg';

/** Numbers in one block: far more than one batch can need, and 2^53 of them outlast any server. */
const BLOCK = 65_536;

export class TransferNumbers {
  #next = 0;
  #end = 0;

  /** The first of `count` numbers in a row that nobody else gets. */
  async take(client: Client, count: number): Promise<number> {
    if (count > BLOCK) throw new Error(`A batch of ${count} transfers.`);
    if (this.#next + count > this.#end) {
      const { rows } = await client.query<{ block: bigint }>("SELECT nextval('transfer_block') AS block");
      this.#next = Number(rows[0]?.block) * BLOCK;
      this.#end = this.#next + BLOCK;
    }
    const first = this.#next;
    this.#next += count;
    return first;
  }
}
