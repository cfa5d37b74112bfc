// The words of the decision table (rules.md section 15) as typed steps, and back to readable text for a script.
import type { GrantSource, Service } from '../../../sync-server/ledger/command.ts';
import type { ModelName } from './terms.ts';
import type { PayMethod } from '../../../shared/fees.ts';

/** Two users and one who reaches for what is not theirs. */
export const PEOPLE = ['u', 'v', 'mallory'] as const;
export type Who = (typeof PEOPLE)[number];

/** One thing that is asked. Amounts are the text that was sent, instants ms after the run's start. */
export type Act =
  | { verb: 'buy'; id: string; amount: string; method: PayMethod }
  | { verb: 'settle'; id: string; total?: string; payment?: string }
  | { verb: 'payfail'; id: string }
  | { verb: 'dispute'; id: string }
  | {
      verb: 'grant';
      id: string;
      amount: string;
      source: GrantSource;
      expiresAt?: number;
      services?: Service[];
      priority?: number;
    }
  | {
      verb: 'auth';
      id: string;
      amount: string;
      service: Service;
      onInsufficient?: 'pending' | 'fail';
      useAllowance?: boolean;
    }
  | { verb: 'capture'; id: string; amount: string }
  | { verb: 'void'; id: string }
  | { verb: 'extend'; id: string; until: number }
  | { verb: 'charge'; id: string; amount: string; service: Service; force?: boolean }
  | { verb: 'refund'; charge: string; amount: string; id: string }
  | { verb: 'wd'; id: string; amount: string }
  | { verb: 'approve'; id: string; by: string }
  | { verb: 'cancel' | 'reject' | 'send' | 'paid' | 'payoutFailed'; id: string }
  /** Finance gives money in suspense to the account after all. */
  | { verb: 'match'; payment: string }
  | { verb: 'adjust'; id: string; amount: string; approver: string; out?: true }
  /** Inference that has happened, in tokens; what a model costs stands in terms.ts. */
  | { verb: 'use'; id: string; model: ModelName; input: number; output: number; at: number }
  | { verb: 'plan'; plan: string }
  | { verb: 'patch'; allowance?: string; state?: 'active' | 'closed' }
  | { verb: 'check'; amount: string; service?: Service }
  /** Runs what is due, as a prompt timer would. */
  | { verb: 'tick' };

/**
 * One line of a script: the server's clock moves, or somebody asks something, perhaps under an idempotency key, which
 * with `tray` is the id of a device's proposal.
 */
export type Step = { at: number } | { who: Who; act: Act; key?: string; tray?: true };

/** Whose idempotency keys a call lives among (contract.md): the service's, finance's, or the account's own. */
export function principalOf(who: Who, act: Act): string {
  switch (act.verb) {
    case 'auth':
    case 'capture':
    case 'void':
    case 'extend':
    case 'charge':
    case 'refund':
    case 'use':
      return 'service-1';
    case 'approve':
      return act.by === 'self' ? who : act.by;
    case 'grant':
    case 'dispute':
    case 'patch':
    case 'match':
    case 'adjust':
    case 'reject':
    case 'send':
    case 'paid':
    case 'payoutFailed':
      return 'finance-1';
    case 'settle':
    case 'payfail':
    case 'tick':
      return 'system';
    default:
      return who;
  }
}

/** A step as a line of text in the table's notation: `u once k [charge c 10 service=vm]`. */
export function stepText(step: Step): string {
  if ('at' in step) return `at ${step.at}`;
  const { verb, ...rest } = step.act;
  const parts = Object.entries(rest).map(([name, value]) =>
    PLAIN.has(name) ? String(value) : `${name}=${Array.isArray(value) ? value.join('+') : String(value)}`,
  );
  const words = [verb, ...parts].join(' ');
  const once = step.tray === true ? 'proposes' : 'once';
  return `${step.who} ${step.key === undefined ? words : `${once} ${step.key} [${words}]`}`;
}

// These stand without their name, as the table writes them.
const PLAIN = new Set(['id', 'amount', 'method', 'charge']);

export function scriptText(steps: readonly Step[]): string {
  return steps.map(stepText).join('\n');
}
