// Who an account is, as far as a device shows it: name, timezone and the wallets that pay or are paid.
import * as z from 'zod/mini';
import { instant, text } from './fields.ts';

export const CHAINS = ['solana', 'aptos'] as const;
export type Chain = (typeof CHAINS)[number];

/** So many wallets of a chain an account may have. */
export const MAX_WALLETS: Record<Chain, number> = { solana: 10, aptos: 1 };

/** `primary` is at most one of a chain: the first one until its owner says otherwise. */
export const Wallet = z.object({
  id: text(64),
  chain: z.enum(CHAINS),
  address: text(128),
  primary: z.boolean(),
  added_at: instant,
});
export type Wallet = z.infer<typeof Wallet>;

/** `timezone` is an IANA name; dates are shown in it. */
export const Profile = z.object({
  name: text(200),
  timezone: text(64),
  wallets: z._default(z.array(Wallet).check(z.maxLength(11)), []),
});
export type Profile = z.infer<typeof Profile>;
