// What a simulated life is made of: steps, each an order to the ledger at a moment of that life.
import type { Micros } from '../../../shared/money.ts';
import type { Ms } from '../../../shared/time.ts';
import type { Command, JsonObject } from '../../ledger/command.ts';
import type { RuleConfig } from '../../ledger/rules.ts';
import type { Catalogue } from '../catalogue.ts';

/** Who gives an order. */
export type Role = 'owner' | 'provider' | 'gateway' | 'finance' | 'second' | 'system';

/** What a step may look at when its moment has come. What it asks for was true just before, so that asking again says the same. */
export interface Scene {
  /** The step's instant. */
  at: Ms;
  /** Played as it happens. */
  live: boolean;
  /** When a moment of the life happens. */
  wallAt(life: Ms): Ms;
  /** The id (UUIDv7) for what the step of that name creates at that moment of the life; always the same. */
  idOf(name: string, life: Ms): string;
  /** What the ledger answered to an earlier step; null when it refused or was not asked. */
  answerTo(name: string): Promise<JsonObject | null>;
  available(): Promise<Micros>;
  /** What the account's plan takes off prices beyond its pool, in basis points. */
  discount(): Promise<bigint>;
  /** Notices that nobody has seen, made before an instant. */
  unseen(before: Ms): Promise<string[]>;
}

type Act = Command | readonly Command[] | null;

export interface Step {
  /** Ms since the account was opened. */
  life: Ms;
  /** Unique in a life, at most 48 characters: the step's idempotency key is made of it. */
  name: string;
  role: Role;
  act(scene: Scene): Act | Promise<Act>;
}

/** What all stories of one life have in common. */
export interface Plot {
  seed: string;
  catalogue: Catalogue;
  rules: RuleConfig;
  /** Whether a moment of the life is played as it happens. */
  isLive(life: Ms): boolean;
}
