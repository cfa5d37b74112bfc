// The model against the decision table itself, so that it may speak for the rules in the differential run.
import { expect, test } from 'vitest';
import { formatAmount } from '../../../shared/money.ts';
import { Model, type Said } from './model.ts';
import { readRows, type Row, stepsOf } from './rows.ts';

// A forged signature is refused before the ledger hears of it: tested where webhooks arrive.
const OF_HTTP = new Set(['G06']);
const rows = readRows();

test('the table has its 79 rows, and one of them is about signatures alone', () => {
  expect(rows).toHaveLength(79);
  expect(rows.filter(({ id }) => OF_HTTP.has(id))).toHaveLength(1);
});

/** H13 gives several texts for one amount: each must meet the expectation. */
function variants(row: Row): Row[] {
  const [verb, id, amount] = row.when;
  return Array.isArray(amount) && verb === 'charge'
    ? amount.map((text) => ({ ...row, when: [verb, id, text] }))
    : [row];
}

function play(row: Row): { model: Model; said: Said | null } {
  const model = new Model();
  for (const call of row.given) {
    for (const step of stepsOf(call)) {
      const said = model.step(step);
      expect({ call, ok: said === null || said.ok }).toEqual({ call, ok: call[0] !== 'once!' });
    }
  }
  let said: Said | null = null;
  for (const step of stepsOf(row.when)) said = model.step(step);
  return { model, said };
}

test.for(rows.filter(({ id }) => !OF_HTTP.has(id)).flatMap(variants))('$id $title', (row) => {
  const { model, said } = play(row);
  const { err, view = {}, replayed = said?.replayed, ...facts } = row.expect;
  const refused = { ok: false, code: err };
  expect(said).toMatchObject({ ...(err === undefined ? { ok: true, facts } : refused), replayed });
  const seen = Object.entries(model.view('u')).map(([name, value]) => [
    name,
    typeof value === 'bigint' ? formatAmount(value) : value,
  ]);
  expect(Object.fromEntries(seen)).toMatchObject(Object(view));
});

test('a card total of 50.00 buys 48.54 (N06), and 12345.67 costs a fee of 370.37 (N07)', () => {
  const model = new Model();
  model.step({ who: 'u', act: { verb: 'buy', id: 'p', amount: '48.54', method: 'card' } });
  expect(model.step({ who: 'u', act: { verb: 'settle', id: 'p', total: '50' } })).toMatchObject({
    facts: { fee: '1.46' },
  });
  expect(model.view('u').available).toBe(48_540_000n);
  expect(
    model.step({ who: 'u', act: { verb: 'buy', id: 'p2', amount: '12345.67', method: 'card' } }),
  ).toMatchObject({ facts: { fee: '370.37' } });
});
