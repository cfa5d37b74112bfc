// What an account is besides its money: profile, wallets, thresholds, terms, notices. The same commands as the tray's.
import { z } from '@hono/zod-openapi';
import { INTENT_BODIES } from '../../shared/intents.ts';
import { CHAINS } from '../../shared/profile.ts';
import { Refusal } from '../ledger/command.ts';
import { listRecords } from '../ledger/lookups.ts';
import { shown as shownNotice } from '../ledger/notices.ts';
import { alertsOf, profileOf, termsOf } from '../ledger/person-view.ts';
import { viewOf } from '../ledger/read-view.ts';
import type { View } from '../ledger/view.ts';
import type { Api, ApiContext } from './context.ts';
import { endpoint } from './endpoint.ts';
import { Amount, AmountOrZero, CallerId, Maybe, Paging, Text } from './fields.ts';
import { PageAnswer, pageOf } from './pages.ts';
import { amount, instant } from './schemas.ts';
import { keyed, settle } from './settle.ts';

const maybe = instant.nullable();

const WalletAnswer = z
  .object({
    id: z.string(),
    chain: z.enum(CHAINS),
    address: z.string(),
    primary: z.boolean(),
    added_at: instant,
  })
  .openapi('Wallet');
const ProfileAnswer = z
  .object({ name: z.string(), timezone: z.string(), wallets: z.array(WalletAnswer) })
  .openapi('Profile');
const AlertsAnswer = z
  .object({
    thresholds: z.object({
      balance: amount.nullable(),
      runway_hours: z.number().nullable(),
      plan_share: z.number().nullable(),
      spend_per_day: amount.nullable(),
    }),
    crossed: z.object({ balance: maybe, runway_hours: maybe, plan_share: maybe, spend_per_day: maybe }),
  })
  .openapi('Alerts');
const TermsAnswer = z
  .object({ version: z.string(), published_at: instant, accepted: z.string().nullable(), accepted_at: maybe })
  .openapi('Acknowledgments');
const NoticeAnswer = z
  .object({
    id: z.string(),
    code: z.string(),
    topic: z.string(),
    priority: z.string(),
    created_at: instant,
    seen_at: maybe,
    subject: z.string().nullable(),
    facts: z.record(z.string(), z.union([z.string(), z.number()])),
  })
  .openapi('Notice');

export function personRoutes(api: Api, { ledger, identity, rules, clock }: ApiContext): void {
  const { database } = ledger;
  const byId = z.strictObject({ id: CallerId });

  /** The account as it stands now. @throws Refusal `not_found` */
  async function view(account: string): Promise<View> {
    await ledger.credits(account);
    const found = await viewOf(database, account, { now: clock.now(), rules });
    if (!found) throw new Refusal('not_found', 'There is no such account.');
    return found;
  }

  endpoint(
    api,
    identity,
    {
      method: 'get',
      path: '/profile',
      summary: 'Name, timezone and wallets',
      scope: 'account',
      answers: { 200: ProfileAnswer },
    },
    async ({ c, account }) => c.json(profileOf(await view(account))),
  );
  endpoint(
    api,
    identity,
    {
      method: 'patch',
      path: '/profile',
      summary: 'Change name or timezone; what is left out stays',
      scope: 'account',
      key: 'needed',
      body: z
        .strictObject({ name: Maybe(Text(200)), timezone: Maybe(Text(64)) })
        .refine((patch) => Object.keys(patch).length > 0, 'name what to change'),
      example: { timezone: 'Europe/Berlin' },
      answers: { 200: ProfileAnswer },
    },
    ({ c, actor, account, key, body }) =>
      settle(c, ledger, { account, actor, command: { kind: 'profile.set', ...body }, ...keyed(key) }),
  );

  endpoint(
    api,
    identity,
    {
      method: 'get',
      path: '/wallets',
      summary: 'Wallets: up to ten of Solana, one of Aptos',
      scope: 'account',
      answers: { 200: PageAnswer(WalletAnswer) },
    },
    async ({ c, account }) => c.json({ items: profileOf(await view(account)).wallets, next_cursor: null }),
  );
  endpoint(
    api,
    identity,
    {
      method: 'post',
      path: '/wallets',
      summary: 'Add a wallet; the first of its chain is primary',
      scope: 'account',
      key: 'needed',
      body: z.strictObject({ chain: z.enum(CHAINS), address: Text(128) }),
      example: { chain: 'solana', address: 'So11111111111111111111111111111111111111112' },
      answers: { 201: WalletAnswer },
    },
    ({ c, actor, account, key, body }) =>
      settle(c, ledger, { account, actor, command: { kind: 'wallet.add', ...body }, ...keyed(key) }, 201),
  );
  endpoint(
    api,
    identity,
    {
      method: 'delete',
      path: '/wallets/{id}',
      summary: 'Remove a wallet',
      scope: 'account',
      key: 'needed',
      params: byId,
      answers: { 200: WalletAnswer },
    },
    ({ c, actor, account, key, params: { id } }) =>
      settle(c, ledger, { account, actor, command: { kind: 'wallet.remove', id }, ...keyed(key) }),
  );
  endpoint(
    api,
    identity,
    {
      method: 'post',
      path: '/wallets/{id}/primary',
      summary: 'Make a wallet the primary one of its chain',
      scope: 'account',
      key: 'needed',
      params: byId,
      answers: { 200: WalletAnswer },
    },
    ({ c, actor, account, key, params: { id } }) =>
      settle(c, ledger, { account, actor, command: { kind: 'wallet.primary', id }, ...keyed(key) }),
  );

  endpoint(
    api,
    identity,
    {
      method: 'get',
      path: '/alerts',
      summary: 'Thresholds, and since when each is crossed',
      scope: 'account',
      answers: { 200: AlertsAnswer },
    },
    async ({ c, account }) => c.json(alertsOf(await view(account))),
  );
  const threshold = INTENT_BODIES['alerts.set'].shape;
  endpoint(
    api,
    identity,
    {
      method: 'put',
      path: '/alerts',
      summary: 'Set all thresholds; what is left out is off',
      scope: 'account',
      key: 'needed',
      body: z.strictObject({
        balance: AmountOrZero.nullable().default(null),
        runway_hours: z.number().positive().max(8784).nullable().default(null),
        plan_share: z.number().int().min(1).max(1000).nullable().default(null),
        spend_per_day: Amount.nullable().default(null),
      } satisfies Record<keyof typeof threshold, z.ZodType>),
      example: { balance: '10', plan_share: 80 },
      answers: { 200: AlertsAnswer },
    },
    ({ c, actor, account, key, body }) =>
      settle(c, ledger, { account, actor, command: { kind: 'alerts.set', levels: body }, ...keyed(key) }),
  );

  endpoint(
    api,
    identity,
    {
      method: 'get',
      path: '/acknowledgments',
      summary: 'The current terms, and what was accepted',
      scope: 'account',
      answers: { 200: TermsAnswer },
    },
    async ({ c, account }) => c.json(termsOf(await view(account))),
  );
  endpoint(
    api,
    identity,
    {
      method: 'post',
      path: '/acknowledgments',
      summary: 'Accept the current terms',
      scope: 'account',
      key: 'needed',
      body: z.strictObject({ version: Text(64) }),
      example: { version: '2025-11-01' },
      answers: { 201: TermsAnswer },
    },
    ({ c, actor, account, key, body }) =>
      settle(c, ledger, { account, actor, command: { kind: 'terms.accept', ...body }, ...keyed(key) }, 201),
  );

  endpoint(
    api,
    identity,
    {
      method: 'get',
      path: '/notifications',
      summary: 'The Notification Center, newest first',
      scope: 'account',
      query: z.strictObject(Paging),
      answers: { 200: PageAnswer(NoticeAnswer) },
    },
    async ({ c, account, query: { cursor, limit } }) => {
      await ledger.credits(account);
      const place = cursor === undefined ? { limit: limit + 1 } : { before: cursor, limit: limit + 1 };
      const found = await listRecords(database, account, 'notice', place);
      return c.json(pageOf(found.map(shownNotice), limit));
    },
  );
  endpoint(
    api,
    identity,
    {
      method: 'post',
      path: '/notifications/{id}/seen',
      summary: 'Seen on one device is seen on all',
      scope: 'account',
      key: 'needed',
      params: byId,
      answers: { 200: NoticeAnswer },
    },
    ({ c, actor, account, key, params: { id } }) =>
      settle(c, ledger, { account, actor, command: { kind: 'notice.seen', id }, ...keyed(key) }),
  );
}
