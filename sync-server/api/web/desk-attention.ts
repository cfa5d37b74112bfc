// The top of the finance desk: what needs somebody now, and payments in suspense, each with its way to match it.
import { randomUUID } from 'node:crypto';
import { html } from 'hono/html';
import type { ApiContext } from '../context.ts';
import {
  type AttentionAnswer,
  financeAttention,
  type SuspenseAnswer,
  suspensePayments,
} from '../finance-attention.ts';
import type { Markup } from './page.ts';
import { dollars, minute } from './words.ts';

/** Lines of each list; the calls have all of it. */
const SHOWN = 50;

export interface Needs {
  attention: AttentionAnswer[];
  suspense: SuspenseAnswer[];
}

export async function needsOf({ ledger: { database }, clock }: ApiContext): Promise<Needs> {
  return {
    attention: await financeAttention(database, clock.now()),
    suspense: await suspensePayments(database, { status: 'open', limit: SHOWN }),
  };
}

const WORDS: Record<AttentionAnswer['reason'], string> = {
  withdrawal_overdue: 'Withdrawal overdue',
  withdrawal_reminder: 'Withdrawal waits for three business days',
  suspense: 'Payment in suspense',
  forced: 'Account below its floor',
};

function line({ reason, account_id, id, since, amount }: AttentionAnswer): Markup {
  const tone = reason === 'withdrawal_reminder' ? 'warn' : 'bad';
  return html`<tr>
    <td><span class="pill ${tone}">${WORDS[reason]}</span></td>
    <td><span class="id">${account_id}</span></td>
    <td>${id === account_id ? '' : html`<span class="id">${id}</span>`}</td>
    <td>${since === null ? '' : minute(since)}</td>
    <td class="num">${amount === null ? '' : dollars(amount)}</td>
  </tr>`;
}

function payment(
  { id, account_id, amount, provider, payment_id, received_at }: SuspenseAnswer,
  token: string,
) {
  return html`<tr>
    <td>${minute(received_at)}</td>
    <td><span class="id">${account_id}</span></td>
    <td>${provider} <span class="id">${payment_id}</span></td>
    <td class="num">${dollars(amount)}</td>
    <td>
      <form method="post" action="/finance/desk/suspense/${id}">
        <input type="hidden" name="token" value="${token}" />
        <input type="hidden" name="key" value="${randomUUID()}" />
        <input type="hidden" name="action" value="match" />
        <button>Match</button>
      </form>
    </td>
  </tr>`;
}

function table(title: string, heads: string[], rows: Markup[]): Markup {
  return html`<h2>${title}</h2>
    <div class="wide-table">
      <table>
        <thead>
          <tr>
            ${heads.map((head) => html`<th class="${head === 'Amount' ? 'num' : ''}">${head}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>`;
}

/** Nothing at all when nothing waits. */
export function needsView({ attention, suspense }: Needs, token: string): Markup | '' {
  if (attention.length === 0) return '';
  const more = attention.length - SHOWN;
  return html`<section aria-label="Needs attention">
    ${table('Needs attention', ['What', 'Account', 'Id', 'Since', 'Amount'], attention.slice(0, SHOWN).map(line))}
    ${more > 0 ? html`<p class="muted">${more} more</p>` : ''}
    ${
      suspense.length === 0
        ? ''
        : table(
            'Payments in suspense',
            ['Received', 'Account', 'Payment', 'Amount', ''],
            suspense.map((one) => payment(one, token)),
          )
    }
  </section>`;
}
