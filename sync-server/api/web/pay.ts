// `/pay/<purchase id>`, where every payment link leads: on to the provider's page, or in development a page to pay on.
import type { Context } from 'hono';
import { csrf } from 'hono/csrf';
import { html } from 'hono/html';
import type { Purchase } from '../../../shared/account.ts';
import { CALLER_ID } from '../../../shared/ids.ts';
import { Refusal } from '../../ledger/command.ts';
import { readBody } from '../body.ts';
import type { Api, ApiContext, ApiEnv } from '../context.ts';
import { type Markup, sendPage } from './page.ts';
import { dollars } from './words.ts';

const FORM_LIMIT = 1024;
const METHODS = { card: 'Card', usdc: 'USDC', io_coin: 'IO Coin' } as const;
const STATES: Record<Purchase['status'], [words: string, tone: string]> = {
  created: ['Waiting for payment', 'warn'],
  pending: ['Waiting for payment', 'warn'],
  settled: ['Paid. The credits are in the account.', 'pos'],
  failed: ['This payment failed. Start a new purchase.', 'bad'],
  expired: ['This link has expired. Start a new purchase.', 'bad'],
  charged_back: ['This payment was charged back.', 'bad'],
};

function sums({ credits, fee, total, method }: Purchase): Markup {
  return html`<dl class="sum">
    <dt>IO Credits</dt>
    <dd class="num">${credits}</dd>
    <dt>Payment provider fee</dt>
    <dd class="num">${dollars(fee)}</dd>
    <dt class="total">You pay</dt>
    <dd class="num total">${dollars(total)}</dd>
    <dt>Method</dt>
    <dd class="num">${METHODS[method]}</dd>
  </dl>`;
}

function payForm(total: string): Markup {
  return html`<p class="banner">Development provider: no real money moves.</p>
    <form method="post">
      <button class="main wide" name="result" value="succeeded">Pay ${dollars(total)}</button>
      <button class="wide" name="result" value="failed">Let the payment fail</button>
    </form>`;
}

export function payRoutes(api: Api, { ledger, payments }: ApiContext): void {
  /** The purchase of a link: whoever holds it may see it. @throws Refusal `not_found` */
  async function purchaseOf(c: Context<ApiEnv>): Promise<Purchase> {
    const id = c.req.param('id') ?? '';
    const account = CALLER_ID.test(id) ? await ledger.accountOfPurchase(id) : null;
    // What is due first: a link that has expired says so.
    if (account !== null) await ledger.credits(account);
    const purchase = account === null ? null : await ledger.purchase(account, id);
    if (!purchase) throw new Refusal('not_found', 'There is no such purchase.');
    return purchase;
  }

  api.get('/pay/:id', async (c) => {
    const purchase = await purchaseOf(c);
    const open = purchase.status === 'pending' || purchase.status === 'created';
    if (!payments && open) {
      throw new Refusal('not_found', 'No payment provider is set up on this server.');
    }
    const elsewhere = payments && open ? payments.pageOf(purchase) : null;
    if (elsewhere !== null) return c.redirect(elsewhere, 303);
    const waiting = open && payments?.reporting(purchase.id) === true;
    const [words, tone] = STATES[purchase.status];
    const state = html`<p class="banner ${tone}" role="status">
      ${waiting ? 'Confirming the payment' : words}
    </p>`;
    return sendPage(c, {
      title: 'Purchase IO Credits',
      narrow: true,
      ...(waiting && { refresh: 1 }),
      main: html`<h1>Purchase IO Credits</h1>
        <p class="muted id">${purchase.id}</p>
        ${sums(purchase)} ${waiting || !open ? state : payForm(purchase.total)}`,
    });
  });

  if (!payments) return;
  api.post('/pay/:id', csrf(), async (c) => {
    const purchase = await purchaseOf(c);
    const form = new URLSearchParams(new TextDecoder().decode(await readBody(c, FORM_LIMIT)));
    const result = form.get('result');
    if (result !== 'succeeded' && result !== 'failed') {
      throw new Refusal('invalid_request', 'Field result: must be succeeded or failed.');
    }
    // A real provider has a page of its own, and reports by itself.
    if (payments.pageOf(purchase) !== null) throw new Refusal('not_found', 'Nothing is paid here.');
    payments.report(purchase, result);
    return c.redirect(c.req.path, 303);
  });
}
