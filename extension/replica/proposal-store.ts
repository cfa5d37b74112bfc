// The record of what this device proposed and has no answer for; kept beside the sign-in, one list per account.
import { del, get, set } from 'idb-keyval';
import * as v from 'valibot';
import type { Intent } from '../../shared/intents.ts';
import type { KeyedStore } from './keyed-store.ts';

const Kept: v.GenericSchema<Intent> = v.object({
  id: v.string(),
  kind: v.string(),
  at: v.number(),
  body: v.looseObject({}),
});

/**
 * `waiting` never left this device, `sent` may have reached the server, `answered` has its answer: a refusal with its
 * `code`, kept until a person has read it.
 */
export const Pending = v.object({
  intent: Kept,
  state: v.picklist(['waiting', 'sent', 'answered']),
  code: v.optional(v.string()),
});
export type Pending = v.InferOutput<typeof Pending>;

/** Keeps an account's list; a write is durable when its promise resolves. */
export interface ProposalStore {
  load(account: string): Promise<Pending[]>;
  save(account: string, list: readonly Pending[]): Promise<void>;
}

export function openProposalStore({ use }: KeyedStore): ProposalStore {
  const key = (account: string) => `proposals:${account}`;
  return {
    async load(account) {
      const stored = await get<unknown>(key(account), use);
      return Array.isArray(stored) ? stored.filter((item): item is Pending => v.is(Pending, item)) : [];
    },
    save: (account, list) => (list.length === 0 ? del(key(account), use) : set(key(account), [...list], use)),
  };
}
