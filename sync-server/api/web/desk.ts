// `/finance`: the desk at which finance reviews withdrawals. Plain forms, no script; the same commands as the calls.
import type { Context } from 'hono';
import { csrf } from 'hono/csrf';
import { html } from 'hono/html';
import { z } from 'zod';
import { WITHDRAWAL_STATES } from '../../../shared/account.ts';
import { CALLER_ID, IDEMPOTENCY_KEY } from '../../../shared/ids.ts';
import { type Command, type Problem, PROBLEM_STATUS, Refusal } from '../../ledger/command.ts';
import { accountOf } from '../../ledger/lookups.ts';
import { readBody } from '../body.ts';
import { addressOf } from '../caller-address.ts';
import type { Api, ApiContext, ApiEnv } from '../context.ts';
import { HttpsUrl, Text } from '../fields.ts';
import { financeWithdrawals } from '../finance-withdrawals.ts';
import { type Case, caseOf, caseView } from './desk-cases.ts';
import { needsOf, needsView } from './desk-attention.ts';
import { type DeskSession, deskSession, mustSit, signIn, signOut } from './desk-session.ts';
import { type Markup, sendPage } from './page.ts';

const FORM_LIMIT = 8 * 1024;
const PAGE = 20;
const DESK = '/finance';

type Desk = Context<ApiEnv>;

async function formOf(c: Desk): Promise<URLSearchParams> {
  return new URLSearchParams(new TextDecoder().decode(await readBody(c, FORM_LIMIT)));
}

/** The order of a form's action. @throws Refusal `invalid_request` */
function commandOf(id: string, form: URLSearchParams): Command {
  function field<T>(name: string, schema: z.ZodType<T>): T {
    const parsed = schema.safeParse(form.get(name));
    if (!parsed.success)
      throw new Refusal('invalid_request', `Field ${name}: ${z.prettifyError(parsed.error)}`);
    return parsed.data;
  }
  switch (form.get('action')) {
    case 'approve':
      return { kind: 'withdrawal.approve', id };
    case 'reject':
      return { kind: 'withdrawal.reject', id, reason: field('reason', Text(500)) };
    case 'send':
      return { kind: 'withdrawal.send', id };
    case 'paid':
      return { kind: 'withdrawal.paid', id, tx_url: field('tx_url', HttpsUrl) };
    case 'fail':
      return { kind: 'withdrawal.fail', id };
    default:
      throw new Refusal('invalid_request', 'There is no such action.');
  }
}

const MISSING = {
  withdrawal: () => new Refusal('withdrawal_not_found', 'There is no such withdrawal.'),
  suspense: () => new Refusal('not_found', 'There is no such payment in suspense.'),
};

function signInPage(c: Desk, problem?: Problem) {
  const main = html`<h1>Finance</h1>
    <p class="muted">Sign in with your own finance key.</p>
    ${problem ? html`<p class="banner bad" role="alert">${problem.detail}</p>` : ''}
    <form method="post" action="/finance/desk/sign-in">
      <div class="field">
        <label for="api_key">API key</label>
        <input id="api_key" name="api_key" type="password" autocomplete="off" required autofocus />
      </div>
      <button class="main wide">Sign in</button>
    </form>`;
  return sendPage(c, { title: 'Finance', narrow: true, main }, problem ? PROBLEM_STATUS[problem.code] : 200);
}

function capital(status: string): string {
  return status.charAt(0).toUpperCase() + status.slice(1).replaceAll('_', ' ');
}

function tabs(current: string): Markup {
  return html`<nav class="tabs" aria-label="Withdrawals by status">
    ${['open', ...WITHDRAWAL_STATES].map(
      (status) =>
        html`<a href="${DESK}?status=${status}" ${status === current ? html`aria-current="page"` : ''}
          >${capital(status)}</a
        >`,
    )}
  </nav>`;
}

export function deskRoutes(api: Api, context: ApiContext): void {
  const { ledger, identity, limits, audit, trustProxy } = context;

  const note = (c: Desk, principal: string, status: number, action = '') =>
    audit.note({
      request: c.get('requestId'),
      principal,
      scope: 'finance',
      action: `${c.req.method} ${c.req.path}${action && ` ${action}`}`,
      status,
    });

  /** The cases of a status, newest first; `open` is all that still waits for somebody. */
  async function casesOf(status: string, cursor: string | undefined) {
    const { database } = ledger;
    const named = WITHDRAWAL_STATES.find((each) => each === status);
    const found = named
      ? await financeWithdrawals(database, { status: named, cursor, limit: PAGE + 1 })
      : await financeWithdrawals(database, { open: true, cursor, limit: PAGE + 1 });
    const cases = await Promise.all(found.slice(0, PAGE).map((request) => caseOf(context, request)));
    const more = found.length > PAGE ? found[PAGE - 1]?.id : undefined;
    return { cases: cases.filter((one): one is Case => one !== null), more };
  }

  async function deskPage(c: Desk, session: DeskSession, problem?: Problem) {
    const asked = c.req.query('status') ?? 'open';
    const status = asked === 'open' || WITHDRAWAL_STATES.some((each) => each === asked) ? asked : 'open';
    const cursor = c.req.query('cursor');
    const place = cursor !== undefined && CALLER_ID.test(cursor) ? cursor : undefined;
    const { cases, more } = await casesOf(status, place);
    const names = new Map((await identity.principals.list()).map(({ id, name }) => [id, name]));
    const nameOf = (principal: string) => names.get(principal) ?? principal;
    const needs = needsView(await needsOf(context), session.token);
    const main = html`${needs}
      <h1>Withdrawals</h1>
      ${tabs(status)} ${problem ? html`<p class="banner bad" role="alert">${problem.detail}</p>` : ''}
      ${c.req.query('done') === '1' ? html`<p class="banner pos" role="status">Done.</p>` : ''}
      ${cases.length === 0 ? html`<p class="muted">No withdrawal is waiting here.</p>` : ''}
      ${cases.map((one) => caseView(one, session.token, nameOf))}
      ${more === undefined ? '' : html`<a class="button" href="${DESK}?status=${status}&cursor=${more}">Older</a>`}`;
    const bar = html`<span class="muted">${nameOf(session.caller.principal)}</span>
      <form method="post" action="/finance/desk/sign-out">
        <input type="hidden" name="token" value="${session.token}" />
        <button>Sign out</button>
      </form>`;
    return sendPage(c, { title: 'Withdrawals', bar, main }, problem ? PROBLEM_STATUS[problem.code] : 200);
  }

  api.get(DESK, async (c) => {
    const session = await deskSession(c, identity);
    return session ? deskPage(c, session) : signInPage(c);
  });

  // No form of another site gets as far as to be read.
  api.use('/finance/desk/*', csrf());

  api.post('/finance/desk/sign-in', async (c) => {
    const address = addressOf(c, trustProxy);
    try {
      const apiKey = (await formOf(c)).get('api_key') ?? '';
      await limits?.trySignIn(c, address, apiKey);
      const caller = await signIn(c, identity, apiKey);
      await note(c, caller.principal, 303);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.problem.code === 'unauthenticated') await limits?.failedSignIn(address);
      return signInPage(c, error.problem);
    }
    return c.redirect(DESK, 303);
  });

  api.post('/finance/desk/sign-out', async (c) => {
    await signOut(c, identity, await mustSit(c, identity, await formOf(c)));
    return c.redirect(DESK, 303);
  });

  /** A form about one thing: settled as its call would be, answered with the desk. */
  async function act(
    c: Desk,
    kind: 'withdrawal' | 'suspense',
    commandFor: (id: string, form: URLSearchParams) => Command,
  ) {
    const form = await formOf(c);
    const session = await mustSit(c, identity, form);
    try {
      const id = c.req.param('id') ?? '';
      const key = form.get('key') ?? '';
      if (!IDEMPOTENCY_KEY.test(key)) throw new Refusal('idempotency_key_missing', 'Load the page again.');
      const account = CALLER_ID.test(id) ? await accountOf(ledger.database, kind, id) : null;
      if (account === null) throw MISSING[kind]();
      const actor = { principal: session.caller.principal, scope: 'finance' } as const;
      const command = commandFor(id, form);
      const outcome = await ledger.settle({ account, actor, command, key });
      const status = outcome.ok ? 303 : PROBLEM_STATUS[outcome.problem.code];
      await note(c, actor.principal, status, command.kind);
      if (!outcome.ok) return await deskPage(c, session, outcome.problem);
      return c.redirect(`${DESK}?done=1`, 303);
    } catch (error) {
      if (error instanceof Refusal) return deskPage(c, session, error.problem);
      throw error;
    }
  }

  api.post('/finance/desk/withdrawals/:id', (c) => act(c, 'withdrawal', commandOf));
  api.post('/finance/desk/suspense/:id', (c) =>
    act(c, 'suspense', (suspense_id) => ({ kind: 'suspense.match', suspense_id })),
  );
}
