// Named ways to break the core, each of which the tests must notice. `from` stands exactly once in its file.

export interface Mutation {
  /** What is broken, in the words of rules.md. */
  name: string;
  file: string;
  from: string;
  to: string;
}

const ledger = (file: string) => `sync-server/ledger/${file}`;

export const MUTATIONS: readonly Mutation[] = [
  {
    name: '2: held credit still counts as available',
    file: ledger('lots.ts'),
    from: 'let sum = -view.debt;',
    to: "let sum = view.balance('held') - view.debt;",
  },
  {
    name: '4: purchased credit burns before free credit',
    file: ledger('lots.ts'),
    from: 'Number(a.withdrawable) - Number(b.withdrawable) ||',
    to: 'Number(b.withdrawable) - Number(a.withdrawable) ||',
  },
  {
    name: '4: priority is ignored',
    file: ledger('lots.ts'),
    from: 'a.priority - b.priority ||',
    to: '',
  },
  {
    name: '4: later expiry burns first',
    file: ledger('lots.ts'),
    from: 'byExpiry ||',
    to: '-byExpiry ||',
  },
  {
    name: '4: unrestricted credit burns before restricted',
    file: ledger('lots.ts'),
    from: 'Number(a.services === null) - Number(b.services === null) ||',
    to: 'Number(b.services === null) - Number(a.services === null) ||',
  },
  {
    name: '4: a lot lives at its expiry instant',
    file: ledger('lots.ts'),
    from: 'now < lot.expires_at',
    to: 'now <= lot.expires_at',
  },
  {
    name: '4: credit for one service pays for another',
    file: ledger('lots.ts'),
    from: '(service !== null && lot.services.includes(service))',
    to: 'service !== null',
  },
  {
    name: '4: credit returned for charged-back money can be withdrawn',
    file: ledger('funding.ts'),
    from: 'withdrawable: withdrawable && expired,',
    to: 'withdrawable,',
  },
  {
    name: '5.3: a capture burns before the hold is released',
    file: ledger('holds.ts'),
    from: `  release(draft, legs, hold);
  repay(draft, legs);
  const funding = burn(draft, legs, eligible(draft, hold), amount);`,
    to: `  const funding = burn(draft, legs, eligible(draft, hold), amount);
  release(draft, legs, hold);
  repay(draft, legs);`,
  },
  {
    name: '5.3: a hold does not protect its own slices from expiring',
    file: ledger('holds.ts'),
    from: '(!lot.body.frozen && own.has(lotKey(lot)))',
    to: 'own.has(lotKey(lot)) && isLive(lot.body, draft.now)',
  },
  {
    name: '5.3: a capture may exceed its hold',
    file: ledger('holds.ts'),
    from: 'amount > hold.body.amount',
    to: 'amount > hold.body.amount + 1n',
  },
  {
    name: '5.5: a hold ends at its expiry instant instead of after it',
    file: ledger('due.ts'),
    from: 'offer(body.until + 1, body.status',
    to: 'offer(body.until, body.status',
  },
  {
    name: '6.2: a refund goes back in burn order',
    file: ledger('funding.ts'),
    from: `    const last = slices.pop();
    if (!last) throw new Error('gives back more than was paid');
    const micros = least(left, last.micros);
    if (micros < last.micros) slices.push({ lot: last.lot, micros: last.micros - micros });`,
    to: `    const last = slices.shift();
    if (!last) throw new Error('gives back more than was paid');
    const micros = least(left, last.micros);
    if (micros < last.micros) slices.unshift({ lot: last.lot, micros: last.micros - micros });`,
  },
  {
    name: '6.2: a refund does not reduce the debt of its charge first',
    file: ledger('funding.ts'),
    from: 'const forgiven = least(amount, funding.debt);',
    to: 'const forgiven = funding.slices.length > 0 ? 0n : least(amount, funding.debt);',
  },
  {
    name: '6.3: refunds may exceed their charge',
    file: ledger('charges.ts'),
    from: 'if (body.refunded + amount > body.amount) {',
    to: 'if (amount > body.amount) {',
  },
  {
    name: '6.4: a refund to an expired lot lives for 29 days',
    file: ledger('rules.ts'),
    from: 'refund_lot_ms: 30 * DAY,',
    to: 'refund_lot_ms: 29 * DAY,',
  },
  {
    name: '7.1: an allowance without net money in',
    file: ledger('credits.ts'),
    from: 'if (!isActive(view) || settled - charged_back - paid_out <= 0n) return 0n;',
    to: 'if (!isActive(view) || settled <= 0n) return 0n;',
  },
  {
    name: '7.1: an allowance while a withdrawal is open',
    file: ledger('credits.ts'),
    from: "return view.open('withdrawal').length === 0 ? floorOf(view) : 0n;",
    to: 'return floorOf(view);',
  },
  {
    name: '7.2: the floor is exclusive',
    file: ledger('charges.ts'),
    from: 'if (now - amount >= -floor) return;',
    to: 'if (now - amount > -floor) return;',
  },
  {
    name: '7.4: the newest debt is repaid first',
    file: ledger('funding.ts'),
    from: '.toSorted((a, b) => a.body.debt_no - b.body.debt_no);',
    to: '.toSorted((a, b) => b.body.debt_no - a.body.debt_no);',
  },
  {
    name: '7.4: what repays a debt is not remembered as its funding',
    file: ledger('funding.ts'),
    from: `        slices.push({ lot: key, micros });
        debt -= micros;`,
    to: '        debt -= micros;',
  },
  {
    name: '8: more usage restarts the account window',
    file: ledger('grace.ts'),
    from: "} else if (state === 'active') {",
    to: "} else if (state === 'active' || state === 'grace') {",
  },
  {
    name: '8: a paid chargeback lifts the suspension without finance',
    file: ledger('grace.ts'),
    from: "(state === 'suspended' && reason === 'unpaid')",
    to: "state === 'suspended'",
  },
  {
    name: '8: the window ends at its last instant instead of after it',
    file: ledger('due.ts'),
    from: "offer(facts.grace_until + 1, 'grace', '', 0);",
    to: "offer(facts.grace_until, 'grace', '', 0);",
  },
  {
    name: '8: the newest waiting request is tried first',
    file: ledger('pending.ts'),
    from: 'waiting.toSorted((a, b) => a.body.no - b.body.no)',
    to: 'waiting.toSorted((a, b) => b.body.no - a.body.no)',
  },
  {
    name: '8: a waiting request that is too big blocks the others',
    file: ledger('pending.ts'),
    from: 'if (!fitsNow(draft, body)) continue;',
    to: 'if (!fitsNow(draft, body)) break;',
  },
  {
    name: '9: a purchase is settled by every payment',
    file: ledger('purchases.ts'),
    from: 'const settles = awaitsMoney(record.body) && canSettle',
    to: "const settles = record.body.status !== 'failed' && canSettle",
  },
  {
    name: '9: the card fee becomes credit',
    file: ledger('purchases.ts'),
    from: 'if (received === total) return { credits, fee, total };',
    to: 'if (received === total) return { credits: total, fee: fee - fee, total };',
  },
  {
    name: '10: free credit can be withdrawn',
    file: ledger('credits.ts'),
    from: 'if (lot.body.withdrawable && (lot.body.withdrawable_from ?? 0) <= view.now) bought += rest;',
    to: 'bought += rest;',
  },
  {
    name: '10: one approver is enough for any amount',
    file: ledger('withdrawals.ts'),
    from: 'amount < draft.rules.second_approver_from || all.length > 1;',
    to: 'all.length > 0;',
  },
  {
    name: '10: a withdrawal of a suspended account is sent',
    file: ledger('withdrawals.ts'),
    from: "return answer(request);\n  mustBeActive(draft);\n  const shownNow = keep(draft, request, { status: 'processing' });",
    to: "return answer(request);\n  const shownNow = keep(draft, request, { status: 'processing' });",
  },
  {
    name: '10: a withdrawal is rejected after it was sent',
    file: ledger('withdrawals.ts'),
    from: "take(draft, id, ['requested', 'in_review', 'approved'], 'rejected')",
    to: "take(draft, id, ['requested', 'in_review', 'approved', 'processing'], 'rejected')",
  },
  {
    name: '10: money paid by card can be withdrawn at once',
    file: ledger('purchases.ts'),
    from: 'withdrawable_from: onCard ? draft.now + card_hold_ms : null,',
    to: 'withdrawable_from: null,',
  },
  {
    name: '9: matched money stays in suspense too',
    file: ledger('purchases.ts'),
    from: "settle(draft, record, 'suspense:payments', provider, amount);",
    to: 'settle(draft, record, `asset:psp:${provider}`, provider, amount);',
  },
  {
    name: '11: the pool of a plan is never used up',
    file: ledger('quota.ts'),
    from: 'const left = allowance > used ? allowance - used : 0n;',
    to: 'const left = allowance;',
  },
  {
    name: '11: use belongs to the period in which it is reported',
    file: ledger('usage.ts'),
    from: 'cost: due }, at);',
    to: 'cost: due }, draft.now);',
  },
  {
    name: 'M6: each batch is floored on its own',
    file: ledger('usage.ts'),
    from: "draft.find('meter', model)?.body.rest ?? 0n",
    to: '0n',
  },
  {
    name: '9: a purchase can be paid one millisecond longer',
    file: ledger('due.ts'),
    from: 'purchase_open_ms + 1',
    to: 'purchase_open_ms + 2',
  },
  {
    name: '12: a key that was used is forgotten',
    file: ledger('engine.ts'),
    from: 'if (used) return replay(',
    to: "if (used && by === 'id') return replay(",
  },
  {
    name: '12.2: a refusal does not use up its key',
    file: ledger('decide.ts'),
    from: '(status === 402 || status === 404 || status === 409)',
    to: '(status === 404 || status === 409)',
  },
  {
    name: 'I9: the hash chain leaves out the private part',
    file: ledger('draft.ts'),
    from: 'chainInput(head.hash, patch.recent, digest)',
    to: "chainInput(head.hash, patch.recent, '')",
  },
  {
    name: 'F14: a chargeback forgets the spent part',
    file: ledger('chargebacks.ts'),
    from: 'const debt = credits - rest;',
    to: 'const debt = 0n;',
  },
];
