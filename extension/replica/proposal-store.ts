// The record of what this device proposed and has no answer for; kept beside the sign-in, one list per account.
import { del, get, set } from 'idb-keyval';
import * as z from 'zod/mini';
import { Intent } from '../../shared/intents.ts';
import type { KeyedStore } from './keyed-store.ts';

/**
 * `waiting` never left this device, `sent` may have reached the server, `answered` has its answer: a refusal with its
 * `code`, kept until a person has read it.
 */
export const Pending = z.object({
  intent: Intent,
  state: z.enum(['waiting', 'sent', 'answered']),
  code: z.optional(z.string()),
});
export type Pending = z.infer<typeof Pending>;

/** Keeps an account's list; a write is durable when its promise resolves. */
export interface ProposalStore {
  load(account: string): Promise<Pending[]>;
  save(account: string, list: readonly Pending[]): Promise<void>;
}

export function openProposalStore({ use }: KeyedStore): ProposalStore {
  const key = (account: string) => `proposals:${account}`;
  return {
    async load(account) {
      const stored = z.safeParse(z.array(z.unknown()), await get<unknown>(key(account), use));
      return (stored.data ?? []).flatMap((item) => z.safeParse(Pending, item).data ?? []);
    },
    save: (account, list) => (list.length === 0 ? del(key(account), use) : set(key(account), [...list], use)),
  };
}
