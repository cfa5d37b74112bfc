// Name, timezone and wallets. They stand in the book's profile section, never inside a hashed entry.
import { CHAINS, MAX_WALLETS } from '../../shared/profile.ts';
import { canonicalAddress, isAddress } from '../../shared/wallets.ts';
import { type Command, type JsonObject, Refusal } from './command.ts';
import type { Draft } from './draft.ts';
import { personOf, profileOf } from './person-view.ts';
import { completeTask, keepPerson } from './person.ts';
import type { WalletItem } from './records.ts';

type Of<K extends Command['kind']> = Extract<Command, { kind: K }>;

const MAX_NAME = 200;
// Offsets such as "+02:00" are no zones, though Intl takes them.
const ZONE = /^[A-Za-z][A-Za-z0-9_+\-/]{0,63}$/;

function isZone(name: string): boolean {
  if (!ZONE.test(name)) return false;
  try {
    Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** `profile.set`: what is named changes, the rest stays. Answers the profile. */
export function setProfile(draft: Draft, { name, timezone }: Of<'profile.set'>): JsonObject {
  if (name !== undefined && (name.trim() === '' || name.length > MAX_NAME || /\p{Cc}/u.test(name))) {
    throw new Refusal('invalid_request', `A name has 1 to ${MAX_NAME} visible characters.`);
  }
  if (timezone !== undefined && !isZone(timezone)) {
    throw new Refusal('invalid_request', 'A timezone is an IANA name such as Europe/Berlin.');
  }
  const before = personOf(draft);
  const changed =
    (name !== undefined && name.trim() !== draft.facts.name) ||
    (timezone !== undefined && timezone !== before.timezone);
  if (changed) {
    if (name !== undefined) draft.noteFacts({ name: name.trim() });
    keepPerson(draft, { timezone: timezone ?? before.timezone });
    show(draft);
  }
  return profileOf(draft);
}

function show(draft: Draft): void {
  draft.show({ profile: profileOf(draft) });
  draft.flush();
}

/** Keeps changed wallets; of each chain that has any, exactly one is primary. */
function keepWallets(draft: Draft, wallets: WalletItem[]): void {
  const primaries = new Set(
    CHAINS.map((chain) => {
      const own = wallets.filter((wallet) => wallet.chain === chain);
      return (own.find(({ primary }) => primary) ?? own[0])?.id;
    }),
  );
  const next = wallets.map((wallet) => ({ ...wallet, primary: primaries.has(wallet.id) }));
  keepPerson(draft, { wallets: next, wallets_changed_at: draft.now });
}

/** `wallet.add`: up to ten of Solana, one of Aptos. The same address again is the same wallet. Answers it. */
export function addWallet(draft: Draft, { chain, address }: Of<'wallet.add'>): JsonObject {
  if (!isAddress(chain, address)) {
    throw new Refusal('invalid_request', `This is no ${chain === 'solana' ? 'Solana' : 'Aptos'} address.`);
  }
  const canonical = canonicalAddress(chain, address);
  const { wallets } = personOf(draft);
  const own = wallets.filter((wallet) => wallet.chain === chain);
  const known = own.find((wallet) => wallet.address === canonical);
  if (known) return answer(draft, known.id);
  if (own.length >= MAX_WALLETS[chain]) {
    throw new Refusal('invalid_request', `An account has at most ${MAX_WALLETS[chain]} of these wallets.`);
  }
  const id = draft.id();
  const wallet = { id, chain, address: canonical, primary: false, added_at: draft.now };
  keepWallets(draft, [...wallets, wallet]);
  completeTask(draft, 'wallet_added');
  show(draft);
  return answer(draft, id);
}

function answer(draft: Draft, id: string): JsonObject {
  const wallet = profileOf(draft).wallets.find((one) => one.id === id);
  if (!wallet) throw new Refusal('not_found', 'There is no such wallet.');
  return wallet;
}

/** `wallet.remove`: the oldest of the rest is primary when the primary one goes. */
export function removeWallet(draft: Draft, { id }: Of<'wallet.remove'>): JsonObject {
  const { wallets } = personOf(draft);
  const removed = answer(draft, id);
  keepWallets(
    draft,
    wallets.filter((wallet) => wallet.id !== id),
  );
  show(draft);
  return removed;
}

/** `wallet.primary`: this one, and no other of its chain. */
export function makePrimary(draft: Draft, { id }: Of<'wallet.primary'>): JsonObject {
  const { wallets } = personOf(draft);
  const chosen = wallets.find((wallet) => wallet.id === id);
  if (chosen && !chosen.primary) {
    const rest = wallets.map((wallet) => ({
      ...wallet,
      primary: wallet.chain === chosen.chain ? wallet.id === id : wallet.primary,
    }));
    keepWallets(draft, rest);
    show(draft);
  }
  return answer(draft, id);
}
