// Pages with one true total, made from a seed: tables, flex rows and stacked ones, split texts, right-to-left, dialogs,
// overlays, hidden totals and rows that look alike.

export interface RandomPage {
  html: string;
  /** What is to pay, in dollars. */
  total: number;
  /** Nothing was done to its total that makes a careful reader silent. */
  isPlain: boolean;
}

const LABELS = [
  'Cost',
  'Total',
  'Total Cost Per Card',
  'Total Cost Per Hour',
  'Estimated Total Cost',
  'Sub Total Cost',
  'Cloud Services Fee',
  'IONET FEE (0.25%)',
  'Covered By IO Credits',
  'Remaining Amount To Pay',
  'Balance',
  'Total Cost Saved',
];
const HIDDEN = [
  'display:none',
  'visibility:hidden',
  'opacity:0',
  'position:absolute;left:-9999px',
  'font-size:0',
  'color:transparent',
  'height:0;overflow:hidden',
  'clip-path:inset(100%)',
  'transform:scale(0)',
  'content-visibility:hidden',
  'text-indent:-9999px;overflow:hidden;white-space:nowrap',
];
/** What hides a row of a table, too. */
const HIDDEN_ROW = HIDDEN.slice(0, 6);

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function randomPage(seed: number): RandomPage {
  const random = randomFrom(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = <T>(list: readonly [T, ...T[]] | readonly T[], otherwise: T): T =>
    list[below(list.length)] ?? otherwise;
  const chance = (share: number) => random() < share;

  const written = (cents: number) => {
    const plain = (cents / 100).toFixed(2);
    const grouped = plain.replace(/\B(?=(\d{3})+\.)/g, ',');
    return pick([`${plain} USDC`, `$${grouped}`, `${grouped} IO Credits`, `${plain}\u00a0USDC`], plain);
  };
  /** A text in one node, or torn into several that stand side by side. */
  const torn = (text: string) => {
    if (!chance(0.4)) return text;
    const at = 1 + below(Math.max(1, text.length - 1));
    const [a, b] = [text.slice(0, at), text.slice(at)];
    return pick([`<span>${a}</span><span>${b}</span>`, `<i>${a}</i>${b}`, `${a}<em>${b}</em>`], text);
  };
  const row = (shape: string, label: string, value: string, style = '') => {
    const css = style && ` style="${style}"`;
    if (shape === 'table') return `<tr${css}><td>${label}</td><td>${value}</td></tr>`;
    if (shape === 'stack') return `<div${css}><div>${label}</div><div>${value}</div></div>`;
    if (shape === 'list') return `<dl${css}><dt>${label}</dt><dd>${value}</dd></dl>`;
    const between = 'display:flex;justify-content:space-between;width:420px';
    return `<div style="${between};${style}"><span>${label}</span><b>${value}</b></div>`;
  };
  const shape = pick(['flex', 'flex', 'table', 'stack', 'list'], 'flex');
  const cents = 1 + below(5_000_000);
  const other = () => written(1 + below(5_000_000));
  let isPlain = shape !== 'list';

  const rows: string[] = [];
  for (let count = below(8); count > 0; count -= 1)
    rows.push(row(shape, pick(LABELS, 'Cost'), torn(other())));
  for (let count = below(3); count > 0; count -= 1) {
    rows.splice(
      below(rows.length + 1),
      0,
      row(shape, 'Total Cost', other(), pick(shape === 'table' ? HIDDEN_ROW : HIDDEN, 'display:none')),
    );
  }
  if (chance(0.15)) {
    // Two that a person sees and cannot tell apart: nobody may choose.
    const more = cents + 1 + below(1_000);
    rows.push(row(shape, 'Total Cost', written(more)));
    isPlain = false;
  }
  let label = chance(0.2) ? '<span>Tot</span><span>al</span> <em>Cost</em>' : 'Total Cost';
  let value = torn(written(cents));
  const trick = below(10);
  if (trick === 0) value = `<s>${other()}</s> ${value}`;
  if (trick === 1)
    value = `<span style="position:relative">${value}<i style="position:absolute;inset:0;background:#fff">${other()}</i></span>`;
  if (trick === 2) value = `${value}<span style="display:none"> ${other()}</span>`;
  if (trick === 3) value = value.replace(/\d/, (digit) => `${digit}\u200b`);
  if (trick === 4) value = `<span style="display:inline-flex;flex-direction:row-reverse">${value}</span>`;
  if (trick === 5) label = `Total\u200b Cost`;
  if (trick <= 5) isPlain = false;
  rows.splice(below(rows.length + 1), 0, row(shape, label, value));

  const inner =
    shape === 'table' ? `<table style="width:420px"><tbody>${rows.join('')}</tbody></table>` : rows.join('');
  const isRtl = chance(0.2);
  const body = `<div style="border:1px solid;padding:16px;width:460px;background:#fff;color:#111" ${isRtl ? 'dir="rtl"' : ''}>
    <div>USDC</div>${inner}<button>Pay &amp; Deploy Container</button></div>`;
  const behind = `<div style="width:400px">${row('flex', 'Total Cost', other())}</div>`;
  const overlay = below(8);
  // Under a modal dialog, and under a sheet that covers the page: what nobody sees there is no total.
  if (overlay === 0) return { html: `${behind}<dialog>${body}</dialog>`, total: cents / 100, isPlain };
  if (overlay === 1) {
    const sheet = `position:fixed;inset:0;background:#fff;z-index:5`;
    return { html: `${behind}<div style="${sheet}">${body}</div>`, total: cents / 100, isPlain };
  }
  return { html: body, total: cents / 100, isPlain };
}
