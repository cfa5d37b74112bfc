// Plays one script on the model and on the core and names the first thing on which they disagree.
import { formatAmount, readBalance } from '../../../shared/money.ts';
import { parseRfc3339 } from '../../../shared/time.ts';
import type { Outcome } from '../../../sync-server/ledger/command.ts';
import { audit, auditEnd } from './audit.ts';
import { Core } from './core.ts';
import { Model, type Said, type View } from './model.ts';
import { PEOPLE, scriptText, type Step, stepText } from './step.ts';
import { shrink } from './shrink.ts';
import { START, type Terms } from './terms.ts';

export interface Disagreement {
  /** Index of the step after which they differ. */
  index: number;
  step: Step;
  what: string;
}

/** Plays a script on both; null when they agree about everything after each step. */
export function play(steps: readonly Step[], terms: Terms): Disagreement | null {
  const model = new Model(terms);
  const core = new Core(terms, PEOPLE);
  // In the end everybody is looked at, so that nothing overdue is left out of the comparison.
  const ends = PEOPLE.map((who): Step => ({ who, act: { verb: 'tick' } }));
  for (const [index, step] of [...steps, ...ends].entries()) {
    const what = complaint(
      () => both(model, core, step) ?? (index < steps.length ? null : ended(model, core, step)),
    );
    if (what !== null) return { index, step, what };
  }
  return null;
}

function complaint(work: () => string | null): string | null {
  try {
    return work();
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

function ended(model: Model, core: Core, step: Step): string | null {
  return 'at' in step ? null : auditEnd(model, core, step.who);
}

function both(model: Model, core: Core, step: Step): string | null {
  const said = model.step(step);
  const outcome = core.step(step);
  if ('at' in step || said === null || outcome === null) return null;
  const { who } = step;
  return (
    differ('answer', saidText(said), outcomeText(outcome, said)) ??
    differ('view', viewText(model.view(who)), creditsText(core, who)) ??
    audit(model, core, who)
  );
}

function differ(what: string, model: string, core: string): string | null {
  return model === core ? null : `${what}\n  model ${model}\n  core  ${core}`;
}

function saidText(said: Said): string {
  return said.ok ? `ok${replayText(said)} ${JSON.stringify(said.facts)}` : `${said.code}${replayText(said)}`;
}

/** The outcome in the model's words: only the facts that the model knows of. */
function outcomeText(outcome: Outcome, said: Said): string {
  if (!outcome.ok) return `${outcome.problem.code}${replayText(outcome)}`;
  const names = said.ok ? Object.keys(said.facts) : [];
  return `ok${replayText(outcome)} ${JSON.stringify(Object.fromEntries(names.map((name) => [name, outcome.answer[name]])))}`;
}

function replayText({ replayed }: { replayed: boolean }): string {
  return replayed ? ' replayed' : '';
}

const FIGURES = [
  'available',
  'held',
  'reserved',
  'debt',
  'restricted',
  'frozen',
  'withdrawable',
  'total',
  'allowance',
] as const;

function viewText(view: View): string {
  const figures = FIGURES.map((name) => `${name} ${formatAmount(view[name])}`);
  const services = [...view.byService].map(([service, micros]) => `${service} ${formatAmount(micros)}`);
  return [...figures, view.state, `grace ${view.graceUntil}`, ...services.sort()].join(' ');
}

/** What the book shows: the last credits section of the journal. */
function creditsText(core: Core, who: (typeof PEOPLE)[number]): string {
  const credits = core.accounts.get(who)?.credits;
  if (!credits) return 'none';
  const value = { ...credits, total: credits.balance };
  const figures = FIGURES.map((name) => `${name} ${formatAmount(readBalance(value[name]))}`);
  const services = Object.entries(credits.available_by_service).map(
    ([service, amount]) => `${service} ${amount}`,
  );
  const grace = credits.grace_until === null ? null : (parseRfc3339(credits.grace_until) ?? 0) - START;
  return [...figures, credits.state, `grace ${grace}`, ...services.sort()].join(' ');
}

/** The shortest script found on which they still disagree, to be read by a person. */
export function explain(steps: readonly Step[], terms: Terms): string {
  const short = shrink(steps, (some) => play(some, terms) !== null);
  const last = play(short, terms);
  return `${JSON.stringify(terms)}\n${scriptText(short)}\n-> ${last ? `${stepText(last.step)}: ${last.what}` : 'agrees when played again'}`;
}
