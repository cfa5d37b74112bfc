// Registering and dismissing people and services. The same steps beside a running server and without one.
import { hash, randomBytes, randomUUIDv7 } from 'node:crypto';
import { z } from 'zod';
import { AmountError, parseAmount } from '../../shared/money.ts';
import type { Clock } from '../../shared/time.ts';
import { Refusal, SCOPES, SERVICES } from '../ledger/command.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type AuditLine, lastAudited } from './audit.ts';
import type { Identity } from './identity.ts';
import { createPrincipals, type NewKey, type Principal, type Principals } from './principals.ts';
import { createSessions } from './sessions.ts';

/** Allows a service to force a charge below the floor (rules.md section 7). */
export const FORCE = 'force';

function isAmount(text: string): boolean {
  try {
    parseAmount(text);
    return true;
  } catch (error) {
    if (error instanceof AmountError) return false;
    throw error;
  }
}

/** What may be asked for; checked here for the command line and the admin socket alike. */
export const Registration = z
  .strictObject({
    name: z
      .string()
      .trim()
      .min(1, 'The name is missing.')
      .max(100, 'A name has at most 100 characters.')
      .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'A name is plain text on one line.'),
    scope: z.enum(SCOPES, `The scope is one of ${SCOPES.join(', ')}.`).default('account'),
    services: z
      .array(z.enum([...SERVICES, FORCE], `A service is one of ${[...SERVICES, FORCE].join(', ')}.`))
      .max(SERVICES.length + 1, 'Name each service once.')
      .default([]),
    /** The most it may move in one operation, as a decimal text. */
    cap: z
      .string()
      .refine((text) => isAmount(text), 'A cap is an amount such as 100 or 12.50.')
      .optional(),
  })
  .refine(
    (asked) => asked.services.length === 0 || asked.scope === 'service',
    'Services are for the scope service.',
  )
  .refine((asked) => asked.cap === undefined || asked.scope === 'service', 'A cap is for the scope service.');
export type Registration = z.output<typeof Registration>;

export interface Registry {
  /** Makes a principal, with its ledger account for the scope `account`. */
  register(asked: Registration): Promise<NewKey>;
  list(): Promise<Principal[]>;
  /** A new key; the old one and what was signed in with it end. @throws Refusal `not_found` */
  rotate(id: string): Promise<NewKey>;
  /** @throws Refusal `not_found` */
  revoke(id: string): Promise<void>;
  /** What staff did last, newest first. */
  audit(limit: number): Promise<AuditLine[]>;
}

/**
 * The ledger account first, then the principal: a crash in between leaves an empty account that nobody can open,
 * never a key without an account.
 */
async function register(ledger: Ledger, principals: Principals, asked: Registration): Promise<NewKey> {
  if (asked.scope !== 'account') return principals.create(asked);
  const account = randomUUIDv7();
  const outcome = await ledger.settle({
    account,
    actor: { principal: 'system', scope: 'system' },
    command: { kind: 'account.open', name: asked.name },
    key: `open:${hash('sha256', account, 'base64url')}`,
  });
  if (!outcome.ok) throw new Refusal(outcome.problem.code, outcome.problem.detail, outcome.problem.facts);
  return principals.create({ ...asked, account });
}

/** The registry of a running server: what it ends, ends at once. */
export function registryOf(ledger: Ledger, identity: Identity): Registry {
  const { principals } = identity;
  return {
    register: (asked) => register(ledger, principals, asked),
    list: () => principals.list(),
    rotate: (id) => identity.rotate(id),
    revoke: (id) => identity.revoke(id),
    audit: (limit) => lastAudited(ledger.database, limit),
  };
}

/** The registry of a tool that has the ledger for itself; it needs no signing keys. `clock` is real time. */
export function localRegistry(ledger: Ledger, clock: Clock): Registry {
  const { database, events } = ledger;
  const principals = createPrincipals({ database, clock, random: randomBytes });
  const sessions = createSessions({ database, events, clock, random: randomBytes });
  return {
    register: (asked) => register(ledger, principals, asked),
    list: () => principals.list(),
    async rotate(id) {
      const renewed = await principals.rotate(id);
      await sessions.revokeAll(id);
      return renewed;
    },
    async revoke(id) {
      await principals.revoke(id);
      await sessions.revokeAll(id);
    },
    audit: (limit) => lastAudited(database, limit),
  };
}
