// Reads the rows of tests/fixtures/rules.vectors.json into steps.
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import type { Act, Step, Who } from './step.ts';

const Call = z.array(z.unknown()).min(2);
const Row = z.object({
  id: z.string(),
  title: z.string(),
  given: z.array(Call),
  when: Call,
  expect: z.record(z.string(), z.unknown()),
});
export type Row = z.infer<typeof Row>;

const FIXTURE = new URL('../../fixtures/rules.vectors.json', import.meta.url);

export function readRows(): Row[] {
  return z.array(Row).parse(JSON.parse(readFileSync(FIXTURE, 'utf8')));
}

const text = z.string();
const Options = z.object({
  expiresAt: z.number().exactOptional(),
  priority: z.number().exactOptional(),
  onInsufficient: z.enum(['pending', 'fail']).exactOptional(),
});
const METHODS = { fiat: 'card', usdc: 'usdc' } as const;

function act(verb: unknown, args: unknown[]): Act {
  const [first, second, third] = args;
  const id = text.parse(first);
  const amount = () => text.parse(second);
  const options = () => Options.parse(third ?? {});
  switch (verb) {
    case 'buy':
      return { verb, id, amount: amount(), method: METHODS[third === 'fiat' ? 'fiat' : 'usdc'] };
    case 'settle':
    case 'payfail':
    case 'dispute':
    case 'void':
    case 'cancel':
    case 'reject':
    case 'send':
    case 'paid':
    case 'payoutFailed':
      return { verb, id };
    case 'grant':
      return { verb, id, amount: amount(), source: 'promo', ...options() };
    case 'auth':
      return { verb, id, amount: amount(), service: 'vm', ...options() };
    case 'capture':
      return { verb, id, amount: amount() };
    case 'charge':
      return { verb, id, amount: amount(), service: 'vm' };
    case 'refund':
      return { verb, charge: id, amount: amount(), id: text.parse(third) };
    case 'wd':
      return { verb, id, amount: amount() };
    case 'approve':
      return { verb, id, by: second === undefined ? 'finance-1' : text.parse(second) };
    case 'check':
      return { verb, amount: id };
    default:
      throw new Error(`no such word: ${String(verb)}`);
  }
}

/** The steps of one call; `fund` stands for two. A webhook's signature and age belong to HTTP, its effect is `settle`. */
export function stepsOf(call: readonly unknown[], who: Who = 'u'): Step[] {
  const [verb, ...args] = call;
  if (verb === 'at') return [{ at: z.number().parse(args[0]) }];
  if (verb === 'fund') return [...stepsOf(['buy', ...args], who), ...stepsOf(['settle', args[0]], who)];
  if (verb === 'hook') return stepsOf(['settle', args[3]], who);
  if (verb === 'capture_as') return stepsOf(['capture', ...args.slice(1)], 'mallory');
  if (verb === 'once' || verb === 'once!') {
    const key = text.parse(args[0]).padEnd(16, '-');
    return stepsOf(Call.parse(args[1]), who).map((step) => ('at' in step ? step : { ...step, key }));
  }
  return [{ who, act: act(verb, args) }];
}
