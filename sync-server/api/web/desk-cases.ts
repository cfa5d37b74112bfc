// What finance sees of one withdrawal: what is asked, what the ledger knows, and what can be done next.
import { randomUUID } from 'node:crypto';
import { html } from 'hono/html';
import type { Credits, Entry } from '../../../shared/account.ts';
import { formatAmount, readBalance } from '../../../shared/money.ts';
import { toRfc3339 } from '../../../shared/time.ts';
import { pageOfEntries } from '../../ledger/entries.ts';
import { viewOf } from '../../ledger/read-view.ts';
import type { AccountFacts } from '../../ledger/records.ts';
import type { ApiContext } from '../context.ts';
import type { FinanceWithdrawalAnswer } from '../finance-withdrawals.ts';
import type { Markup } from './page.ts';
import { dollars, minute } from './words.ts';

const ENTRIES = 5;

/** A withdrawal with the facts that stand beside it, all from the ledger. */
export interface Case {
  request: FinanceWithdrawalAnswer;
  facts: AccountFacts;
  credits: Credits;
  recent: Entry[];
  overdue: boolean;
  needsTwo: boolean;
}

export async function caseOf(
  { ledger, rules, clock }: ApiContext,
  request: FinanceWithdrawalAnswer,
): Promise<Case | null> {
  const { account_id } = request;
  const credits = await ledger.credits(account_id);
  const view = await viewOf(ledger.database, account_id, { now: clock.now(), rules });
  if (!credits || !view) return null;
  const recent = await pageOfEntries(ledger.database, account_id, {}, { limit: ENTRIES });
  return {
    request,
    facts: view.facts,
    credits,
    recent: recent.map(({ entry }) => entry),
    overdue: isOpen(request.status) && clock.now() > Date.parse(request.due_by),
    needsTwo: readBalance(request.amount) >= rules.second_approver_from,
  };
}

function isOpen(status: string): boolean {
  return ['requested', 'in_review', 'approved', 'processing'].includes(status);
}

const TONES: Record<string, string> = { paid: 'pos', approved: 'pos', rejected: 'bad', failed: 'bad' };

function pill(status: string): Markup {
  return html`<span class="pill ${TONES[status] ?? 'warn'}">${status.replaceAll('_', ' ')}</span>`;
}

interface Act {
  action: string;
  label: string;
  style?: 'main' | 'danger';
  field?: { name: string; label: string; type: string };
}

/** What can be done in each state; the ledger has the last word. */
function actsOf({ request }: Case): Act[] {
  const reject: Act = {
    action: 'reject',
    label: 'Reject',
    style: 'danger',
    field: { name: 'reason', label: 'Reason, shown to the owner', type: 'text' },
  };
  switch (request.status) {
    case 'requested':
    case 'in_review':
      return [{ action: 'approve', label: `Approve ${dollars(request.amount)}`, style: 'main' }, reject];
    case 'approved':
      return [{ action: 'send', label: 'Payout sent', style: 'main' }, reject];
    case 'processing':
      return [
        {
          action: 'paid',
          label: 'Paid',
          style: 'main',
          field: { name: 'tx_url', label: 'Transaction link', type: 'url' },
        },
        { action: 'fail', label: 'Payout bounced', style: 'danger' },
      ];
    default:
      return [];
  }
}

function actForm(id: string, token: string, { action, label, style, field }: Act): Markup {
  return html`<form method="post" action="/finance/desk/withdrawals/${id}">
    <input type="hidden" name="token" value="${token}" />
    <input type="hidden" name="key" value="${randomUUID()}" />
    <input type="hidden" name="action" value="${action}" />
    ${
      field
        ? html`<div class="field">
            <label for="${action}-${id}">${field.label}</label>
            <input id="${action}-${id}" name="${field.name}" type="${field.type}" required />
          </div>`
        : ''
    }
    <button class="${style ?? ''}">${label}</button>
  </form>`;
}

function row(label: string, value: Markup | string): Markup {
  return html`<dt>${label}</dt>
    <dd>${value}</dd>`;
}

/** What the ledger wants finance to look at. */
function flags({ flags }: FinanceWithdrawalAnswer): Markup[] {
  return flags.map((flag) => html`<span class="pill bad">${flag.replaceAll('_', ' ')}</span>`);
}

const amountRow = (label: string, amount: string) =>
  row(label, html`<span class="num">${dollars(amount)}</span>`);

function asked({ request, overdue, needsTwo }: Case, nameOf: (principal: string) => string): Markup {
  const { approvals } = request;
  const approved = approvals.length > 0 ? approvals.map(nameOf).join(', ') : 'nobody yet';
  return html`<dl>
    ${row('Wallet', html`<span class="id">${request.wallet_address}</span> ${flags(request)}`)}
    ${row('Requested', minute(request.requested_at))}
    ${row('Due', html`${minute(request.due_by)} ${overdue ? html`<span class="pill bad">overdue</span>` : ''}`)}
    ${row('Approved by', `${approved}${needsTwo ? ' (two are needed)' : ''}`)}
    ${request.reason === null ? '' : row('Reason', request.reason)}
    ${request.tx_url === null ? '' : row('Transaction', html`<a href="${request.tx_url}" rel="noreferrer">${request.tx_url}</a>`)}
    ${row('Request', html`<span class="id">${request.id}</span>`)}
  </dl>`;
}

function known({ facts, credits, request }: Case): Markup {
  return html`<dl>
    ${row('Account', html`${facts.name} <span class="id">${request.account_id}</span>`)}
    ${row('State', facts.state === 'active' ? 'active' : pill(`${facts.state}${facts.reason ? `, ${facts.reason}` : ''}`))}
    ${row('Since', minute(toRfc3339(facts.opened_at)))} ${amountRow('Balance', credits.balance)}
    ${amountRow('Available', credits.available)} ${amountRow('Reserved', credits.reserved)}
    ${amountRow('Withdrawable', credits.withdrawable)} ${amountRow('Bought', formatAmount(facts.settled))}
    ${amountRow('Charged back', formatAmount(facts.charged_back))}
    ${amountRow('Paid out', formatAmount(facts.paid_out))}
  </dl>`;
}

function history(recent: Entry[]): Markup {
  return html`<div class="wide-table">
    <table>
      <thead>
        <tr>
          <th>Last transactions</th>
          <th>Service</th>
          <th>Type</th>
          <th class="num">Amount</th>
          <th class="num">Balance</th>
        </tr>
      </thead>
      <tbody>
        ${recent.map(
          ({ at, service, type, amount, balance }) =>
            html`<tr>
              <td>${minute(toRfc3339(at))}</td>
              <td>${service}</td>
              <td>${type}</td>
              <td class="num">${dollars(amount)}</td>
              <td class="num">${dollars(balance)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

export function caseView(one: Case, token: string, nameOf: (principal: string) => string): Markup {
  const { request } = one;
  const acts = actsOf(one);
  return html`<article class="case" aria-labelledby="case-${request.id}">
    <header>
      <b id="case-${request.id}" class="num">${dollars(request.amount)}</b> ${pill(request.status)}
      <span class="muted">${one.facts.name}</span>
    </header>
    <div class="facts">${asked(one, nameOf)} ${known(one)}</div>
    ${history(one.recent)}
    ${
      acts.length > 0
        ? html`<p></p>
            <div class="acts">${acts.map((act) => actForm(request.id, token, act))}</div>`
        : ''
    }
  </article>`;
}
